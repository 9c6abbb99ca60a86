internal import FilterKit
internal import JSONTree

/// Where a bucket is, and how its objects are addressed.
struct Endpoint: Sendable {
  enum Addressing: String, Sendable {
    /// `https://store/bucket/key`.
    case path
    /// `https://bucket.store/key`.
    case virtualHost = "virtual-host"
  }

  let bucket: String
  let region: String
  /// `http` or `https`.
  let scheme: String
  /// With its port, where that is not the scheme's own; without the bucket.
  let authority: String
  let addressing: Addressing
  /// Whether it is Amazon's own.
  let isAmazon: Bool

  init(_ json: JSONValue) throws(FilterError) {
    let bucket = json["bucket"]?.string ?? ""
    guard Self.isBucket(bucket) else {
      throw .configuration(
        "A bucket's name is 3 to 63 characters of a-z, 0-9, '-' and '.', a letter or digit at each end, and no address.",
        at: "/bucket")
    }
    self.bucket = bucket
    region = json["region"]?.string ?? "us-east-1"
    isAmazon = json["endpoint"] == nil
    if let text = json["endpoint"]?.string {
      (scheme, authority) = try Self.split(text)
    } else {
      scheme = "https"
      authority = "s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }
    if let text = json["addressing"]?.string {
      addressing = Addressing(rawValue: text) ?? .path
    } else {
      // A wildcard certificate covers one label, so a bucket with dots can't be part of the name.
      addressing = isAmazon && !bucket.contains(".") ? .virtualHost : .path
    }
    if addressing == .virtualHost, scheme == "https", bucket.contains(".") {
      throw .configuration(
        "A bucket with dots in its name needs `addressing: path`: no certificate covers its host.",
        at: "/addressing")
    }
  }

  /// The `host` header.
  var host: String { addressing == .path ? authority : "\(bucket).\(authority)" }

  /// The encoded path of an object, or of the bucket itself.
  func path(key: String?) -> String {
    let root = addressing == .path ? "/\(bucket)" : ""
    guard let key else { return root.isEmpty ? "/" : root }
    return "\(root)/\(SignatureV4.encoded(key, keepingSlashes: true))"
  }

  private static func isBucket(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    func isEnd(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (0x30...0x39).contains(byte)
    }
    guard (3...63).contains(bytes.count), isEnd(bytes[0]), isEnd(bytes[bytes.count - 1]),
      bytes.allSatisfy({ isEnd($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }),
      !name.contains("..")
    else { return false }
    return !bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  }

  /// Plain HTTP carries evidence that anyone on the way can read: it is for this machine alone.
  private static func split(_ text: String) throws(FilterError) -> (scheme: String, authority: String) {
    func fail(_ message: String) -> FilterError { .configuration(message, at: "/endpoint") }
    let isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://") else { throw fail("Say https://HOST or https://HOST:PORT.") }
    var authority = text.dropFirst(isSecure ? 8 : 7)
    if authority.last == "/" { authority.removeLast() }
    let allowed = authority.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"),
        UInt8(ascii: "["), UInt8(ascii: "]"):
        true
      default: false
      }
    }
    guard allowed, (1...255).contains(authority.utf8.count) else {
      throw fail("An endpoint is a host and a port, without a path: https://HOST or https://HOST:PORT.")
    }
    let hasBrackets = authority.hasPrefix("[")
    let hostEnd = authority.firstIndex(of: hasBrackets ? "]" : ":").map {
      hasBrackets ? authority.index(after: $0) : $0
    }
    let host = authority[..<(hostEnd ?? authority.endIndex)]
    let port = authority.dropFirst(host.count)
    guard !host.isEmpty, port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) ?? 0 > 0) else {
      throw fail("The endpoint's port is no number from 1 to 65535.")
    }
    let isLocal = host == "localhost" || host == "[::1]" || isLoopback(host) || host.hasSuffix(".localhost")
    guard isSecure || isLocal else {
      throw fail("Evidence goes over http:// to this machine alone: use https://.")
    }
    // As curl and the signature have it: without the scheme's own port.
    let isOwnPort = port == (isSecure ? ":443" : ":80")
    return (isSecure ? "https" : "http", String(isOwnPort ? host : authority).lowercased())
  }

  private static func isLoopback(_ host: Substring) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

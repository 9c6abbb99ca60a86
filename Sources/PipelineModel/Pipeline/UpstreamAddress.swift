/// An address of a provider (RFC 3986), taken apart: no user, no query, no fragment.
struct UpstreamAddress {
  let scheme: Upstream.Scheme
  /// Lower case; of an IPv6 address without its brackets.
  let host: String
  let port: Int
  /// Empty, or beginning with a slash and ending with none.
  let path: String

  struct Problem: Error { let message: String }

  /// Whether it leads to this machine.
  var isLoopback: Bool {
    host == "localhost" || host == "::1"
      || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0.isASCIIDigit })
  }

  static func parse(_ url: String) -> Result<UpstreamAddress, Problem> {
    do throws(Problem) { return .success(try UpstreamAddress(url)) } catch { return .failure(error) }
  }

  private init(_ url: String) throws(Problem) {
    guard let separator = url.firstRange(of: "://") else { throw Problem(message: "it has no scheme") }
    guard let scheme = Upstream.Scheme(rawValue: url[..<separator.lowerBound].lowercased()) else {
      throw Problem(message: "its scheme is neither https nor http")
    }
    let rest = url[separator.upperBound...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    self.scheme = scheme
    (host, port) = try Self.authority(rest[..<slash], defaultPort: scheme == .https ? 443 : 80)
    path = try Self.path(rest[slash...])
  }

  private static func authority(_ text: Substring, defaultPort: Int) throws(Problem) -> (
    host: String, port: Int
  ) {
    guard !text.contains("@") else { throw Problem(message: "it has a user in it") }
    let host: Substring
    let afterHost: Substring
    if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<close]
      afterHost = text[text.index(after: close)...]
      guard host.contains(":"), host.utf8.count <= 45,
        host.utf8.allSatisfy({ $0.isASCIIHexDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
      else { throw Problem(message: "its host is no IPv6 address") }
    } else {
      host = text.prefix { $0 != ":" }
      afterHost = text[host.endIndex...]
      guard HostName.isValid(host) else { throw Problem(message: "its host is no host name") }
    }
    guard !afterHost.isEmpty else { return (host.lowercased(), defaultPort) }
    let digits = afterHost.dropFirst()
    guard afterHost.hasPrefix(":"), digits.utf8.allSatisfy(\.isASCIIDigit), let port = Int(digits),
      (1...65_535).contains(port)
    else { throw Problem(message: "its port is no number from 1 to 65535") }
    return (host.lowercased(), port)
  }

  private static func path(_ text: Substring) throws(Problem) -> String {
    guard !text.contains(where: { $0 == "?" || $0 == "#" }) else {
      throw Problem(message: "it has a query or a fragment")
    }
    var path = text
    while path.hasSuffix("/") { path.removeLast() }
    guard path.utf8.allSatisfy({ $0.isASCIILetterOrDigit || "/-._~!$&'()*+,;=:@".utf8.contains($0) }) else {
      throw Problem(message: "its path has characters that no path has, or that could be read in two ways")
    }
    for segment in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    where segment.isEmpty || segment == "." || segment == ".." {
      throw Problem(message: "its path has empty or dot segments")
    }
    return String(path)
  }
}

/// Names of hosts.
enum HostName {
  /// Whether it is a name of dot-separated labels (RFC 1123, 2.1), or an IPv4 address. Underscores are let
  /// through: container networks use them.
  static func isValid(_ name: Substring) -> Bool {
    name.utf8.count <= 253
      && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.utf8.allSatisfy {
            $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
          }
      }
  }
}

extension UInt8 {
  var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isASCIILetterOrDigit: Bool { isASCIIDigit || (self | 0x20 >= 0x61 && self | 0x20 <= 0x7A) }
  var isASCIIHexDigit: Bool { isASCIIDigit || (self | 0x20 >= 0x61 && self | 0x20 <= 0x66) }
}

/// AWS Signature Version 4 for a request whose payload's digest is known.
///
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. libcurl 7.88 can sign too, but takes
/// the time from the machine's clock and leaves the query in the order that it was given (docs/decisions/0014).
struct SignatureV4 {
  var region: String
  var service = "s3"

  /// What of a request is signed.
  struct Request {
    var method: String
    /// Percent-encoded, beginning with a slash.
    var path: String
    /// Names and values, not encoded, in any order.
    var query: [(name: String, value: String)] = []
    /// Every header that is signed, `host` and `x-amz-date` among them, in any order and case.
    var headers: [(name: String, value: String)]
    /// SHA-256 of the payload in hexadecimal.
    var payloadDigest: String
  }

  /// The value of the `Authorization` header.
  /// - Parameter time: as in `x-amz-date`: `20130524T000000Z`.
  func authorization(_ request: Request, access: AccessKey, time: String) -> String {
    let names = Self.sorted(request.headers).map(\.name).joined(separator: ";")
    let scope = scope(time)
    let toSign =
      "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n"
      + Digests.hexadecimal(Digests.sha256(Array(Self.canonical(request).utf8)))
    let code = Digests.hmacSHA256(
      key: signingKey(secret: access.secret, date: String(time.prefix(8))), Array(toSign.utf8))
    return
      "AWS4-HMAC-SHA256 Credential=\(access.id)/\(scope),SignedHeaders=\(names),Signature="
      + Digests.hexadecimal(code)
  }

  /// - Parameter date: `20130524`.
  func signingKey(secret: String, date: String) -> [UInt8] {
    var key = Array("AWS4\(secret)".utf8)
    for part in [date, region, service, "aws4_request"] {
      key = Digests.hmacSHA256(key: key, Array(part.utf8))
    }
    return key
  }

  private func scope(_ time: String) -> String { "\(time.prefix(8))/\(region)/\(service)/aws4_request" }

  static func canonical(_ request: Request) -> String {
    let headers = sorted(request.headers)
    return """
      \(request.method)
      \(request.path)
      \(queryText(request.query))
      \(headers.map { "\($0.name):\($0.value)\n" }.joined())
      \(headers.map(\.name).joined(separator: ";"))
      \(request.payloadDigest)
      """
  }

  /// The query as it is signed, and as it is sent: encoded, and then in order of names and values.
  static func queryText(_ query: [(name: String, value: String)]) -> String {
    query.map { (encoded($0.name), encoded($0.value)) }
      .sorted { $0 == $1 ? false : $0.0 == $1.0 ? isBefore($0.1, $1.1) : isBefore($0.0, $1.0) }
      .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  /// Percent-encodes everything but what RFC 3986 calls unreserved.
  static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        output.append(byte)
      case UInt8(ascii: "/") where keepingSlashes: output.append(byte)
      default: output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func sorted(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
    headers.map { ($0.name.lowercased(), folded($0.value)) }.sorted { isBefore($0.name, $1.name) }
  }

  /// Without spaces at the ends, and with one where there are several.
  private static func folded(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }

  /// By bytes, whatever order Unicode has.
  private static func isBefore(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }
}

/// What requests are signed with. Never logged or shown.
struct AccessKey: Sendable {
  var id: String
  var secret: String
  /// Of temporary keys.
  var token: String?
  /// Seconds since 1970 UTC; nil: for as long as the owner likes.
  var expires: Int64?

  /// Whether it can stand in a header: visible ASCII.
  var isWellFormed: Bool {
    func isVisible(_ text: String) -> Bool {
      !text.isEmpty && text.utf8.count <= 8192 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
    return isVisible(id) && isVisible(secret) && (token.map(isVisible) ?? true)
  }
}

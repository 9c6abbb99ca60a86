internal import FilterKit
internal import JSONTree

/// A place as a URL: `postgres://USER@HOST[:PORT]/DATABASE[?schema=…&tls=…&ca=…&password=env:…]`.
struct Location {
  let configuration: JSONValue

  private static let options = ["schema", "tls", "ca", "certificate", "key", "password", "password-file"]

  init(_ text: String) throws(FilterError) {
    let wanted = "Say postgres://USER@HOST:PORT/DATABASE?schema=NAME."
    guard text.hasPrefix("postgres://") else { throw FilterError(.input, wanted) }
    let halves = text.dropFirst("postgres://".count).split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = halves[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard path.count == 2, let at = path[0].lastIndex(of: "@") else { throw FilterError(.input, wanted) }
    let user = path[0][..<at]
    guard !user.contains(":") else {
      throw FilterError(
        .input,
        "A password does not belong into a URL, where others can see it: use ~/.pgpass, or ?password=env:NAME."
      )
    }
    var fields: [(name: String, value: JSONValue)] = [
      ("user", .string(try Self.decoded(user))), ("database", .string(try Self.decoded(path[1]))),
      ("migrate", .bool(false)),
    ]
    var host = path[0][path[0].index(after: at)...]
    // An address of IPv6 stands in brackets.
    if let colon = host.lastIndex(of: ":"), host.last != "]" {
      guard let port = Double(host[host.index(after: colon)...]) else { throw FilterError(.input, wanted) }
      fields.append(("port", .number(port)))
      host = host[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    fields.append(("host", .string(try Self.decoded(host))))
    for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, Self.options.contains(String(parts[0])) else {
        throw FilterError(
          .input, "After the ? may stand \(Self.options.joined(separator: ", ")), each with = and its value.")
      }
      fields.append((String(parts[0]), .string(try Self.decoded(parts[1]))))
    }
    configuration = .object(fields)
    _ = try PostgresOptions(configuration)
  }

  /// Percent-decoding (RFC 3986, 2.1).
  private static func decoded(_ text: Substring) throws(FilterError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
      else {
        throw FilterError(.input, "A % in a URL stands before two hexadecimal digits.")
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FilterError(.input, "A URL's text is UTF-8.")
    }
    return text
  }
}

extension HTTPSClient {
  /// Bytes of an address that somebody writes into a configuration, and of one with whatever is appended to it.
  private static let longest = (configured: 2048, sent: 8192)

  /// Whether it is `https://HOST…`, or `http://` on loopback; without user, fragment or blanks.
  package static func isAllowed(_ url: String) -> Bool {
    url.utf8.count <= longest.configured && isPlain(url) && isSecure(url)
  }

  /// Whether it is HTTP to this machine: `localhost` and names under it (RFC 6761, 6.3), `127.0.0.0/8`, `[::1]`.
  package static func isLoopback(_ url: String) -> Bool { url.hasPrefix("http://") && isThisMachine(url) }

  /// Likewise, by HTTPS, too.
  static func isThisMachine(_ url: String) -> Bool {
    guard let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) else { return false }
    let authority = url.dropFirst(scheme.count).prefix { !"/?".contains($0) }
    let host: Substring
    if authority.hasPrefix("[") {
      host = authority.prefix { $0 != "]" } + "]"
    } else {
      host = authority.prefix { $0 != ":" }
    }
    let port = authority.dropFirst(host.count)
    guard authority.hasPrefix(host), port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
    else {
      return false
    }
    return host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || isLoopback(address: host)
  }

  /// Four decimal numbers, the first of them 127: nothing that one resolver takes for an address and another for a name.
  private static func isLoopback(address host: Substring) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
  }

  static func maySend(_ request: Request) -> Bool {
    guard request.url.utf8.count <= longest.sent, isPlain(request.url),
      !request.fields.contains(where: { field in
        field.name.isEmpty || (field.name + field.value).utf8.contains { $0 < 0x20 || $0 == 0x7F }
      })
    else { return false }
    return switch request.reach {
    case .network: isSecure(request.url)
    case .machine: request.url.hasPrefix("http://") || isSecure(request.url)
    }
  }

  /// curl and others take a backslash for a slash, or not.
  private static func isPlain(_ url: String) -> Bool {
    url.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\")
    }
  }

  private static func isSecure(_ url: String) -> Bool {
    isLoopback(url) || url.hasPrefix("https://") && url.utf8.count > "https://".utf8.count
  }
}

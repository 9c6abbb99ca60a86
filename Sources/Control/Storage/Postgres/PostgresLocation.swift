internal import Glibc

/// A database, as `postgres://USER@HOST[:PORT]/DATABASE[?OPTION=VALUE&…]`. It never holds a password: it says where one
/// is read, at each connecting.
public struct PostgresLocation: Sendable {
  enum TLS: String { case verifyFull = "verify-full", verifyCA = "verify-ca", require, disable }
  enum Password {
    case environment(String)
    case file(String)
  }

  /// As it was given.
  let text: String
  let host: String
  private(set) var port = 5432
  let user: String
  let database: String
  private(set) var tls: TLS
  /// Authorities, PEM.
  private(set) var authorities: String?
  private(set) var certificate: String?
  private(set) var key: String?
  private(set) var password: Password?
  /// The gateway's own: nothing else is in it.
  private(set) var schema = "sluice_store"

  private static let wanted = "say postgres://USER@HOST:PORT/DATABASE"

  init(_ text: String) throws(ControlError) {
    self.text = text
    guard let scheme = ["postgres://", "postgresql://"].first(where: text.hasPrefix) else {
      throw ControlError(
        .invalid, "the store's place is none: \(Self.wanted), or file:PATH of a file with that")
    }
    let halves = text.dropFirst(scheme.count).split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = halves[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard path.count == 2, let at = path[0].lastIndex(of: "@") else {
      throw ControlError(.invalid, "the store's place is incomplete: \(Self.wanted)")
    }
    let name = path[0][..<at]
    guard !name.contains(":") else {
      throw ControlError(
        .invalid,
        "a password does not belong into the store's place, where others can see it: use ~/.pgpass, or ?password=file:PATH or ?password=env:NAME"
      )
    }
    var place = path[0][path[0].index(after: at)...]
    // An address of IPv6 stands in brackets.
    if let colon = place.lastIndex(of: ":"), place.last != "]" {
      guard let number = Int(place[place.index(after: colon)...]), (1...65535).contains(number) else {
        throw ControlError(.invalid, "the store's port is no number from 1 to 65535")
      }
      port = number
      place = place[..<colon]
    }
    if place.hasPrefix("["), place.hasSuffix("]") { place = place.dropFirst().dropLast() }
    host = try Self.decoded(place)
    user = try Self.decoded(name)
    database = try Self.decoded(path[1])
    guard ![host, user, database].contains(where: { $0.isEmpty || $0.utf8.contains(0) }) else {
      throw ControlError(.invalid, "the store's place is incomplete: \(Self.wanted)")
    }
    tls = Self.isLocal(host) ? .disable : .verifyFull
    for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] { try set(pair) }
    guard (certificate == nil) == (key == nil) else {
      throw ControlError(.invalid, "'certificate' and 'key' of the store go together")
    }
    guard authorities == nil || tls == .verifyFull || tls == .verifyCA else {
      throw ControlError(.invalid, "'ca' of the store goes with tls=verify-full or verify-ca")
    }
  }

  private mutating func set(_ pair: Substring) throws(ControlError) {
    let parts = pair.split(separator: "=", maxSplits: 1)
    let value = parts.count == 2 ? try Self.decoded(parts[1]) : ""
    switch parts.first {
    case "tls":
      guard let given = TLS(rawValue: value) else {
        throw ControlError(.invalid, "'tls' of the store is verify-full, verify-ca, require or disable")
      }
      tls = given
    case "ca": authorities = value
    case "certificate": certificate = value
    case "key": key = value
    case "password" where value.hasPrefix("env:"): password = .environment(String(value.dropFirst(4)))
    case "password" where value.hasPrefix("file:"): password = .file(String(value.dropFirst(5)))
    case "password":
      throw ControlError(.invalid, "'password' of the store says where it is read: env:NAME or file:PATH")
    case "schema":
      let isPlain = value.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
      guard isPlain, let first = value.utf8.first, first >= 0x5F, value.utf8.count <= 63,
        !value.hasPrefix("pg_"), value != "public", value != "information_schema"
      else {
        throw ControlError(
          .invalid, "'schema' of the store is of lower-case letters, digits and _, and the store's alone")
      }
      schema = value
    default:
      throw ControlError(
        .invalid, "after the ? of the store's place stand tls, ca, certificate, key, password and schema")
    }
  }

  /// Where it is, for messages: no options.
  var shown: String { "\(host):\(port)/\(database)" }

  func readPassword() throws(ControlError) -> String? {
    switch password {
    case nil: return nil
    case .environment(let name):
      guard let value = unsafe getenv(name).map({ unsafe String(cString: $0) }), !value.isEmpty else {
        throw ControlError(.unavailable, "the environment variable \(name), the store's password, is not set")
      }
      return value
    case .file(let path):
      guard let value = SmallFile.line(path, atMost: 4096) else {
        throw ControlError(.unavailable, "the file \(path) of the store's password can't be read or is empty")
      }
      return value
    }
  }

  /// A socket's directory, or an address that never leaves the machine.
  private static func isLocal(_ host: String) -> Bool {
    host.hasPrefix("/") || host == "localhost" || host == "::1"
      || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) })
  }

  /// Percent-decoding (RFC 3986, 2.1).
  private static func decoded(_ text: Substring) throws(ControlError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { throw ControlError(.invalid, "a % in the store's place stands before two hexadecimal digits") }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ControlError(.invalid, "the store's place is no UTF-8")
    }
    return text
  }
}

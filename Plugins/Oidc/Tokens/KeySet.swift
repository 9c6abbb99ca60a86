internal import JSONTree

/// A provider's keys by their ids, from a JWK Set (RFC 7517). Immutable.
package struct KeySet: Sendable {
  /// What is known of one id.
  package enum Entry: Sendable {
    case usable(SigningKey)
    /// The provider names it, and it is not to be used.
    case unusable(Refusal)
  }

  /// A key, and what its owner says that it is for.
  package struct SigningKey: Sendable {
    let key: PublicKey
    /// Nil: any algorithm that suits it.
    let algorithm: String?
    /// Tells it from another key of the same id: the JWK's own text.
    let text: [UInt8]
  }

  /// As many keys as are looked at.
  package static let maximumKeys = 64
  /// Bits of an RSA modulus: fewer can be broken (RFC 7518, 3.3), more cost too much time.
  package static let modulusBits = 2048...8192

  private let entries: [String: Entry]

  /// Nil where the text is no JWK Set, or has no key that could be used.
  package init?(_ bytes: [UInt8]) {
    guard let keys = (try? StrictJSON.object(bytes))?["keys"]?.array, keys.count <= Self.maximumKeys else {
      return nil
    }
    var entries: [String: Entry] = [:]
    var twice: Set<String> = []
    for key in keys {
      // Keys without an id can't be named by a token, and no key is guessed.
      guard let id = key["kid"]?.string, !id.isEmpty else { continue }
      if entries[id] != nil { twice.insert(id) }
      entries[id] = Self.entry(key)
    }
    for id in twice { entries[id] = .unusable(.unusableKey) }
    guard entries.values.contains(where: { if case .usable = $0 { true } else { false } }) else { return nil }
    self.entries = entries
  }

  package subscript(id: String) -> Entry? { entries[id] }
  package var count: Int { entries.count }

  /// Whether this very key is still among them.
  package func has(_ key: SigningKey, id: String) -> Bool {
    if case .usable(let known) = entries[id] { known.text == key.text } else { false }
  }

  private static func entry(_ jwk: JSONValue) -> Entry {
    // A set that shows a private key is no secret any more, and one with a shared secret never was.
    if jwk["d"] != nil || jwk["k"] != nil || jwk["kty"]?.string == "oct" { return .unusable(.unusableKey) }
    if let use = jwk["use"], use.string != "sig" { return .unusable(.unusableKey) }
    if let operations = jwk["key_ops"], operations.strings?.contains("verify") != true {
      return .unusable(.unusableKey)
    }
    if let algorithm = jwk["alg"], algorithm.string == nil { return .unusable(.unusableKey) }
    let found: PublicKey?
    switch jwk["kty"]?.string {
    case "RSA":
      guard let modulus = bytes(jwk["n"]), let exponent = bytes(jwk["e"]) else {
        return .unusable(.unusableKey)
      }
      guard isStrong(modulus, exponent) else { return .unusable(.weakKey) }
      found = PublicKey.rsa(modulus: modulus, exponent: exponent)
    case "EC":
      guard let curve = curve(jwk["crv"]?.string) else { return .unusable(.wrongCurve) }
      guard let x = bytes(jwk["x"]), let y = bytes(jwk["y"]) else { return .unusable(.unusableKey) }
      found = PublicKey.elliptic(curve, x: x, y: y)
    case "OKP":
      guard let curve = jwk["crv"]?.string, curve == "Ed25519" || curve == "Ed448" else {
        return .unusable(.wrongCurve)
      }
      guard let point = bytes(jwk["x"]), point.count == (curve == "Ed25519" ? 32 : 57) else {
        return .unusable(.unusableKey)
      }
      if SmallOrder.contains(point) { return .unusable(.weakKey) }
      found = PublicKey.edwards(point)
    default: return .unusable(.unusableKey)
    }
    guard let found else { return .unusable(.unusableKey) }
    return .usable(SigningKey(key: found, algorithm: jwk["alg"]?.string, text: jwk.canonical))
  }

  private static func curve(_ name: String?) -> PublicKey.Curve? {
    switch name {
    case "P-256": .p256
    case "P-384": .p384
    case "P-521": .p521
    default: nil
    }
  }

  private static func bytes(_ value: JSONValue?) -> [UInt8]? {
    value?.string.flatMap { Base64URL.decode(Array($0.utf8)[...]) }
  }

  /// Whether the modulus is long enough, and the exponent one that signs anything: odd, at least 3, below 2³³.
  private static func isStrong(_ modulus: [UInt8], _ exponent: [UInt8]) -> Bool {
    let digits = modulus.drop { $0 == 0 }
    guard let top = digits.first else { return false }
    let bits = digits.count * 8 - top.leadingZeroBitCount
    let small = exponent.drop { $0 == 0 }
    guard small.count <= 5, let last = small.last else { return false }
    let value = small.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return modulusBits.contains(bits) && last & 1 == 1 && value >= 3 && value < 1 << 33
  }
}

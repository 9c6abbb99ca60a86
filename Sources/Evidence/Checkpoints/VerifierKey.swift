/// A public key with its name, in the form of C2SP signed-note: `name+hash+base64(0x01 ‖ key)`.
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
  /// The key's name: here the log's origin, `sluice/` and its identifier.
  public let name: String
  /// The Ed25519 public key, 32 bytes.
  public let publicKey: [UInt8]
  /// The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), by which a signature line names its key.
  let hash: [UInt8]

  private static let ed25519: UInt8 = 1

  init(name: String, publicKey: [UInt8]) throws(EvidenceError) {
    guard !name.isEmpty, publicKey.count == 32,
      name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "+") })
    else { throw EvidenceError(.key, "a key's name may hold no space and no plus sign") }
    self.name = name
    self.publicKey = publicKey
    let text = Array(name.utf8) + [0x0A, Self.ed25519] + publicKey
    hash = unsafe Array(try Hasher256().digest(text.span.bytes).array.prefix(4))
  }

  /// Reads one line as ``description`` writes it.
  public init(_ text: String) throws(EvidenceError) {
    let malformed = EvidenceError(.key, "a public key must read NAME+HASH+BASE64, as checkpoint.pub has it")
    let parts = text.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let name = String(parts[0]), let key = Base64.decode(parts[2]),
      key.count == 33, key[0] == Self.ed25519
    else { throw malformed }
    try self.init(name: name, publicKey: Array(key[1...]))
    guard Hexadecimal.decode(parts[1]) == hash else { throw malformed }
  }

  /// Every key in a file of one key a line; blank lines are skipped.
  static func list(_ text: String) throws(EvidenceError) -> [VerifierKey] {
    var keys: [VerifierKey] = []
    for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }) {
      keys.append(try VerifierKey(String(line) ?? ""))
    }
    return keys
  }

  public var description: String {
    "\(name)+\(Hexadecimal.string(hash))+\(Base64.string([Self.ed25519] + publicKey))"
  }
}

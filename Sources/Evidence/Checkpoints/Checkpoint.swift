/// A signed statement of the log's size and root, as C2SP tlog-checkpoint and signed-note have it:
///
///     sluice/1f0c…               the origin: `sluice/` and the log's identifier
///     4711                       how many records
///     CsUYapGGPo4dkMgIAUqom/…    the Merkle tree's root (RFC 6962), base64
///
///     — sluice/1f0c… base64(key hash ‖ Ed25519 signature of the three lines above)
public struct Checkpoint: Sendable, Equatable {
  public let origin: String
  /// How many records the root covers: those with a sequence below this.
  public let size: UInt64
  public let root: HashValue
  /// The whole note: what to hand to an auditor or a witness.
  public let note: [UInt8]

  /// Origins may come from a file, so their length is bounded, in bytes.
  static let maximumOrigin = 256

  static func origin(of log: LogIdentifier) -> String { "sluice/\(log)" }

  /// Signs the statement.
  init(log: LogIdentifier, size: UInt64, root: HashValue, key: SigningKey) throws(EvidenceError) {
    try self.init(log: log, size: size, root: root, keys: [key])
  }

  /// Signs the statement with each of `keys`: with two where one takes the other's place.
  init(log: LogIdentifier, size: UInt64, root: HashValue, keys: [SigningKey]) throws(EvidenceError) {
    origin = Self.origin(of: log)
    self.size = size
    self.root = root
    let text = Self.text(origin, size, root)
    var note = text + [0x0A]
    for key in keys {
      let verifier = try VerifierKey(name: origin, publicKey: key.publicKey)
      let signature = try key.sign(text)
      note += Array("\u{2014} \(origin) \(Base64.string(verifier.hash + signature))\n".utf8)
    }
    self.note = note
  }

  private static func text(_ origin: String, _ size: UInt64, _ root: HashValue) -> [UInt8] {
    Array("\(origin)\n\(size)\n\(Base64.string(root.array))\n".utf8)
  }

  /// Reads a note without judging its signatures. Nil for anything but the form above, with one or more
  /// signature lines.
  public init?(note: [UInt8]) {
    let lines = note.split(separator: 0x0A, omittingEmptySubsequences: false)
    // Three lines, a blank one, signatures, and the empty piece after the last line feed.
    guard lines.count >= 6, lines[3].isEmpty, lines[lines.count - 1].isEmpty,
      let origin = String(validating: lines[0], as: UTF8.self), !origin.isEmpty,
      lines[0].count <= Self.maximumOrigin,
      let sizeText = String(validating: lines[1], as: UTF8.self), let size = UInt64(sizeText),
      String(size) == sizeText,
      let rootBytes = Base64.decode(lines[2]), let root = HashValue(rootBytes),
      lines[4..<lines.count - 1].allSatisfy({ $0.starts(with: Self.mark) })
    else { return nil }
    self.origin = origin
    self.size = size
    self.root = root
    self.note = note
  }

  /// What a signature line begins with: an em dash and a space.
  static let mark = Array("\u{2014} ".utf8)

  /// Whether one of `keys`, with its name, signed this statement.
  public func isSigned(by keys: [VerifierKey]) -> Bool { !signers(among: keys).isEmpty }

  /// Those of `keys` that signed this statement.
  func signers(among keys: [VerifierKey]) -> [VerifierKey] {
    var signers: [VerifierKey] = []
    let text = Self.text(origin, size, root)
    for line in note.dropFirst(text.count + 1).split(separator: 0x0A) {
      let parts = line.dropFirst(Self.mark.count).split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 2, let signature = Base64.decode(parts[1]), signature.count == 68 else { continue }
      for key in keys where parts[0].elementsEqual(key.name.utf8) && signature.starts(with: key.hash) {
        if SigningKey.verify(Array(signature[4...]), text, publicKey: key.publicKey) { signers.append(key) }
      }
    }
    return signers
  }
}

/// Whom something is sealed to: an age v1 X25519 recipient, `age1…`.
public struct AgeRecipient: Sendable, Hashable, CustomStringConvertible {
  let point: [UInt8]

  init(point: [UInt8]) { self.point = point }

  /// Reads `age1…`. Throws ``EvidenceError/Code/key`` where a letter is wrong: the checksum finds each.
  public init(_ text: String) throws(EvidenceError) {
    guard let point = Bech32.decode(text, prefix: "age"), point.count == 32, text.hasPrefix("age1") else {
      throw EvidenceError(
        .key, "this is no age recipient (age1… and 58 more characters), or a letter is wrong")
    }
    // Nothing can be sealed to a point of low order; better said now than when traffic comes.
    var probe = [UInt8](repeating: 0, count: 32)
    probe[0] = 9
    guard try SealingCrypto.sharedSecret(probe, with: point) != nil else {
      throw EvidenceError(.key, "this age recipient is no usable key")
    }
    self.point = point
  }

  public var description: String { Bech32.encode("age", point) }
}

/// The private half, `AGE-SECRET-KEY-1…`: it opens what was sealed to its recipient, and has no place on a gateway.
public struct AgeIdentity: Sendable {
  /// Never printed but by ``fileText(created:)``.
  private let secret: [UInt8]
  public let recipient: AgeRecipient

  private static let prefix = "age-secret-key-"
  /// A file of identities is not larger, in bytes.
  public static let fileLimit = 1 << 20

  /// A new identity, of libcrypto's random generator.
  public static func generate() throws(EvidenceError) -> AgeIdentity {
    try AgeIdentity(secret: Random.bytes(32))
  }

  init(secret: [UInt8]) throws(EvidenceError) {
    self.secret = secret
    recipient = AgeRecipient(point: try SealingCrypto.publicKey(of: secret))
  }

  /// Reads `AGE-SECRET-KEY-1…`.
  init(_ text: String) throws(EvidenceError) {
    guard text == text.uppercased(), let secret = Bech32.decode(text, prefix: Self.prefix), secret.count == 32
    else { throw EvidenceError(.key, "this is no age identity (AGE-SECRET-KEY-1…), or a letter is wrong") }
    try self.init(secret: secret)
  }

  /// Every identity in a file as `age-keygen` writes it: one a line; lines that begin with # say something to
  /// people. An error names the line and nothing of what it holds.
  public static func list(_ file: [UInt8]) throws(EvidenceError) -> [AgeIdentity] {
    guard file.count <= fileLimit else { throw EvidenceError(.key, "the identity file is over 1 MiB") }
    if file.starts(with: Array("age-encryption.org/v1".utf8)) {
      throw EvidenceError(
        .key,
        "the identity file is itself encrypted; decrypt it first: age -d FILE | sluice evidence open -i - …")
    }
    var identities: [AgeIdentity] = []
    for (index, line) in file.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line, as: UTF8.self).trimmingEnds
      if text.isEmpty || text.hasPrefix("#") { continue }
      do throws(EvidenceError) {
        identities.append(try AgeIdentity(text))
      } catch {
        throw EvidenceError(.key, "line \(index + 1) of the identity file: \(error.message)")
      }
    }
    guard !identities.isEmpty else { throw EvidenceError(.key, "the identity file holds no identity") }
    return identities
  }

  /// The file that `age -i` reads. `created`: seconds since 1970 UTC.
  public func fileText(created: Int64) -> String {
    var time: [UInt8] = []
    Timestamp.append(UInt64(max(0, created)) * 1_000_000_000, to: &time)
    return """
      # created: \(String(decoding: time.prefix(19), as: UTF8.self))Z
      # public key: \(recipient)
      \(Bech32.encode(Self.prefix, secret).uppercased())

      """
  }

  /// The file key that `stanza` wraps, nil where it was wrapped for somebody else. Throws where the stanza is not
  /// what age v1 writes.
  func unwrap(_ stanza: AgeHeader.Stanza) throws(EvidenceError) -> [UInt8]? {
    guard stanza.arguments[0] == AgeHeader.x25519 else { return nil }
    guard stanza.arguments.count == 2, stanza.body.count == AgeHeader.wrappedSize,
      let share = AgeHeader.decode(stanza.arguments[1]), share.count == 32
    else { throw AgeHeader.malformed }
    guard let shared = try SealingCrypto.sharedSecret(secret, with: share) else { throw AgeHeader.malformed }
    let key = try SealingCrypto.derive(
      from: shared, salt: share + recipient.point, info: AgeHeader.wrapInfo)
    return try ChaChaPoly(key: key, sealing: false).open(
      stanza.body.span, nonce: [UInt8](repeating: 0, count: 12))
  }
}

extension String {
  /// Without blanks and carriage returns at either end.
  fileprivate var trimmingEnds: String {
    func isBlank(_ character: Character) -> Bool {
      character == " " || character == "\t" || character == "\r"
    }
    var text = self[...]
    while let last = text.last, isBlank(last) { text.removeLast() }
    while let first = text.first, isBlank(first) { text.removeFirst() }
    return String(text)
  }
}

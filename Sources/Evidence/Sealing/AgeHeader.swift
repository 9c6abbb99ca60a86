/// The header of an age v1 file (https://age-encryption.org/v1):
///
///     age-encryption.org/v1
///     -> X25519 <base64 of an ephemeral share>
///     <base64 of the wrapped file key>
///     --- <base64 of an HMAC over all before the space>
///
/// One stanza a recipient. Base64 is canonical and without padding; bodies are cut into lines of 64 columns of which
/// the last is shorter. Whatever differs is refused.
struct AgeHeader {
  struct Stanza: Equatable {
    /// The type first; one at least.
    var arguments: [[UInt8]]
    var body: [UInt8]
  }

  static let version = Array("age-encryption.org/v1\n".utf8)
  static let x25519 = Array("X25519".utf8)
  static let wrapInfo = "age-encryption.org/v1/X25519"
  static let fileKeySize = 16
  static let wrappedSize = fileKeySize + ChaChaPoly.tagSize
  /// No header is longer, in bytes: enough for a thousand recipients of any type.
  static let sizeLimit = 1 << 20
  private static let columns = 64
  private static let arrow = Array("-> ".utf8)
  private static let dashes = Array("---".utf8)

  static let malformed = EvidenceError(.damaged, "this is not an age v1 file, or its header was changed")

  var stanzas: [Stanza]
  /// What the HMAC covers: everything up to and including `---`.
  var covered: [UInt8]
  var mac: [UInt8]

  // MARK: Writing

  /// The header of a file whose key is `fileKey`, for each of `recipients`.
  static func make(fileKey: [UInt8], _ recipients: [AgeRecipient]) throws(EvidenceError) -> [UInt8] {
    var bytes = version
    for recipient in recipients {
      let ephemeral = try Random.bytes(32)
      let share = try SealingCrypto.publicKey(of: ephemeral)
      guard let shared = try SealingCrypto.sharedSecret(ephemeral, with: recipient.point) else {
        throw EvidenceError(.key, "a recipient is no usable key")
      }
      let key = try SealingCrypto.derive(from: shared, salt: share + recipient.point, info: wrapInfo)
      var body: [UInt8] = []
      try ChaChaPoly(key: key, sealing: true).seal(
        fileKey.span, nonce: [UInt8](repeating: 0, count: 12), into: &body)
      append(Stanza(arguments: [x25519, encode(share)], body: body), to: &bytes)
    }
    bytes += dashes
    let mac = try SealingCrypto.authenticate(bytes, key: macKey(fileKey))
    return bytes + [0x20] + encode(mac) + [0x0A]
  }

  private static func append(_ stanza: Stanza, to bytes: inout [UInt8]) {
    bytes += arrow
    bytes += stanza.arguments.joined(separator: [0x20])
    bytes.append(0x0A)
    var rest = encode(stanza.body)[...]
    while rest.count >= columns {
      bytes += rest.prefix(columns)
      bytes.append(0x0A)
      rest = rest.dropFirst(columns)
    }
    bytes += rest
    bytes.append(0x0A)
  }

  private static func macKey(_ fileKey: [UInt8]) throws(EvidenceError) -> [UInt8] {
    try SealingCrypto.derive(from: fileKey, salt: [], info: "header")
  }

  // MARK: Reading

  /// Reads a header at the beginning of `bytes` and how long it is; nil where it goes on behind their end.
  static func read(_ bytes: [UInt8]) throws(EvidenceError) -> (header: AgeHeader, length: Int)? {
    var lines = Lines(bytes)
    guard bytes.prefix(version.count).elementsEqual(version.prefix(bytes.count)) else { throw malformed }
    guard lines.next() != nil else { return nil }
    var stanzas: [Stanza] = []
    while true {
      let start = lines.position
      guard let line = lines.next() else { return nil }
      if line.starts(with: dashes) {
        guard !stanzas.isEmpty, line.count > 4, line[line.startIndex + 3] == 0x20,
          let mac = decode(line.dropFirst(4)), mac.count == 32
        else { throw malformed }
        let covered = Array(bytes[..<(start + dashes.count)])
        return (AgeHeader(stanzas: stanzas, covered: covered, mac: mac), lines.position)
      }
      guard line.starts(with: arrow) else { throw malformed }
      let arguments = line.dropFirst(arrow.count).split(separator: 0x20, omittingEmptySubsequences: false)
      guard arguments.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x21...0x7E).contains($0) } }) else {
        throw malformed
      }
      guard let body = try readBody(&lines) else { return nil }
      stanzas.append(Stanza(arguments: arguments.map { Array($0) }, body: body))
    }
  }

  private static func readBody(_ lines: inout Lines) throws(EvidenceError) -> [UInt8]? {
    var text: [UInt8] = []
    while let line = lines.next() {
      guard line.count <= columns else { throw malformed }
      text += line
      if line.count < columns {
        guard let body = decode(text) else { throw malformed }
        return body
      }
    }
    return nil
  }

  /// The file key, which one of `identities` opens, if the header is what was written with it.
  func fileKey(_ identities: [AgeIdentity]) throws(EvidenceError) -> [UInt8] {
    for identity in identities {
      for stanza in stanzas {
        guard let key = try identity.unwrap(stanza) else { continue }
        guard key.count == Self.fileKeySize,
          SealingCrypto.isEqual(try SealingCrypto.authenticate(covered, key: Self.macKey(key)), mac)
        else { throw Self.malformed }
        return key
      }
    }
    throw EvidenceError(.key, "it was sealed to others than the identities in this file")
  }

  // MARK: Base64 without padding

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    Base64.append(bytes, to: &text)
    while text.last == UInt8(ascii: "=") { text.removeLast() }
    return text
  }

  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard !text.contains(UInt8(ascii: "=")), text.count % 4 != 1 else { return nil }
    return Base64.decode(Array(text) + [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4))
  }

  /// Lines that end with a line feed, one after the other.
  private struct Lines {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> ArraySlice<UInt8>? {
      guard let end = bytes[position...].firstIndex(of: 0x0A) else { return nil }
      defer { position = end + 1 }
      return bytes[position..<end]
    }
  }
}

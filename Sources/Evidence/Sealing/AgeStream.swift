/// How age v1 cuts a payload: chunks of 64 KiB, each sealed with a nonce of its number (11 bytes, the largest first)
/// and one byte that is 1 for the last. Only the last may be shorter, and it's empty only where there is no payload.
enum AgeStream {
  static let chunkSize = 64 << 10
  static let sealedSize = chunkSize + ChaChaPoly.tagSize
  static let nonceSize = 16

  static func key(_ fileKey: [UInt8], nonce: [UInt8]) throws(EvidenceError) -> [UInt8] {
    try SealingCrypto.derive(from: fileKey, salt: nonce, info: "payload")
  }

  static func nonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
    var nonce = [UInt8](repeating: 0, count: 12)
    for i in 0..<8 { nonce[3 + i] = UInt8(truncatingIfNeeded: number >> UInt64(8 * (7 - i))) }
    nonce[11] = isLast ? 1 : 0
    return nonce
  }
}

/// Encrypts to recipients, a piece at a time. Memory: one chunk.
public struct AgeSealer: Sendable {
  private let cipher: ChaChaPoly
  private var number: UInt64 = 0
  /// What has no chunk yet: a full one waits, too, as it may be the last.
  private var pending: [UInt8] = []

  /// Appends the header to `output`. There must be a recipient.
  public init(_ recipients: [AgeRecipient], into output: inout [UInt8]) throws(EvidenceError) {
    guard !recipients.isEmpty else { throw EvidenceError(.key, "there is nobody to seal to") }
    let fileKey = try Random.bytes(AgeHeader.fileKeySize)
    let nonce = try Random.bytes(AgeStream.nonceSize)
    output += try AgeHeader.make(fileKey: fileKey, recipients)
    output += nonce
    cipher = try ChaChaPoly(key: AgeStream.key(fileKey, nonce: nonce), sealing: true)
  }

  /// Takes more of the text, and appends what of it is sealed.
  public mutating func append(_ bytes: Span<UInt8>, into output: inout [UInt8]) throws(EvidenceError) {
    var rest = bytes
    while !rest.isEmpty {
      if pending.count == AgeStream.chunkSize {
        let nonce = nextNonce(isLast: false)
        try cipher.seal(pending.span, nonce: nonce, into: &output)
        pending.removeAll(keepingCapacity: true)
      }
      // Whole chunks that something follows go in without being copied first.
      if pending.isEmpty, rest.count > AgeStream.chunkSize {
        let nonce = nextNonce(isLast: false)
        try cipher.seal(rest.extracting(0..<AgeStream.chunkSize), nonce: nonce, into: &output)
        rest = rest.extracting(AgeStream.chunkSize..<rest.count)
        continue
      }
      let count = min(rest.count, AgeStream.chunkSize - pending.count)
      unsafe rest.extracting(0..<count).withUnsafeBufferPointer { unsafe pending.append(contentsOf: $0) }
      rest = rest.extracting(count..<rest.count)
    }
  }

  /// Appends the last chunk. Nothing may follow.
  public mutating func finish(into output: inout [UInt8]) throws(EvidenceError) {
    let nonce = nextNonce(isLast: true)
    try cipher.seal(pending.span, nonce: nonce, into: &output)
    pending = []
  }

  private mutating func nextNonce(isLast: Bool) -> [UInt8] {
    defer { number += 1 }
    return AgeStream.nonce(number, isLast: isLast)
  }

  /// Seals what is there as a whole.
  public static func seal(_ bytes: [UInt8], to recipients: [AgeRecipient]) throws(EvidenceError) -> [UInt8] {
    var output: [UInt8] = []
    let chunks = bytes.count / AgeStream.chunkSize + 1
    output.reserveCapacity(bytes.count + chunks * ChaChaPoly.tagSize + 32 + 256 * (recipients.count + 1))
    var sealer = try AgeSealer(recipients, into: &output)
    try sealer.append(bytes.span, into: &output)
    try sealer.finish(into: &output)
    return output
  }
}

/// Decrypts, a piece at a time. What comes out was sealed as it is; that nothing was cut off is known only once
/// ``finish()`` has returned. Memory: one chunk, and the header.
public struct AgeOpener {
  private let identities: [AgeIdentity]
  private var cipher: ChaChaPoly?
  private var number: UInt64 = 0
  private var pending: [UInt8] = []

  public init(_ identities: [AgeIdentity]) { self.identities = identities }

  /// Takes more of the file and returns what of the text is known.
  public mutating func append(_ bytes: some Sequence<UInt8>) throws(EvidenceError) -> [UInt8] {
    pending += bytes
    if cipher == nil { try readHeader() }
    guard cipher != nil else { return [] }
    var text: [UInt8] = []
    var start = 0
    // A chunk is the last one where nothing follows it.
    while pending.count - start > AgeStream.sealedSize {
      let end = start + AgeStream.sealedSize
      text += try open(start..<end, isLast: false)
      start = end
    }
    pending.removeFirst(start)
    return text
  }

  /// The file has ended: returns the rest. Throws where it was cut, and where something follows.
  public mutating func finish() throws(EvidenceError) -> [UInt8] {
    guard cipher != nil else { throw AgeHeader.malformed }
    let text = try open(0..<pending.count, isLast: true)
    guard !text.isEmpty || number == 1 else { throw Self.changed }
    pending = []
    return text
  }

  private static let changed = EvidenceError(
    .damaged, "what was sealed was changed or cut off; what was shown of it before is as it was sealed")

  private mutating func readHeader() throws(EvidenceError) {
    guard let (header, length) = try AgeHeader.read(pending) else {
      guard pending.count <= AgeHeader.sizeLimit else { throw AgeHeader.malformed }
      return
    }
    guard pending.count >= length + AgeStream.nonceSize else { return }
    let fileKey = try header.fileKey(identities)
    let nonce = Array(pending[length..<length + AgeStream.nonceSize])
    cipher = try ChaChaPoly(key: AgeStream.key(fileKey, nonce: nonce), sealing: false)
    pending.removeFirst(length + AgeStream.nonceSize)
  }

  private mutating func open(_ range: Range<Int>, isLast: Bool) throws(EvidenceError) -> [UInt8] {
    guard
      let text = cipher?.open(pending.span.extracting(range), nonce: AgeStream.nonce(number, isLast: isLast))
    else { throw Self.changed }
    number += 1
    return text
  }

  /// Opens what is there as a whole.
  public static func open(_ bytes: [UInt8], with identities: [AgeIdentity]) throws(EvidenceError) -> [UInt8] {
    var opener = AgeOpener(identities)
    let text = try opener.append(bytes)
    return text + (try opener.finish())
  }
}

import Foundation
import Testing

@testable import Evidence

/// The age v1 format against itself and against what must be refused; AgeToolTests holds it against Debian's `age`.
@Suite struct AgeTests {
  static let sizes = [0, 1, 16, 65_535, 65_536, 65_537, 131_072, 131_073, 1 << 20]

  static func payload(_ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
  }

  @Test(arguments: sizes) func itComesBack(size: Int) throws {
    let people = try (0..<3).map { _ in try AgeIdentity.generate() }
    let original = Self.payload(size)
    let sealed = try AgeSealer.seal(original, to: people.map(\.recipient))
    for person in people { #expect(try AgeOpener.open(sealed, with: [person]) == original) }
    let stranger = try AgeIdentity.generate()
    #expect(throws: EvidenceError.self) { try AgeOpener.open(sealed, with: [stranger]) }
    #expect(try AgeOpener.open(sealed, with: [stranger, people[2]]) == original)
    #expect(
      try AgeSealer.seal(original, to: [people[0].recipient]) != sealed, "each file has a key of its own")
  }

  @Test func piecesMakeTheSameChunks() throws {
    let identity = try AgeIdentity.generate()
    let original = Self.payload(200_000)
    var generator = Seeded(5)
    for _ in 0..<8 {
      var sealed: [UInt8] = []
      var sealer = try AgeSealer([identity.recipient], into: &sealed)
      var rest = original[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: 1...90_000, using: &generator)))
        try sealer.append(piece.span, into: &sealed)
        rest = rest.dropFirst(piece.count)
      }
      try sealer.finish(into: &sealed)
      #expect(try AgeOpener.open(sealed, with: [identity]) == original)
      var opener = AgeOpener([identity])
      var text: [UInt8] = []
      var coming = sealed[...]
      while !coming.isEmpty {
        let count = Int.random(in: 1...70_000, using: &generator)
        text += try opener.append(coming.prefix(count))
        coming = coming.dropFirst(count)
      }
      text += try opener.finish()
      #expect(text == original)
    }
  }

  @Test func anyChangedBitIsFound() throws {
    let identity = try AgeIdentity.generate()
    for size in [0, 100, 65_536, 65_600] {
      let sealed = try AgeSealer.seal(Self.payload(size), to: [identity.recipient])
      for index in Array(0..<min(sealed.count, 400)) + [sealed.count - 17, sealed.count - 1] {
        var altered = sealed
        altered[index] ^= 1 << UInt8(index % 8)
        #expect(throws: EvidenceError.self, "byte \(index) of \(size)") {
          try AgeOpener.open(altered, with: [identity])
        }
      }
      for count in [0, 1, 20, 100, 184, 200, sealed.count - 16, sealed.count - 1] where count < sealed.count {
        #expect(throws: EvidenceError.self, "cut to \(count)") {
          try AgeOpener.open(Array(sealed[..<count]), with: [identity])
        }
      }
      #expect(throws: EvidenceError.self) { try AgeOpener.open(sealed + [0], with: [identity]) }
    }
  }

  // MARK: What the test vectors of C2SP's CCTV are about, made here

  /// A file with this header and these sealed chunks, of which everything else fits.
  private func file(
    _ stanzas: [String], key: [UInt8], version: String = "age-encryption.org/v1\n",
    chunks: [([UInt8], UInt64, Bool)]
  ) throws -> [UInt8] {
    var bytes = Array((version + stanzas.joined() + "---").utf8)
    let macKey = try SealingCrypto.derive(from: key, salt: [], info: "header")
    bytes += [0x20] + AgeHeader.encode(try SealingCrypto.authenticate(bytes, key: macKey)) + [0x0A]
    let nonce = [UInt8](repeating: 9, count: 16)
    bytes += nonce
    let cipher = try ChaChaPoly(key: AgeStream.key(key, nonce: nonce), sealing: true)
    for (text, number, isLast) in chunks {
      try cipher.seal(text.span, nonce: AgeStream.nonce(number, isLast: isLast), into: &bytes)
    }
    return bytes
  }

  private func stanza(_ identity: AgeIdentity, key: [UInt8]) throws -> String {
    let header = try AgeHeader.make(fileKey: key, [identity.recipient])
    let lines = String(decoding: header, as: UTF8.self).split(separator: "\n")
    return lines[1] + "\n" + lines[2] + "\n"
  }

  @Test func headersThatAreRefused() throws {
    let identity = try AgeIdentity.generate()
    let key = [UInt8](repeating: 3, count: 16)
    let good = try stanza(identity, key: key)
    let text = [(Array("age".utf8), UInt64(0), true)]
    func opens(_ stanzas: [String], version: String = "age-encryption.org/v1\n", _ key: [UInt8] = key) throws
      -> Bool
    {
      let bytes = try file(stanzas, key: key, version: version, chunks: text)
      return (try? AgeOpener.open(bytes, with: [identity])) == Array("age".utf8)
    }
    let lines = good.split(separator: "\n").map(String.init)
    let share = String(lines[0].split(separator: " ")[2])
    #expect(try opens([good]))
    // Others' stanzas are passed over: of any type, with an empty body, with one of exactly a line.
    #expect(try opens(["-> grease-1 a b\n\n", good, "-> joint\n\(String(repeating: "A", count: 64))\n\n"]))
    #expect(try !opens([good], version: "age-encryption.org/v2\n"))
    #expect(try !opens([good], version: "age-encryption.org/v1\r\n"))
    #expect(try !opens([]))
    #expect(try !opens(["-> \n\n", good]))
    #expect(try !opens(["-> two  spaces\n\n", good]))
    #expect(try !opens(["-> t\u{e9}\n\n", good]))
    #expect(try !opens(["-> missing-end\n\(String(repeating: "A", count: 64))\n", good]))
    #expect(try !opens(["-> long\n\(String(repeating: "A", count: 65))\n\n", good]))
    #expect(try !opens(["-> short\nAAAA\nAAAA\n", good]))
    #expect(try !opens([good.replacingOccurrences(of: "-> X25519", with: "->  X25519")]))
    #expect(try !opens([good.replacingOccurrences(of: "-> X25519", with: "-> X25519 extra")]))
    #expect(try !opens(["-> X25519\n\(lines[1])\n"]))
    #expect(try !opens(["-> X25519 \(share)\n\n"]))
    #expect(try !opens(["-> X25519 \(share)=\n\(lines[1])\n"]))
    #expect(try !opens(["-> X25519 \(share.dropLast(1))\n\(lines[1])\n"]))
    // The last letter has bits that must be zero.
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let lastLetter = try #require(share.last)
    let last = try #require(letters.firstIndex(of: lastLetter))
    #expect(try !opens(["-> X25519 \(share.dropLast())\(letters[last ^ 1])\n\(lines[1])\n"]))
    // Points of low order: the wrapping key would be known.
    for point in [[UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31)] {
      #expect(
        try !opens(["-> X25519 \(String(decoding: AgeHeader.encode(point), as: UTF8.self))\n\(lines[1])\n"]))
    }
    // A file key of another length.
    let long = [UInt8](repeating: 3, count: 24)
    #expect(try !opens([try stanza(identity, key: long)], long))
    // A header that another key authenticates.
    #expect(try !opens([good], [UInt8](repeating: 4, count: 16)))
  }

  @Test func streamsThatAreRefused() throws {
    let identity = try AgeIdentity.generate()
    let key = [UInt8](repeating: 3, count: 16)
    let good = try stanza(identity, key: key)
    let full = Self.payload(AgeStream.chunkSize)
    func opens(_ chunks: [([UInt8], UInt64, Bool)], more: [UInt8] = []) throws -> [UInt8]? {
      let bytes = try file([good], key: key, chunks: chunks) + more
      return try? AgeOpener.open(bytes, with: [identity])
    }
    #expect(try opens([([], 0, true)]) == [])
    #expect(try opens([(full, 0, true)]) == full)
    #expect(try opens([(full, 0, false), ([1], 1, true)]) == full + [1])
    #expect(try opens([]) == nil, "no chunk")
    #expect(try opens([([], 0, false)]) == nil, "no last one")
    #expect(try opens([(full, 0, false)]) == nil, "no last one behind a full one")
    #expect(try opens([(full, 0, false), ([], 1, true)]) == nil, "an empty last one behind a full one")
    #expect(try opens([([1], 0, false), ([1], 1, true)]) == nil, "a short one that isn't the last")
    #expect(try opens([(full, 0, true), ([1], 1, true)]) == nil, "two last ones")
    #expect(try opens([(full, 1, false), ([1], 2, true)]) == nil, "counted from one")
    #expect(try opens([(full, 0, false), ([1], 2, true)]) == nil, "one left out")
    #expect(try opens([(full + [1], 0, true)]) == nil, "a chunk that is too long")
    #expect(try opens([([1], 0, true)], more: [0]) == nil, "something behind")
  }

  @Test func keys() throws {
    let identity = try AgeIdentity.generate()
    let recipient = "\(identity.recipient)"
    #expect(recipient.hasPrefix("age1") && recipient.utf8.count == 62)
    #expect(try AgeRecipient(recipient) == identity.recipient)
    for index in recipient.indices.dropFirst(4) {
      var wrong = recipient
      wrong.replaceSubrange(index...index, with: recipient[index] == "q" ? "p" : "q")
      #expect(throws: EvidenceError.self) { try AgeRecipient(wrong) }
    }
    for wrong in ["", "age1", recipient.uppercased(), recipient + "q", " " + recipient] {
      #expect(throws: EvidenceError.self) { try AgeRecipient(wrong) }
    }
    // Its point is of low order.
    #expect(throws: EvidenceError.self) {
      try AgeRecipient(Bech32.encode("age", [UInt8](repeating: 0, count: 32)))
    }
    let file = Array(identity.fileText(created: 0).utf8)
    #expect(try AgeIdentity.list(file).map(\.recipient) == [identity.recipient])
    #expect(String(decoding: file, as: UTF8.self).contains("# public key: \(recipient)\n"))
    let secret = String(decoding: file, as: UTF8.self).split(separator: "\n")[2]
    #expect { try AgeIdentity.list(Array("\n\(secret.dropLast())\n".utf8)) } throws: {
      let message = ($0 as? EvidenceError)?.message ?? ""
      return message.contains("line 2") && !message.contains("SECRET-KEY-1Q")
        && !message.contains(secret.suffix(20))
    }
    #expect(throws: EvidenceError.self) { try AgeIdentity.list(Array(secret.lowercased().utf8)) }
    #expect(throws: EvidenceError.self) { try AgeIdentity.list(Array("# nothing\n".utf8)) }
    #expect(throws: EvidenceError.self) { try AgeSealer.seal([1], to: []) }
  }

  /// BIP 173's own examples, as far as they hold whole bytes.
  @Test func bech32() {
    #expect(Bech32.decode("a12uel5l", prefix: "a") == [])
    #expect(Bech32.decode("A12UEL5L", prefix: "a") == [])
    #expect(Bech32.decode("A12uel5l", prefix: "a") == nil)
    #expect(Bech32.decode("a12uel5m", prefix: "a") == nil)
    #expect(Bech32.decode("a12uel5l", prefix: "b") == nil)
    for count in 0..<40 {
      let bytes = AgeTests.payload(count)
      #expect(Bech32.decode(Bech32.encode("x", bytes), prefix: "x") == bytes)
    }
  }
}

import FilterKit
import Testing

@testable import PhiCrypto

/// The published vectors of what the operators are made of, and that all of it comes back.
@Suite struct CryptoTests {
  private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.filter(\.isHexDigit).map { UInt8($0.hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// RFC 5297, A.1.
  @Test func sealingIsAsTheStandardHasIt() throws {
    let cipher = SyntheticIV(
      key: bytes("fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff"))
    let header = bytes("10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627")
    let plain = bytes("11223344 55667788 99aabbcc ddee")
    let sealed = bytes("85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c")
    #expect(try cipher.seal(plain, header: header) == sealed)
    #expect(try cipher.open(sealed, header: header) == plain)
  }

  private static let keys = [
    "2B7E151628AED2A6ABF7158809CF4F3C", "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F",
    "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94",
  ]

  /// The nine samples of NIST for FF1 (SP 800-38G, "FF1 Samples").
  @Test(arguments: [
    (0, 10, "0123456789", "", "2433477484"), (0, 10, "0123456789", "39383736353433323130", "6124200773"),
    (0, 36, "0123456789abcdefghi", "3737373770717273373737", "a9tv40mll9kdu509eum"),
    (1, 10, "0123456789", "", "2830668132"), (1, 10, "0123456789", "39383736353433323130", "2496655549"),
    (1, 36, "0123456789abcdefghi", "3737373770717273373737", "xbj3kv35jrawxv32ysr"),
    (2, 10, "0123456789", "", "6657667009"), (2, 10, "0123456789", "39383736353433323130", "1001623463"),
    (2, 36, "0123456789abcdefghi", "3737373770717273373737", "xs8a0azh2avyalyzuwd"),
  ])
  func formatIsKeptAsTheStandardHasIt(
    key: Int, radix: Int, plain: String, tweak: String, expected: String
  ) throws {
    let cipher = FormatPreserving(key: bytes(Self.keys[key]), radix: radix)
    let digits = plain.map { UInt8($0.wholeNumberValue ?? 0) + ($0.isLetter ? ($0.asciiValue ?? 0) - 87 : 0) }
    let sealed = try cipher.encrypt(digits, tweak: bytes(tweak))
    #expect(String(decoding: sealed.map { $0 < 10 ? $0 + 48 : $0 + 87 }, as: UTF8.self) == expected)
    #expect(try cipher.decrypt(sealed, tweak: bytes(tweak)) == digits)
  }

  @Test func fewerThanAMillionValuesAreRefused() {
    let cipher = FormatPreserving(key: bytes(Self.keys[0]), radix: 10)
    #expect(throws: CryptoError.tooSmall) { try cipher.encrypt([1, 2, 3, 4, 5], tweak: []) }
    #expect(throws: CryptoError.tooSmall) { try cipher.encrypt([1, 2, 3, 4, 5, 10], tweak: []) }
  }

  private func keys() throws -> PhiKeys { try PhiKeys(installationKey: [UInt8](repeating: 7, count: 32)) }

  @Test(arguments: ["536-22-8719", "Jane Doe", "Zoë \"Z\" Müller", "x", String(repeating: "é", count: 256)])
  func aTokenIsOpenedAgain(value: String) throws {
    let token = SealedToken(keys: try keys())
    let made = try token.make(Array(value.utf8), kind: Array("NAME".utf8))
    #expect(try token.make(Array(value.utf8), kind: Array("NAME".utf8)) == made)
    let text = Array("seen: ".utf8) + made + Array(" x".utf8)
    let found = token.read(text.span, at: 6)
    let read = try #require(found)
    #expect(read.value == Array(value.utf8) && read.kind == Array("NAME".utf8) && read.end == 6 + made.count)
    for place in 6..<6 + made.count {
      let end = token.end(around: place..<place + 1, of: text.span)
      #expect(end == 6 + made.count)
    }
    let other = token.end(around: 0..<4, of: text.span)
    #expect(other == nil)
  }

  @Test func whatWasChangedIsNotOpened() throws {
    let token = SealedToken(keys: try keys())
    let made = try token.make(Array("536-22-8719".utf8), kind: Array("SSN".utf8))
    for place in made.indices {
      for other in Array("AZ27_]x".utf8) where other != made[place] {
        var changed = made
        changed[place] = other
        let read = token.read(changed.span, at: 0)
        #expect(read == nil)
      }
    }
    let stranger = SealedToken(keys: try PhiKeys(installationKey: [UInt8](repeating: 8, count: 32)))
    let read = stranger.read(made.span, at: 0)
    #expect(read == nil)
  }

  @Test(arguments: Self.formats)
  func aFormatStays(value: String, pattern: String) throws {
    let token = FormatToken(keys: try keys())
    let (text, kind) = (Array(value.utf8), Array("ID".utf8))
    let changed = try token.encrypt(text, kind: kind)
    let written = String(decoding: changed, as: UTF8.self)
    let form = try Regex(pattern)
    #expect(written != value && written.wholeMatch(of: form) != nil, "\(written)")
    #expect(try token.decrypt(changed, kind: kind) == text)
    #expect(try token.encrypt(text, kind: Array("MRN".utf8)) != changed)
  }

  static let formats = [
    ("536-22-8719", #"\d{3}-\d{2}-\d{4}"#), ("MRN4482913", "[A-Z0-9]{10}"),
    ("a-123456", "[a-z0-9]-[a-z0-9]{6}"),
    ("Jane Doe-Smith", "[A-Z][a-z]{3} [A-Z][a-z]{2}-[A-Z][a-z]{4}"),
    ("4111 1111 1111 1111", #"(\d{4} ?){4}"#),
  ]

  @Test func everyValueOfAFormatComesBack() throws {
    let token = FormatToken(keys: try keys())
    var random = SeededGenerator(seed: 41)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-".utf8)
    for _ in 0..<200 {
      let value = (0..<Int.random(in: 6...20, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0x41
      }
      guard let changed = try? token.encrypt(value, kind: [0x41]) else { continue }
      #expect(try token.decrypt(changed, kind: [0x41]) == value)
    }
  }

  @Test(arguments: ["12345", "Ann", "Zoë Müller", "aB1cD2"]) func whatHasTooFewValuesHasNoFormat(
    value: String
  ) throws {
    let token = FormatToken(keys: try keys())
    #expect(throws: CryptoError.tooSmall) { try token.encrypt(Array(value.utf8), kind: [0x41]) }
  }
}

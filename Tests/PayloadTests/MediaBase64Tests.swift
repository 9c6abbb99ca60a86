import Testing

@testable import Payload

private func decoded(
  _ encoded: String, _ alphabet: Base64.Alphabet = .standard, _ padding: Base64.Padding = .required,
  _ whiteSpace: Base64.WhiteSpace = .refused
) throws(Base64.Failure) -> [UInt8] {
  var output: [UInt8] = []
  try Base64.decode(
    bytes(encoded).span, alphabet: alphabet, padding: padding, whiteSpace: whiteSpace, into: &output)
  return output
}

private func encoded(_ bytes: [UInt8], _ alphabet: Base64.Alphabet = .standard, padded: Bool = true) -> String
{
  var output: [UInt8] = []
  Base64.encode(bytes.span, alphabet: alphabet, padded: padded, into: &output)
  return text(output)
}

private func failure(
  _ encoded: String, _ alphabet: Base64.Alphabet = .standard, _ padding: Base64.Padding = .required,
  _ whiteSpace: Base64.WhiteSpace = .refused
) -> Base64.Failure? {
  do {
    _ = try decoded(encoded, alphabet, padding, whiteSpace)
    return nil
  } catch { return error }
}

struct MediaBase64Tests {
  /// RFC 4648, 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func vectors(_ plain: String, _ base64: String) throws {
    #expect(encoded(bytes(plain)) == base64)
    #expect(try decoded(base64) == bytes(plain))
    let bare = String(base64.filter { $0 != "=" })
    #expect(encoded(bytes(plain), padded: false) == bare)
    #expect(try decoded(bare, .standard, .optional) == bytes(plain))
    #expect(try decoded(bare, .url, .forbidden) == bytes(plain))
    #expect(try decoded(base64, .url, .optional) == bytes(plain))
  }

  @Test func alphabets() throws {
    #expect(encoded([0xFB, 0xFF, 0xFE]) == "+//+")
    #expect(encoded([0xFB, 0xFF, 0xFE], .url) == "-__-")
    #expect(try decoded("-__-", .url) == [0xFB, 0xFF, 0xFE])
    #expect(failure("-__-")?.code == .invalidCharacter)
    #expect(failure("+//+", .url)?.code == .invalidCharacter)
  }

  @Test(arguments: [
    ("Zg", Base64.Padding.required, Base64.Failure.Code.invalidPadding, 2),
    ("Zg=", .required, .invalidPadding, 3), ("Zg=", .optional, .invalidPadding, 3),
    ("Zg===", .required, .invalidPadding, 4), ("Zm8==", .optional, .invalidPadding, 4),
    ("Zm9v=", .optional, .invalidPadding, 4), ("=", .optional, .invalidPadding, 0),
    ("Z===", .optional, .invalidPadding, 1), ("Zg==", .forbidden, .invalidPadding, 2),
    ("Zg==Zg==", .required, .invalidPadding, 4), ("Zm9vZg=a", .required, .invalidPadding, 7),
    ("Z", .optional, .invalidLength, 1), ("Zm9vY", .forbidden, .invalidLength, 5),
    ("Zh==", .required, .trailingBits, 2), ("Zm9=", .required, .trailingBits, 3),
    ("Zm+=", .required, .trailingBits, 3),
    ("Zh", .optional, .trailingBits, 2), ("Zm9vZm9", .forbidden, .trailingBits, 7),
    ("Zm 9v", .required, .invalidCharacter, 2), ("Zm9v\n", .required, .invalidCharacter, 4),
    ("Zm9\u{E9}", .required, .invalidCharacter, 3), ("Zm9v\u{0}AAA", .required, .invalidCharacter, 4),
  ])
  func hostile(_ base64: String, _ padding: Base64.Padding, _ code: Base64.Failure.Code, _ offset: Int) {
    #expect(failure(base64, .standard, padding) == Base64.Failure(code: code, offset: offset))
  }

  @Test func whiteSpace() throws {
    #expect(try decoded(" Zm\r\n9v\tYg = =\n", .standard, .required, .skipped) == bytes("foob"))
    #expect(try decoded("Zm\r\n9vYg=\n=\n", .standard, .required, .lineEndsSkipped) == bytes("foob"))
    #expect(failure("Zm9v Zm9v", .standard, .required, .lineEndsSkipped)?.code == .invalidCharacter)
    #expect(failure("Zg== ", .standard, .required, .lineEndsSkipped)?.code == .invalidPadding)
    #expect(failure("Zm9v\u{0B}", .standard, .required, .skipped)?.code == .invalidCharacter)
    #expect(failure("Zg==\u{0}", .standard, .required, .skipped)?.code == .invalidPadding)
  }

  /// What is there already stays, whether decoding goes well or not.
  @Test func appends() throws {
    var output: [UInt8] = bytes("x")
    try Base64.decode(bytes("Zm9v").span, into: &output)
    #expect(output == bytes("xfoo"))
    #expect(throws: Base64.Failure.self) { try Base64.decode(bytes("Zm9vZm9vZ").span, into: &output) }
    #expect(output == bytes("xfoo"))
  }

  /// Any bytes come back, with line ends at any place; and one changed character never gives the same bytes.
  @Test func roundTrips() throws {
    var random = SeededGenerator(seed: 4648)
    for length in 0..<300 {
      let plain = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      let alphabet: Base64.Alphabet = Bool.random(using: &random) ? .standard : .url
      let padded = Bool.random(using: &random)
      let base64 = encoded(plain, alphabet, padded: padded)
      #expect(try decoded(base64, alphabet, padded ? .required : .forbidden) == plain)
      var broken = ""
      for character in base64 {
        if Int.random(in: 0..<9, using: &random) == 0 {
          broken += ["\r\n", " ", "\t"].randomElement(using: &random) ?? ""
        }
        broken.append(character)
      }
      #expect(try decoded(broken, alphabet, .optional, .skipped) == plain)
      guard length > 0 else { continue }
      var other = bytes(base64)
      let place = Int.random(in: other.indices, using: &random)
      other[place] = UInt8.random(in: 0...255, using: &random)
      guard text(other) != base64 else { continue }
      var output: [UInt8] = []
      let same: Bool
      do throws(Base64.Failure) {
        try Base64.decode(other.span, alphabet: alphabet, padding: .required, into: &output)
        same = output == plain
      } catch { same = false }
      #expect(!same)
    }
  }
}

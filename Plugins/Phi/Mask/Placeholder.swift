internal import FilterKit

/// What stands in for a value: `[NAME_K7Q2MT]`, the kind and a code from the value's fingerprint.
///
/// The code's 30 digits and letters have no vowels and no look-alikes, so that it spells no word and survives being
/// read aloud. It holds at least one digit and one letter: `[NAME_SCHMDT]` and `[ZIP_021395]` are none of ours.
/// With 6 of them there are about 660 million codes: among a thousand different values of a kind, two share
/// one with a chance of 1 in 1,300. Evidence has the whole fingerprint, of 128 bits.
enum Placeholder {
  static let standardLength = 6
  static let lengths = 5...10
  /// The digits of a whole fingerprint.
  static let digestLength = 32
  /// Brackets, the longest kind, `_`, and the longest code.
  static let maximumLength = Kind.maximumLength + 1 + digestLength + 2

  private static let alphabet = Array("0123456789BCDFGHJKMNPQRSTVWXYZ".utf8)

  /// Appends the placeholder of a value.
  /// - Parameter length: of the code, within ``lengths``.
  static func append(_ kind: Kind, _ fingerprint: Fingerprint, length: Int, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    kind.withBytes { for index in $0.indices { output.append($0[index]) } }
    output.append(UInt8(ascii: "_"))
    appendCode(fingerprint, length: length, to: &output)
    output.append(UInt8(ascii: "]"))
  }

  /// The whole fingerprint instead of a code, in hexadecimal: `[SSN_0123456789ABCDEF0123456789ABCDEF]`.
  static func digest(_ kind: Kind, _ fingerprint: Fingerprint) -> [UInt8] {
    var output = [UInt8(ascii: "[")]
    kind.withBytes { for index in $0.indices { output.append($0[index]) } }
    output.append(UInt8(ascii: "_"))
    fingerprint.withBytes { bytes in
      let digits = Array("0123456789ABCDEF".utf8)
      for index in bytes.indices {
        output.append(digits[Int(bytes[index] >> 4)])
        output.append(digits[Int(bytes[index] & 15)])
      }
    }
    output.append(UInt8(ascii: "]"))
    return output
  }

  /// The first `length` letters in a row, of the 24 that the fingerprint gives, with a digit and a letter among them.
  private static func appendCode(_ fingerprint: Fingerprint, length: Int, to output: inout [UInt8]) {
    var letters = InlineArray<24, UInt8>(repeating: 0)
    var (high, low) = (fingerprint.high, fingerprint.low)
    for index in 0..<12 {
      letters[index] = alphabet[Int(high % 30)]
      letters[index + 12] = alphabet[Int(low % 30)]
      high /= 30
      low /= 30
    }
    var start = 0
    while start < 24 - length, !isMixed(letters.span.extracting(start..<start + length)) { start += 1 }
    let first = output.count
    for index in start..<start + length { output.append(letters[index]) }
    if !isMixed(letters.span.extracting(start..<start + length)) {
      // One fingerprint in billions gives no mixture anywhere.
      output[first] = UInt8(ascii: "K")
      output[first + 1] = UInt8(ascii: "7")
    }
  }

  /// Whether bytes `range` of the text lie inside a placeholder of ours, which is left as it is: what was masked in
  /// one turn comes back in the next one, and must stay the same.
  static func covers(_ range: Range<Int>, of text: Span<UInt8>) -> Bool {
    var start = range.lowerBound
    let least = max(0, range.lowerBound - maximumLength)
    while start >= least {
      if start < text.count, text[start] == UInt8(ascii: "["), let end = end(in: text, from: start) {
        return end >= range.upperBound
      }
      start -= 1
    }
    return false
  }

  /// Where the placeholder that begins at `start` ends; nil where there is none.
  private static func end(in text: Span<UInt8>, from start: Int) -> Int? {
    var close = start + 1
    let most = min(text.count, start + maximumLength)
    while close < most, text[close] != UInt8(ascii: "]") { close += 1 }
    guard close < most else { return nil }
    var mark = close - 1
    while mark > start, text[mark] != UInt8(ascii: "_") { mark -= 1 }
    let code = text.extracting(mark + 1..<close)
    guard mark > start + 1, lengths.contains(code.count) && isMixed(code) || isDigest(code),
      Kind(text.extracting(start + 1..<mark)) != nil
    else { return nil }
    return close + 1
  }

  private static func isDigest(_ code: Span<UInt8>) -> Bool {
    guard code.count == digestLength else { return false }
    for index in code.indices {
      guard code[index] >= 0x30 && code[index] <= 0x39 || code[index] >= 0x41 && code[index] <= 0x46 else {
        return false
      }
    }
    return true
  }

  /// Whether all bytes are of the alphabet, with a digit and a letter among them.
  private static func isMixed(_ code: Span<UInt8>) -> Bool {
    var (hasDigit, hasLetter) = (false, false)
    for index in code.indices {
      switch code[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
      case UInt8(ascii: "A"), UInt8(ascii: "E"), UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "O"),
        UInt8(ascii: "U"):
        return false
      case UInt8(ascii: "B")...UInt8(ascii: "Z"): hasLetter = true
      default: return false
      }
    }
    return hasDigit && hasLetter
  }
}

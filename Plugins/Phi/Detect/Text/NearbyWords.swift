internal import FilterKit

extension TextView {
  /// The last word that ends before a position on its line, with nothing but at most `gap` allowed signs between; nil where
  /// something else stands there.
  func word(before position: Int, gap: Int = 2, where isGap: (UInt8) -> Bool = { $0 == 0x20 }) -> Range<Int>?
  {
    var end = position
    while position - end < gap, isGap(byte(end - 1)) { end -= 1 }
    guard Bytes.isLetter(byte(end - 1)) else { return nil }
    let start = self.start(before: end, limit: 24) { Bytes.isLetter($0) || $0 == UInt8(ascii: "'") }
    return start..<end
  }

  /// The first word that begins behind a position on its line.
  func word(after position: Int, gap: Int = 2, where isGap: (UInt8) -> Bool = { $0 == 0x20 }) -> Range<Int>? {
    var start = position
    while start - position < gap, isGap(byte(start)) { start += 1 }
    guard Bytes.isLetter(byte(start)) else { return nil }
    var end = start
    while end - start < 24, Bytes.isLetter(byte(end)) { end += 1 }
    return start..<end
  }

  func hash(_ word: Range<Int>) -> UInt64 { Lexicon.hash(text, word) }

  /// The number that the digits of a range say.
  func number(_ range: Range<Int>) -> Int {
    var value = 0
    for index in range where Bytes.isDigit(byte(index)) { value = value &* 10 &+ Int(byte(index) &- 0x30) }
    return value
  }

  /// Where a run of digits ends, at most so many.
  func endOfDigits(_ start: Int, limit: Int) -> Int {
    var end = start
    while end - start < limit, Bytes.isDigit(byte(end)) { end += 1 }
    return end
  }
}

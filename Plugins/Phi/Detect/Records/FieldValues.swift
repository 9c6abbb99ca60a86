internal import FilterKit

/// What the text of a field has to look like to be a date, an age or a number of a telephone: a field's name alone proves
/// little.
enum FieldValues {
  /// The date that a range begins with: numbers in groups or compact, or a month's name. A year alone is none.
  static func date(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var (digits, groups, letters) = (0, 0, 0)
    var before: UInt8 = 0
    for index in range {
      let byte = text[index]
      if Bytes.isDigit(byte) {
        digits += 1
        if !Bytes.isDigit(before) { groups += 1 }
      } else if Bytes.isLetter(byte) {
        letters += 1
      }
      before = byte
    }
    // `04301949`, `20250117081530`
    if groups == 1, letters == 0 {
      return [6, 8, 12, 14].contains(digits) && range.count == digits ? range : nil
    }
    return digits >= 3 && groups >= 2 || digits >= 4 && letters >= 3 || digits > 4 && letters > 0
      ? range : nil
  }

  /// The number that a range begins with, and its extension.
  static func phone(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var end = range.lowerBound
    var digits = 0
    while end < range.upperBound {
      let byte = text[end]
      if Bytes.isDigit(byte) { digits += 1 } else if !"+-. ()/\u{A0}x".utf8.contains(byte) { break }
      end += 1
    }
    while end > range.lowerBound, !Bytes.isDigit(text[end - 1]) { end -= 1 }
    guard (6...20).contains(digits), end == range.upperBound || !Bytes.isJoining(text[end]) else {
      return nil
    }
    return range.lowerBound..<end
  }

  /// An age over 89 (45 CFR 164.514(b)(2)(i)(C)).
  static func age(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var value = 0
    var end = range.lowerBound
    while end < range.upperBound, end - range.lowerBound < 4, Bytes.isDigit(text[end]) {
      value = value * 10 + Int(text[end] - 0x30)
      end += 1
    }
    // DICOM's AS: `093Y`.
    return (90...119).contains(value) && range.count < 12 ? range : nil
  }
}

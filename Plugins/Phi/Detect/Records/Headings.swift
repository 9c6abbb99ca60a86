internal import FilterKit

/// Headings of columns and keys of objects are nobody's values, whatever words they are: `Nachname;Ort;Kasse`, `"nascimento":`.
enum Headings {
  private static let longest = 160

  private static func partsCells(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|") || byte == 0x09
  }

  static func isOne(_ range: Range<Int>, _ view: borrowing TextView) -> Bool {
    let (before, after) = (view.byte(range.lowerBound - 1), view.byte(range.upperBound))
    // A key in lower case; somebody's name is written with a capital.
    if before == UInt8(ascii: "\""), after == before, Bytes.isLower(view.byte(range.lowerBound)) {
      let next = view.byte(range.upperBound + 1) == 0x20 ? range.upperBound + 2 : range.upperBound + 1
      return view.byte(next) == UInt8(ascii: ":")
    }
    let sign = partsCells(before) ? before : after
    guard partsCells(sign) else { return false }
    // The run that it stands in, without a blank: a row of names says what it is.
    var (start, end) = (range.lowerBound, range.upperBound)
    while range.lowerBound - start < longest, view.byte(start - 1) > 0x20 || view.byte(start - 1) == sign {
      start -= 1
    }
    while end - range.upperBound < longest, view.byte(end) > 0x20 || view.byte(end) == sign { end += 1 }
    var known = 0
    var hash = FieldNames.NameHash()
    for index in start...end {
      let byte = index < end ? view.byte(index) : sign
      if Bytes.isDigit(byte) { return false }
      if byte == sign {
        if FieldNames.kind(ofColumn: hash) != nil { known += 1 }
        hash = FieldNames.NameHash()
      } else {
        hash.add(byte)
      }
    }
    return known >= 2
  }
}

internal import FilterKit

/// What stands around a pair of numbers and makes it a date: other dates, or the borders of a cell.
enum DateNeighbours {
  /// How far the others are looked for: before, as far as ``Scanner`` lets rules see; behind, a few words.
  private static let (before, behind, mostWords) = (190, 64, 7)

  /// Whether a pair nearby has the same month and another day, or the same day's place: `5/9 … 5/11 … 5/13`. Scores have one scale,
  /// so that their second numbers are the same; a date with a year is none of these.
  /// - Parameter isLikely: the pair is no fraction by itself, so that the other need not be one either.
  static func areDates(
    _ view: borrowing TextView, _ range: Range<Int>, _ one: Int, _ two: Int, isLikely: Bool
  )
    -> Bool
  {
    var position = range.lowerBound - 1
    let lower = max(view.lowerBound, range.lowerBound - before)
    while position > lower {
      if view.byte(position) == slash, isPartner(view, position, one, two, isLikely: isLikely) { return true }
      position -= 1
    }
    position = range.upperBound
    var words = 0
    while position - range.upperBound < behind, words < mostWords {
      let byte = view.byte(position)
      if byte == slash, isPartner(view, position, one, two, isLikely: isLikely) { return true }
      if byte == 0x20 || byte == 0x0A { words += 1 }
      position += 1
    }
    return false
  }

  /// Whether another line nearby begins with a pair whose second number is another: those of scores are the same.
  static func isJournal(_ view: borrowing TextView, _ range: Range<Int>, _ two: Int) -> Bool {
    var position = range.lowerBound - 2
    let lower = max(view.lowerBound, range.lowerBound - before)
    while position > lower {
      if view.byte(position - 1) == 0x0A, isEntry(view, position, two) { return true }
      position -= 1
    }
    position = range.upperBound
    while position - range.upperBound < before, position < view.text.count {
      if view.byte(position - 1) == 0x0A, isEntry(view, position, two) { return true }
      position += 1
    }
    return false
  }

  private static func isEntry(_ view: borrowing TextView, _ start: Int, _ two: Int) -> Bool {
    let slash = view.endOfDigits(start, limit: 3)
    let end = view.endOfDigits(slash + 1, limit: 3)
    guard (1...2).contains(slash - start), view.byte(slash) == self.slash, (1...2).contains(end - slash - 1),
      view.byte(end) == 0x20 || view.byte(end) == UInt8(ascii: "\t"),
      Bytes.isLetter(view.byte(end + 1)) || view.byte(end + 1) == 0x20
    else { return false }
    let second = view.number(slash + 1..<end)
    return DateRun.isDay(view.number(start..<slash), second) && second != two
  }

  private static let joints: [StaticString] = [
    " to ", " til ", " & ", " - ", " thru ", " through ", " until ", " till ", " bis ",
  ]

  /// Whether another pair of other numbers stands right before or behind, as the ends of a time do: `3/4 to 3/9`.
  static func isSpan(_ view: borrowing TextView, _ range: Range<Int>, _ two: Int) -> Bool {
    for joint in joints {
      let length = joint.utf8CodeUnitCount
      if view.has(joint, at: range.upperBound) {
        let slash = view.endOfDigits(range.upperBound + length, limit: 2)
        let end = view.endOfDigits(slash + 1, limit: 3)
        return view.byte(slash) == self.slash && end > slash + 1
          && isOther(view, slash, end, two)
      }
      if view.has(joint, at: range.lowerBound - length) {
        let end = range.lowerBound - length
        let day = view.start(before: end, limit: 3, where: Bytes.isDigit)
        return view.byte(day - 1) == self.slash && day < end && isOther(view, day - 1, end, two)
      }
    }
    return false
  }

  private static func isOther(_ view: borrowing TextView, _ slash: Int, _ end: Int, _ two: Int) -> Bool {
    let first = view.number(view.start(before: slash, limit: 2, where: Bytes.isDigit)..<slash)
    let second = view.number(slash + 1..<end)
    return DateRun.isDay(first, second) && second != two
  }

  private static let slash = UInt8(ascii: "/")

  private static func isPartner(
    _ view: borrowing TextView, _ slash: Int, _ one: Int, _ two: Int, isLikely: Bool
  ) -> Bool {
    let start = view.start(before: slash, limit: 3, where: Bytes.isDigit)
    let end = view.endOfDigits(slash + 1, limit: 3)
    guard (1...2).contains(slash - start), (1...2).contains(end - slash - 1), view.isFree(before: start),
      !Bytes.isJoining(view.byte(end)), !"/%".utf8.contains(view.byte(end)),
      view.byte(end) != UInt8(ascii: "-") || !Bytes.isDigit(view.byte(end + 1))
    else { return false }
    let (first, second) = (view.number(start..<slash), view.number(slash + 1..<end))
    guard DateRun.isDay(first, second) else { return false }
    // No proper fraction, and none of a scale that is counted in.
    let isSure = first > second || second > 10 && ![12, 15, 16, 20, 24, 25, 28, 30].contains(second)
    guard isSure || isLikely else { return false }
    return first == one && second != two || one > 12 && first > 12 && second == two && first != one
  }

  /// Whether a clause begins at a position: `omit ×1; 20/3 3.9`.
  static func isClause(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.byte(start - 1) == 0x20 && ";.".utf8.contains(view.byte(start - 2))
  }

  /// Whether nothing else stands between two borders: `| 4/3 |`, `>03-30<`, `,12/9,`, and two blanks in tables.
  static func isCell(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while range.lowerBound - start < 3, view.byte(start - 1) == 0x20 { start -= 1 }
    var end = range.upperBound
    while end - range.upperBound < 3, view.byte(end) == 0x20 { end += 1 }
    let (before, after) = (view.byte(start - 1), view.byte(end))
    let isOpen = "|,;\t>\n\"".utf8.contains(before) || range.lowerBound - start > 1
    let isClosed = "|,;\t<\n\r\"".utf8.contains(after) || end - range.upperBound > 1
    return isOpen && isClosed && !(before == 0x0A && after == 0x0A)
  }
}

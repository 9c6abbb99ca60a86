internal import FilterKit

/// A run of digits and of the signs that take dates apart, around a match: `12/09/2025-02/06/2026`.
struct DateRun {
  /// Its numbers, by where they stand, and the signs between them.
  private(set) var parts = Parts()
  private var signs = SIMD8<UInt8>()
  private var values = SIMD8<Int>()

  /// Where numbers stand: of more than six, no date is made, so that the first eight are kept.
  struct Parts {
    private var starts = SIMD8<Int>()
    private var ends = SIMD8<Int>()
    fileprivate(set) var count = 0

    subscript(_ index: Int) -> Range<Int> { starts[index]..<ends[index] }

    /// Whether all have one or two digits.
    var allShort: Bool { (0..<count).allSatisfy { self[$0].count <= 2 } }

    fileprivate mutating func append(_ range: Range<Int>) {
      if count < DateRun.mostParts { (starts[count], ends[count]) = (range.lowerBound, range.upperBound) }
      count += 1
    }
  }

  private static let mostParts = 8

  private static let slash = UInt8(ascii: "/")
  private static let hyphen = UInt8(ascii: "-")
  private static let longest = 24

  /// Nil where something that is no part of a date touches it.
  init?(_ view: borrowing TextView, around end: Int) {
    func isInside(_ byte: UInt8) -> Bool { Bytes.isDigit(byte) || "/.-".utf8.contains(byte) }
    var lower = view.start(before: end, limit: Self.longest, where: isInside)
    var upper = end
    while upper - end < Self.longest, isInside(view.byte(upper)) { upper += 1 }
    while lower < upper, !Bytes.isDigit(view.byte(lower)) { lower += 1 }
    while upper > lower, !Bytes.isDigit(view.byte(upper - 1)) { upper -= 1 }
    guard lower < upper, view.isFree(before: lower) || Self.isLabelled(view, lower),
      !Bytes.isJoining(view.byte(upper)),
      view.byte(upper) != UInt8(ascii: "_"),
      !"-./".utf8.contains(view.byte(upper)) || !Bytes.isJoining(view.byte(upper + 1))
        || view.beginsSentence(after: upper)
    else { return nil }
    var start = lower
    while start < upper {
      let stop = view.endOfDigits(start, limit: Self.longest)
      guard stop > start, stop - start <= 8 else { return nil }
      let index = parts.count
      parts.append(start..<stop)
      if index < Self.mostParts { values[index] = view.number(start..<stop) }
      guard stop < upper else { break }
      if index < Self.mostParts { signs[index] = view.byte(stop) }
      start = stop + 1
    }
  }

  /// What of it is one date.
  enum Form { case full, dotted, short, days, month }

  /// The date that ends where a part does; nil where none does.
  func date(endingAt end: Int) -> (range: Range<Int>, form: Form)? {
    guard parts.count <= 6, let last = (0..<parts.count).first(where: { parts[$0].upperBound == end }),
      let (first, form) = date(last)
    else { return nil }
    return (parts[first].lowerBound..<end, form)
  }

  /// The first part and the form of the date whose last part is the given one.
  private func date(_ last: Int) -> (Int, Form)? {
    let (slash, hyphen) = (Self.slash, Self.hyphen)
    switch parts.count {
    case 2:
      guard last == 1 else { return nil }
      if signs[0] != hyphen, isMonthYear(0) { return (0, .month) }
      return isPair(0) ? (0, .short) : nil
    case 3:
      // `3/15-16`
      if last == 1, signs[0] == slash, signs[1] == hyphen, isPair(0), parts[2].count <= 2,
        values[2] > values[1]
      {
        return (0, .short)
      }
      return last == 2 ? full(0).map { (0, $0) } : nil
    case 4:
      // `3/14-3/17`, `14-16/03/2026`
      if signs[1] == hyphen, isPair(0), isPair(2) {
        return last == 1 ? (0, .short) : last == 3 ? (2, .short) : nil
      }
      return last == 3 && signs[0] == hyphen && signs[1] != hyphen && full(1) != nil
        && (1...31).contains(values[0])
        && parts[0].count <= 2 ? (0, .days) : nil
    case 5:
      if signs[1] == hyphen, signs[2] == slash && isPair(0) || isDottedPair(0) && signs[2] == signs[0],
        let form = full(2)
      {
        return last == 1 ? (0, .days) : last == 4 ? (2, form) : nil
      }
      if signs[2] == hyphen, signs[0] == slash, isPair(3), let form = full(0) {
        return last == 2 ? (0, form) : last == 4 ? (3, .days) : nil
      }
      return nil
    case 6:
      guard signs[2] == hyphen || signs[2] == slash && signs[0] == hyphen, let first = full(0),
        let second = full(3)
      else { return nil }
      return last == 2 ? (0, first) : last == 5 ? (3, second) : nil
    default: return nil
    }
  }

  /// `03/14/2025`, `3-2-26`, `14.3.2025`.
  private func full(_ first: Int) -> Form? {
    guard signs[first] == signs[first + 1], parts[first].count <= 2, parts[first + 1].count <= 2,
      Self.isDay(values[first], values[first + 1])
    else { return nil }
    let (year, count) = (values[first + 2], parts[first + 2].count)
    guard count == 2 || count == 4 && (1880...2100).contains(year) else { return nil }
    return signs[first] == UInt8(ascii: ".") && count == 2 ? .dotted : .full
  }

  private func isPair(_ first: Int) -> Bool {
    signs[first] == Self.slash && parts[first].count <= 2 && parts[first + 1].count <= 2
  }

  private func isDottedPair(_ first: Int) -> Bool {
    signs[first] == UInt8(ascii: ".") && parts[first].count <= 2 && parts[first + 1].count <= 2
      && Self.isDay(values[first], values[first + 1])
  }

  private func isMonthYear(_ first: Int) -> Bool {
    parts[first].count <= 2 && (1...12).contains(values[first]) && parts[first + 1].count == 4
      && (1900...2100).contains(values[first + 1])
  }

  private static let labels: [StaticString] = [
    "dob", "birth", "born", "date", "dos", "doa", "dod", "geb", "bd", "dt",
  ]

  /// Whether a label touches a date, with or without a hyphen: `DOB30/11/1959`, `DOB-03/14/1961`.
  static func isLabelled(_ view: borrowing TextView, _ start: Int) -> Bool {
    let end = "-_".utf8.contains(view.byte(start - 1)) ? start - 1 : start
    return labels.contains {
      view.has($0, at: end - $0.utf8CodeUnitCount)
        && ($0.utf8CodeUnitCount > 3 || !Bytes.isLetter(view.byte(end - $0.utf8CodeUnitCount - 1)))
    }
  }

  static func isDay(_ one: Int, _ other: Int) -> Bool {
    (1...12).contains(one) && (1...31).contains(other) || (1...31).contains(one) && (1...12).contains(other)
  }
}

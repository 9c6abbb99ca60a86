internal import FilterKit

/// Numbers that are spelled out, as people dictate them: `five three six dash two two dash eight seven one nine`.
enum SpelledRules {
  /// Digits and separators of one number; more are none.
  static let mostWords = 24
  /// What a number's words take, with what is between them.
  private static let mostBytes = 180

  private static let digits: [StaticString] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "oh",
  ]
  private static let separators: [StaticString] = ["dash", "hyphen", "minus", "point", "dot", "space"]

  private static let phones: [StaticString] = [
    "phone", "call", "number", "cell", "mobile", "reach", "fax", "text me", "callback",
  ]

  static let all: [PatternRule] = [
    // A ZIP code of five words, behind its name: `And the zip? Five four four oh three.`
    PatternRule(
      #"(?:\b(?:zero|one|two|three|four|five|six|seven|eight|nine|oh)[ ,.-]{1,2}){4}(?:zero|one|two|three|four|five|six|seven|eight|nine|oh)\b"#
    ) { view, end in postalCode(view, end) },
    PatternRule(
      #"(?:\b(?:zero|one|two|three|four|five|six|seven|eight|nine|oh|dash|hyphen|minus|point|dot|space)[ ,.-]{1,3}){5}(?:zero|one|two|three|four|five|six|seven|eight|nine|oh)\b"#
    ) { view, end in number(view, end) },
  ]

  /// Whether a word, without its signs, is a digit: a number may begin with it.
  static func isDigit(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 2, range.count <= 5 else { return false }
    let view = TextView(text, from: range.lowerBound)
    return word(view, range) != nil && !(range.count == 5 && view.has("point", at: range.lowerBound))
  }

  /// The value of a word: a digit, or -1 for a separator; nil for any other.
  private static func word(_ view: borrowing TextView, _ range: Range<Int>) -> Int? {
    for (value, name) in digits.enumerated()
    where name.utf8CodeUnitCount == range.count && view.has(name, at: range.lowerBound) {
      return value == 10 ? 0 : value
    }
    for name in separators
    where name.utf8CodeUnitCount == range.count && view.has(name, at: range.lowerBound) {
      return -1
    }
    return nil
  }

  private static func postalCode(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end
    for count in 0..<6 {
      var stop = start
      while count > 0, start - stop < 2, " ,.-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
      let first = view.start(before: stop, limit: 8, where: Bytes.isLetter)
      let isDigit = first < stop && (word(view, first..<stop) ?? -1) >= 0
      if count == 5 {
        // Of more than five, it is another number.
        guard !isDigit else { return nil }
        break
      }
      guard isDigit else { return nil }
      start = first
    }
    let before = max(view.lowerBound, start - 48)..<start
    guard
      view.contains("zip", in: before) || view.contains("postal code", in: before)
        || view.contains("postcode", in: before)
    else { return nil }
    return Candidate(range: start..<end, kind: "ZIP", confidence: 8000, detector: "phi/spelled")
  }

  private static func number(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    // A longer one ends later.
    var next = end
    while next - end < 3, " ,.-".utf8.contains(view.byte(next)) { next += 1 }
    if next > end {
      var stop = next
      while stop - next < 8, Bytes.isLetter(view.byte(stop)) { stop += 1 }
      if let value = word(view, next..<stop), value >= 0 { return nil }
    }
    var values: [UInt8] = []
    var groups: [Int] = [0]
    var start = end
    var position = end
    for _ in 0..<mostWords {
      let first = view.start(before: position, limit: 8, where: Bytes.isLetter)
      guard let value = word(view, first..<position), end - first < mostBytes else { break }
      if value >= 0 {
        values.append(UInt8(value) + 0x30)
        groups[groups.count - 1] += 1
        start = first
      } else {
        groups.append(0)
      }
      let gap = view.start(before: first, limit: 3) { " ,.-".utf8.contains($0) }
      guard gap < first else { break }
      if first - gap > 1, groups.last != 0 { groups.append(0) }
      position = gap
    }
    values.reverse()
    return judge(view, start..<end, values, Array(groups.filter { $0 > 0 }.reversed()))
  }

  /// What a row of digits is, by its length, its groups, and what is said before it.
  private static func judge(
    _ view: borrowing TextView, _ range: Range<Int>, _ digits: [UInt8], _ groups: [Int]
  ) -> Candidate? {
    guard (6...19).contains(digits.count) else { return nil }
    func found(_ kind: Kind, _ confidence: UInt32) -> Candidate {
      Candidate(range: range, kind: kind, confidence: confidence, detector: "phi/spelled")
    }
    if digits.count == 9, view.hasBefore(range.lowerBound, within: 40, ["ssn", "social"]) {
      return found("SSN", 9000)
    }
    if groups == [3, 2, 4] { return found("SSN", Validators.ssn(digits) ? 8500 : 7000) }
    if view.hasBefore(range.lowerBound, within: 32, ["mrn", "record", "chart"]) { return found("MRN", 8500) }
    if view.hasBefore(range.lowerBound, within: 32, ["card", "account", "acct"]) {
      return found("ACCOUNT", 8500)
    }
    if view.hasBefore(
      range.lowerBound, within: 32, ["member", "policy", "medicare", "medicaid", "insurance"])
    {
      return found("HEALTH_PLAN", 8500)
    }
    guard digits.count > 6 else { return nil }
    let isPhone = [7, 10, 11].contains(digits.count)
    if isPhone, view.hasBefore(range.lowerBound, within: 32, phones) {
      return found("PHONE", 8500)
    }
    if groups == [3, 3, 4] || groups == [3, 4] { return found("PHONE", 7500) }
    // Somebody who counts says nothing.
    let isCounting = zip(digits, digits.dropFirst()).allSatisfy { (one: UInt8, next: UInt8) in
      next == one &+ 1 || next == one &- 1
    }
    return isCounting || Set(digits).count < 3 ? nil : found(digits.count == 10 ? "PHONE" : "ID", 6000)
  }
}

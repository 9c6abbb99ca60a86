internal import FilterKit

/// Telephones that are told with words and digits mixed, as people and what writes down their speech have them: `seven oh one 555 01 38`,
/// `nine five two, five five five, oh one, uh, seventy`, `9 1 9, triple 5, 0 1 3 7`.
enum SpokenPhones {
  private static let words =
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"

  static let all: [PatternRule] = [
    // Three parts of which the first is a word; the rest is walked over.
    PatternRule(
      built:
        #"\b(?:\#(words))[ ,.-]{1,3}(?:(?:uh|um),? )?(?:\#(words)|\d{1,4})[ ,.-]{1,3}(?:(?:uh|um),? )?(?:\#(words)|\d{1,4})\b"#
    ) { view, end in number(view, end) }
  ]

  /// What a stream waits for behind a digit is more runs than these.
  private static let mostParts = 12
  private static let called: [StaticString] = [
    "call", "text", "reach", "phone", "number", "callback", "cell", "mobile", "fax", "at ", "dial", "ring",
    "whatsapp",
  ]
  private static let paged: [StaticString] = [
    "page me", "pager", "call me", "extension", "bleep", "callback",
  ]

  private enum Part {
    case digits(Int)
    /// `double` and `triple`: so many of what follows, less the one itself.
    case more(Int)
    case filler
  }

  private static let values: [UInt64: Part] = {
    var values: [UInt64: Part] = [:]
    for hash in Lexicon.hashes(of: "zero oh one two three four five six seven eight nine") {
      values[hash] = .digits(1)
    }
    for hash in Lexicon.hashes(of: "twenty thirty forty fifty sixty seventy eighty ninety ten eleven twelve")
    { values[hash] = .digits(2) }
    values[Lexicon.hashes(of: "double")[0]] = .more(1)
    values[Lexicon.hashes(of: "triple")[0]] = .more(2)
    for hash in Lexicon.hashes(of: "uh um area code") { values[hash] = .filler }
    return values
  }()

  private static func part(_ view: borrowing TextView, _ range: Range<Int>) -> Part? {
    guard !range.isEmpty, range.count <= 8 else { return nil }
    if Bytes.isDigit(view.byte(range.lowerBound)) {
      return range.count <= 4 && range.allSatisfy { Bytes.isDigit(view.byte($0)) }
        ? .digits(range.count) : nil
    }
    return values[view.hash(range)]
  }

  /// The number around a match: its parts to the left and to the right, and how many digits they are.
  private static func number(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    var end = match
    for _ in 0..<mostParts {
      guard let next = partBehind(view, end) else { break }
      end = next
    }
    var (start, digits, parts, wordCount) = (end, 0, 0, 0)
    var position = end
    while parts < mostParts {
      let first = view.start(before: position, limit: 9, where: Bytes.isJoining)
      guard let part = part(view, first..<position) else { break }
      switch part {
      case .digits(let count):
        digits += count
        start = first
        if Bytes.isLetter(view.byte(first)) { wordCount += 1 }
      case .more(let count):
        digits += count
        start = first
        wordCount += 1
      case .filler:
        // One at the end is none of the number's.
        if start == end { end = first }
      }
      parts += 1
      let gap = view.start(before: first, limit: 3) { " ,.-".utf8.contains($0) }
      guard gap < first else { break }
      position = gap
    }
    guard wordCount > 0, parts >= 3 else { return nil }
    let isWhole = [7, 10, 11].contains(digits) && view.hasBefore(start, within: 60, called)
    let isPager = (4...5).contains(digits) && view.hasBefore(start, within: 12, paged)
    guard isWhole || isPager || digits == 10 && wordCount > 3 else { return nil }
    return Candidate(
      range: start..<end, kind: PhoneRules.isFax(view, start..<end) ? "FAX" : "PHONE",
      confidence: isWhole ? 7500 : 6000,
      detector: "phi/phone-spoken")
  }

  /// Where another part ends behind a position; nil where none follows.
  private static func partBehind(_ view: borrowing TextView, _ end: Int) -> Int? {
    var start = end
    while start - end < 3, " ,.-".utf8.contains(view.byte(start)) { start += 1 }
    var stop = start
    while stop - start < 9, Bytes.isJoining(view.byte(stop)) { stop += 1 }
    guard start > end, let part = part(view, start..<stop) else { return nil }
    if case .filler = part { return partBehind(view, stop) }
    return stop
  }
}

internal import FilterKit

/// Names that are spelled letter by letter, as people do on the telephone: `S-C-H-U-H`.
enum SpelledNames {
  static let all: [PatternRule] = [
    PatternRule(#"\b[a-z](?:-[a-z]){2,15}\b"#) { view, end in spelled(view, end) }
  ]

  private static let cues: [StaticString] = ["spell", "name", "that's", "thats", "letters"]

  private static func spelled(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let sign = UInt8(ascii: "-")
    // A longer one ends later.
    guard view.byte(end) != sign || !Bytes.isLetter(view.byte(end + 1)) || Bytes.isLetter(view.byte(end + 2))
    else {
      return nil
    }
    var start = end - 1
    var letters = 1
    while letters < 16, view.byte(start - 1) == sign, Bytes.isLetter(view.byte(start - 2)),
      !Bytes.isJoining(view.byte(start - 3))
    {
      start -= 2
      letters += 1
    }
    guard letters > 2, !Bytes.isJoining(view.byte(start - 1)), view.byte(start - 1) != sign
    else { return nil }
    let isCued = view.hasBefore(start, within: 40, cues)
    guard isCued || letters > 3 && !isWord(view, start..<end) else { return nil }
    guard !isRow(view, start..<end) else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 7500, detector: "phi/name-spelled")
  }

  /// Whether the letters make an English word: somebody spells it out for a reason of another kind.
  private static func isWord(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var hash = Lexicon.emptyHash
    for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
      hash = Lexicon.hash(hash, view.byte(index) | 0x20)
    }
    let classes = Lexicon.classes(hash)
    return classes.contains(.word) && !classes.isName
  }

  /// Whether the letters follow the alphabet, or are one again and again: `A-B-C-D`, `a-c-e-g`.
  private static func isRow(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    stride(from: range.lowerBound, to: range.upperBound - 2, by: 2).allSatisfy {
      let step = Int(view.byte($0 + 2) | 0x20) - Int(view.byte($0) | 0x20)
      return abs(step) < 3
    }
  }
}

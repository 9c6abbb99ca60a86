internal import FilterKit

/// Who speaks in a chat that is written in lower case, before a colon or a time: `raj: anyone know`, `lev 4:56pm`.
enum ChatSpeakers {
  static let all: [PatternRule] = [
    PatternRule(#"(?:\n|\] )[a-z][a-z_-]{1,16}(?: [a-z]\.?)?: [a-z\"'?!@]"#, caseless: false) { view, end in
      colon(view, end - 3)
    },
    PatternRule(#"(?:\n|\] )[a-z][a-z_-]{1,16} {1,2}\d{1,2}:\d\d ?(?:[ap]m)?(?:\n|  )"#) { view, end in
      time(view, end)
    }
    .beforeDigits(),
  ]

  /// A given name that begins a line, with a sentence behind its colon.
  private static func colon(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = view.start(before: end, limit: 20) { Bytes.isLower($0) || "_-. ".utf8.contains($0) }
    while start < end, view.byte(start) == 0x20 { start += 1 }
    guard isLineStart(view, start), isGiven(view, start..<end), isSentence(view, end + 2) else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 7500, detector: "phi/name-speaker")
  }

  private static func time(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    let digits = view.start(before: match, limit: 12) {
      !Bytes.isLetter($0) || $0 == UInt8(ascii: "m") || $0 | 0x20 == UInt8(ascii: "a")
        || $0 | 0x20 == UInt8(ascii: "p")
    }
    var end = max(digits, view.lowerBound)
    while end < match, !Bytes.isDigit(view.byte(end)) { end += 1 }
    while end > view.lowerBound, view.byte(end - 1) == 0x20 { end -= 1 }
    let start = view.start(before: end, limit: 17) {
      $0 < 0x80 && Bytes.isLetter($0) || "_-".utf8.contains($0)
    }
    guard start < end, isLineStart(view, start), isGiven(view, start..<end) else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 7500, detector: "phi/name-speaker")
  }

  private static func isLineStart(_ view: borrowing TextView, _ start: Int) -> Bool {
    start == 0 || view.byte(start - 1) == 0x0A
      || view.byte(start - 1) == 0x20 && view.byte(start - 2) == UInt8(ascii: "]")
  }

  /// Whether words follow, as people write them, and no value of a setting.
  private static func isSentence(_ view: borrowing TextView, _ start: Int) -> Bool {
    var words = 0
    var index = start
    while index - start < 60, words < 2 {
      let byte = view.byte(index)
      if byte == 0x0A || "{}[]=<>".utf8.contains(byte) { break }
      if byte == 0x20, Bytes.isLetter(view.byte(index + 1)) { words += 1 }
      index += 1
    }
    return words >= 2
  }

  private static func isGiven(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    // The first part of `beth-ann`, `priyanka s`.
    var end = range.lowerBound
    while end < range.upperBound, Bytes.isLetter(view.byte(end)) { end += 1 }
    let hash = Lexicon.hash(view.text, range.lowerBound..<end)
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let facts = model.facts(hash)
    return (facts.given > 2 || facts.foreign & 1 == 1 && facts.given > 0) && !facts.isWord
      && !Lexicon.classes(hash).contains(.word) && !ModelNames.isModel(hash)
  }
}

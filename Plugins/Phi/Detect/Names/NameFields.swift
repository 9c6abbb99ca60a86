internal import FilterKit

/// Names that short keys of programs and logs say, in quotes or in pairs: `given: "Sédar", family: "N'Diaye"`, `LN=KNUTSEN FN=ARLENE`,
/// and SQL's national literals: `N'Bo Li'`.
enum NameFields {
  static let all: [PatternRule] = [
    PatternRule(#"\b(?:given|family|first|last|fore|sur|middle)["']?\s?[:=]\s?\[?\s?["']"#) { view, end in
      literal(view, end)
    },
    PatternRule(#"\b(?:ln|fn|gn|sn|lname|fname|lastname|firstname)=[a-z]"#) { view, end in
      short(view, end - 1)
    },
    PatternRule(#"[(,] ?N'[A-Z]"#, caseless: false) { view, end in national(view, end - 1) },
  ]

  private static let longest = 48

  /// What a key of parts of names has in quotes; `first` and `last` say so only beside each other.
  private static func literal(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let quote = view.byte(end - 1)
    guard let range = value(view, from: end, until: { $0 == quote }) else { return nil }
    let key = view.start(before: end, limit: 24) { $0 != 0x0A && !",({;".utf8.contains($0) }
    let isFirst = view.contains("first", in: key..<end)
    if isFirst || view.contains("last", in: key..<end) {
      let other: StaticString = isFirst ? "last" : "first"
      guard
        view.contains(other, in: max(view.lowerBound, key - 48)..<min(view.text.count, range.upperBound + 40))
      else { return nil }
    }
    return Candidate(range: range, kind: "NAME", confidence: 8800, detector: "phi/name-key")
  }

  /// `LN=KNUTSEN FN=ARLENE`: one of them by itself may be anything.
  private static func short(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard Bytes.isUpper(view.byte(start)) || view.byte(start - 3) | 0x20 != view.byte(start - 3),
      let range = value(view, from: start, until: { $0 <= 0x20 || ",;&|\"'<>)".utf8.contains($0) })
    else { return nil }
    let key = view.start(before: start - 1, limit: 12, where: Bytes.isLetter)
    let isFamily = view.byte(key) | 0x20 == UInt8(ascii: "l") || view.byte(key) | 0x20 == UInt8(ascii: "s")
    let around = max(view.lowerBound, key - 40)..<min(view.text.count, range.upperBound + 40)
    let others: [StaticString] =
      isFamily ? ["fn=", "gn=", "fname=", "firstname="] : ["ln=", "sn=", "lname=", "lastname="]
    guard others.contains(where: { view.contains($0, in: around) }) else { return nil }
    return Candidate(range: range, kind: "NAME", confidence: 8800, detector: "phi/name-key")
  }

  /// A literal of names and nothing else; one word has to be in a list.
  private static func national(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard let range = value(view, from: start, until: { $0 == UInt8(ascii: "'") }) else { return nil }
    var isGiven = false
    var isFamily = false
    var words = 0
    var first = range.lowerBound
    for index in range.lowerBound...range.upperBound
    where index == range.upperBound || view.byte(index) == 0x20 {
      let classes = Lexicon.classes(Lexicon.hash(view.text, first..<index))
      if classes.contains(.word), !classes.isName { return nil }
      if classes.contains(.given) { isGiven = true }
      if classes.contains(.family) { isFamily = true }
      words += 1
      first = index + 1
    }
    guard isGiven && isFamily || (isGiven || isFamily) && words > 1 else { return nil }
    return Candidate(range: range, kind: "NAME", confidence: 8000, detector: "phi/name-key")
  }

  /// Letters that begin with a capital, up to a sign: a name or what is written like one.
  private static func value(_ view: borrowing TextView, from start: Int, until isEnd: (UInt8) -> Bool)
    -> Range<Int>?
  {
    var end = start
    while end - start < longest, end < view.text.count, !isEnd(view.byte(end)) {
      // An apostrophe between letters belongs to the name, even where it ends the text of SQL.
      let byte = view.byte(end)
      guard Bytes.isLetter(byte) || " .'-".utf8.contains(byte) else { return nil }
      end += 1
    }
    guard end - start > 1, end - start < longest, isEnd(view.byte(end)) else { return nil }
    let first = view.byte(start)
    guard Bytes.isUpper(first) || first >= 0x80 else { return nil }
    let classes = Lexicon.classes(Lexicon.hash(view.text, start..<end))
    return classes.contains(.word) && !classes.isName ? nil : start..<end
  }
}

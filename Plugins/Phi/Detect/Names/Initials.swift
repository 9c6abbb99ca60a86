internal import FilterKit

/// Initials that a word says to be somebody's: `(initials R.D.)`, `Pt initials: JB`, `initialed EUB`, `rph tb`, `T.W. 34M`, `JFP/ml`
/// where somebody dictated.
enum Initials {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:initials(?: (?:is|are|of))?|initialled|initialed|rph|signed off by|sig)(?:[.:] {0,2}| {1,2})[\"'(]?[a-z]"#
    ) { view, end in behind(view, end - 1) },
    PatternRule(#"\b[A-Z]\.(?:[A-Za-z]\.|-[A-Z]\.){1,3} ?\d{1,3} ?(?:[MF]|y/?o|yo)\b"#, caseless: false) {
      view, end in
      aged(view, end)
    },
    PatternRule(
      #"\b(?:[Cc]lient|[Pp]atient|[Pp]t|[Ss]ubject|[Ss]tudent|[Pp]eer|[Rr]esident|[Cc]hild|[Mm]inor|[Mm]atter of|[Mm]other|[Ff]ather|only as)(?: is|:)? {1,2}[A-Z]\.[ -]?[A-Z]\."#,
      caseless: false
    ) { view, end in announced(view, end) },
    PatternRule(#"[.!?] {1,2}(?:-{1,2}|\xE2\x80[\x93\x94]) ?[A-Za-z]{1,3}"#, caseless: false) { view, end in
      signed(view, end)
    },
  ]

  private static func found(_ range: Range<Int>, _ confidence: UInt32 = 8000) -> Candidate {
    Candidate(range: range, kind: "NAME", confidence: confidence, detector: "phi/name-initials")
  }

  /// Two to four letters, each with a full stop or a hyphen behind it or none: of one case, and no word.
  private static func behind(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var end = start
    var letters = 0
    var capitals = 0
    while end - start < 10,
      Bytes.isLetter(view.byte(end)) || letters > 0 && ".-".utf8.contains(view.byte(end))
    {
      if Bytes.isLetter(view.byte(end)) {
        letters += 1
        if Bytes.isUpper(view.byte(end)) { capitals += 1 }
      }
      end += 1
    }
    if view.byte(end - 1) == UInt8(ascii: "-") { return nil }
    if view.byte(end - 1) == UInt8(ascii: "."), letters > 1, Bytes.isLetter(view.byte(end - 2)),
      Bytes.isLetter(view.byte(end - 3))
    {
      end -= 1
    }
    guard (2...4).contains(letters), !Bytes.isJoining(view.byte(end)) else { return nil }
    if capitals < 2 {
      guard capitals == 0, letters < 4, !isWord(view, start..<end),
        view.byte(end) <= 0x20 || ",;.)/".utf8.contains(view.byte(end))
      else { return nil }
    }
    return found(start..<end)
  }

  private static func isWord(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let hash = Lexicon.hash(view.text, range)
    guard case .success(let model) = TaggerModel.shipped else { return true }
    return Lexicon.classes(hash).contains(.word) || model.facts(hash).isWord || nobodys.contains(hash)
  }

  /// Short words of orders and answers, and units.
  private static let nobodys = WordSet(
    words: """
      po iv im sq sc hs qd bid tid qid prn ac pc od os ou ad ns rx dx hx tx sx pt ot st rt lt na nb ps re am pm mg ml kg cm mm hr hrs wk mo
      yo min dl ul mcg mmol iu tab cap inj sol neb ok no yes wnl nad ra vs pr per for the and not was has did is are of to by in on at qty
      """)

  /// `A.T. 61F`: who a list of cases is about.
  private static func aged(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var stop = end
    while stop > view.lowerBound, end - stop < 9, view.byte(stop - 1) != UInt8(ascii: ".") { stop -= 1 }
    let start = view.start(before: stop, limit: 9) { Bytes.isLetter($0) || ".-".utf8.contains($0) }
    guard stop - start >= 4, view.isFree(before: start) else { return nil }
    return found(start..<stop)
  }

  /// `Client: T.W.`, `in the matter of A.R.W.`: up to four letters, each with its full stop.
  private static func announced(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    let start = view.start(before: match, limit: 6) { Bytes.isUpper($0) || ".- ".utf8.contains($0) }
    var first = start
    while first < match, !Bytes.isUpper(view.byte(first)) { first += 1 }
    var end = match
    for _ in 0..<2 where Bytes.isUpper(view.byte(end)) && view.byte(end + 1) == UInt8(ascii: ".") { end += 2 }
    guard match - first >= 4, !Bytes.isJoining(view.byte(end)) else { return nil }
    return found(first..<end)
  }

  /// Two or three capitals with a slash and as many small letters behind them.
  static func word(_ view: borrowing TextView, _ word: Word) -> Candidate? {
    guard word.length == 2 || word.length == 3, view.byte(word.range.upperBound) == UInt8(ascii: "/") else {
      return nil
    }
    let typist = word.range.upperBound + 1
    var end = typist
    while end - typist < 4, Bytes.isLower(view.byte(end)) { end += 1 }
    return end - typist == 2 || end - typist == 3 ? dictated(view, word.range.lowerBound..<end) : nil
  }

  /// Who dictated and who typed, where the line says so: `Dictated not read. JFP/cl`, `JFP/cl  D: 05-30`.
  private static func dictated(_ view: borrowing TextView, _ range: Range<Int>) -> Candidate? {
    let (start, end) = (range.lowerBound, range.upperBound)
    guard view.isFree(before: start), !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: "/"),
      view.hasBefore(start, within: 60, ["dictat", "transcri", "typed"]) || view.has("d:", at: end + 1)
        || view.has("d:", at: end + 2) || view.has("t:", at: end + 2)
    else { return nil }
    return found(start..<end)
  }

  /// A dash and letters at the end of a line, behind a sentence: `will call in the morning. -kjs`.
  private static func signed(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let start = view.start(before: end, limit: 4, where: { $0 < 0x80 && Bytes.isLetter($0) })
    let count = end - start
    let isUpper = Bytes.isUpper(view.byte(start))
    guard view.byte(end) == 0x0A || view.byte(end) == 0x0D, count > 1 || isUpper,
      (start..<end).allSatisfy({ Bytes.isUpper(view.byte($0)) == isUpper }),
      !isWord(view, start..<end)
    else { return nil }
    return found(start..<end, 7000)
  }
}

internal import FilterKit

/// Numbers inside of a house, that only who answers them tells: `RN Adaeze x4-3317`, `- O'Dell NP x70313`, `my pgr 8-4471`,
/// `Bexley 4-4417`, `Eilidh Sim FY1, page 3316`.
enum Extensions {
  static let all: [PatternRule] = [
    // `x2000 mL` and `x4096 pixels` count something; who answers ends a phrase.
    PatternRule(#"\bx(?:\d-)?\d{4,5}\b"#) { view, end in
      let start = view.start(before: end, limit: 8) { Bytes.isJoining($0) || $0 == UInt8(ascii: "-") }
      guard view.byte(start) | 0x20 == UInt8(ascii: "x"), isEnd(view, end), isPerson(view, start),
        !ProgramContext.isProgram(view, start)
      else { return nil }
      return NationalPhoneRules.candidate(view, start..<end, 6300)
    }.beforeDigits(),
    PatternRule(#"\b(?:pgr|pager|bleep|beeper|pgr#|pager#)(?: no\.?| is)?[ :#]{0,3}(?:\d-)?\d{4,6}\b"#) {
      view, end in
      let start = view.start(before: end, limit: 8) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
      return view.isAlone(start..<end) ? NationalPhoneRules.candidate(view, start..<end, 7000) : nil
    }.beforeDigits(),
    // `ext. x4471`; and what calls a pager, beside who carries it: `Bhattacharya p4471`.
    PatternRule(#"\bext\.? x\d{4,5}\b"#) { view, end in
      let start = view.start(before: end, limit: 6, where: Bytes.isJoining)
      return NationalPhoneRules.candidate(view, start..<end, 7000)
    }.beforeDigits(),
    PatternRule(#"\bp\d{4}\b"#, caseless: false) { view, end in
      guard isEnd(view, end), isPerson(view, end - 5), !ProgramContext.isProgram(view, end) else {
        return nil
      }
      return NationalPhoneRules.candidate(view, end - 5..<end, 6000)
    }.beforeDigits(),
    // A signature's: `, page 3316`.
    PatternRule(#"[a-z0-9], (?:page|pg|bleep|blp|ext) \d{4,5}[.\n]"#) { view, end in
      let start = view.start(before: end - 1, limit: 5, where: Bytes.isDigit)
      return NationalPhoneRules.candidate(view, start..<end - 1, 6500)
    }.beforeDigits(),
    // `call Sanjana at 88120`
    PatternRule(#"\b(?:call|page|ring|bleep|dial)(?: [a-z.']{1,16}){1,3} (?:at|on|@) \d{4,5}\b"#) {
      view, end in
      let start = view.start(before: end, limit: 5, where: Bytes.isDigit)
      guard
        isEnd(view, end) || view.has(" re", at: end) || view.has(" for", at: end) || view.has(" w", at: end),
        !(end - start == 4 && view.number(start..<end) < 2400 && view.number(start + 2..<end) < 60)
      else { return nil }
      return NationalPhoneRules.candidate(view, start..<end, 6000)
    }.beforeDigits(),
    // Somebody's on a list of whom to call: `Bexley 4-4417`.
    PatternRule(#"[a-z] [2-9]-\d{4}\b"#) { view, end in
      let start = end - 6
      guard view.isAlone(start..<end), isPerson(view, start), !ProgramContext.isProgram(view, start) else {
        return nil
      }
      return NationalPhoneRules.candidate(view, start..<end, 6000)
    }.beforeDigits(),
  ]

  /// Whether nothing that is counted follows.
  private static func isEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    let next = view.byte(end)
    return next == 0x0A || next == 0x0D || ",;:)".utf8.contains(next)
      || next == UInt8(ascii: ".") && !Bytes.isJoining(view.byte(end + 1)) || view.has("  ", at: end)
      || next == 0x20 && Bytes.isUpper(view.byte(end + 1)) || view.has(" /", at: end)
  }

  private static let roles = WordSet(
    words: """
      rn np pa md do cna lpn lvn rt pt ot ccc icu er ed or lab bank pharmacy desk charge sup unit ward fellow resident intern hospitalist
      me office clerk secretary triage helpdesk front
      """)

  /// Whether a role, a ward or somebody's name stands before a number.
  private static func isPerson(_ view: borrowing TextView, _ start: Int) -> Bool {
    var end = start
    while start - end < 2, " (,".utf8.contains(view.byte(end - 1)) { end -= 1 }
    // `RN Adaeze 7N x4-3317`
    let ward = view.start(before: end, limit: 3, where: Bytes.isJoining)
    if end - ward == 2, Bytes.isDigit(view.byte(ward)), Bytes.isUpper(view.byte(ward + 1)) { end = ward - 1 }
    guard let word = view.word(before: end, gap: 1), case .success(let model) = TaggerModel.shipped else {
      return false
    }
    let hash = view.hash(word)
    if roles.contains(hash) { return true }
    // A capital X is a thing's name as well: `X25519`.
    guard view.byte(start) != UInt8(ascii: "X"), Bytes.isUpper(view.byte(word.lowerBound)), word.count > 2
    else { return false }
    let (facts, classes) = (model.facts(hash), Lexicon.classes(hash))
    return !facts.isDrug && !facts.isDisease
      && (classes.isName || facts.given > 3 || facts.family > 3 || !classes.contains(.word) && !facts.isWord)
  }
}

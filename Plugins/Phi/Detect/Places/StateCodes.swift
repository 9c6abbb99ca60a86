internal import FilterKit

/// Which ZIP codes a state has, by their first digit, and the abbreviations of states that people wrote before they had two letters
/// (USPS Publication 28, appendix B).
enum StateCodes {
  /// By the first digit.
  private static let groups: [WordSet] = [
    "ct ma me nh nj pr ri vt", "de ny pa", "dc md nc sc va wv", "al fl ga ms tn", "in ky mi oh",
    "ia mn mt nd sd wi", "il ks mo ne",
    "ar la ok tx", "az co id nm nv ut wy", "ak ca hi or wa",
  ].map { WordSet(words: $0) }

  /// Whether a state has codes that begin as the digits at a position do.
  static func has(_ view: borrowing TextView, _ state: Range<Int>, _ code: Int) -> Bool {
    guard Bytes.isDigit(view.byte(code)) else { return false }
    return groups[Int(view.byte(code) - 0x30)].contains(view.hash(state))
  }

  static let all: [PatternRule] = [
    // `Benton, Miss. 39039`
    PatternRule(
      all:
        #"\b(?:Ala|Ariz|Ark|Calif|Cal|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kans?|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Nebr?|Nev|N\. ?H|N\. ?J|N\. ?M|N\. ?Y|N\. ?C|N\. ?D|Okla|Oreg?|Penna?|Pa|R\. ?I|S\. ?C|S\. ?D|Tenn|Tex|Vt|Va|Wash|W\. ?Va|Wis|Wyo|D\. ?C)\.,? {1,2}\d{5}\b"#,
      caseless: false
    ) { view, end, emit in abbreviated(view, end, emit) }.beforeDigits(),
    // Read from paper: `VT O5lO1`, `ME ZIP O4654`.
    PatternRule(#"\b[A-Z]{2},? (?:Z[I1l]P:? )?[0-9OolIS]{5}\b"#, caseless: false) { view, end in
      let code = end - 5..<end
      let digits = code.count { Bytes.isDigit(view.byte($0)) }
      var stop = view.start(before: code.lowerBound, limit: 5) {
        Bytes.isJoining($0) || " :,".utf8.contains($0)
      }
      if !view.has("z", at: stop) || !view.has("p", at: stop + 2) { stop = code.lowerBound }
      while " ,".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
      guard (2...4).contains(digits), !Bytes.isJoining(view.byte(end)),
        AddressWords.states.contains(view.hash(stop - 2..<stop)),
        view.isFree(before: stop - 2), !ProgramContext.isProgram(view, stop)
      else { return nil }
      return Candidate(range: code, kind: "ZIP", confidence: 7500, detector: "phi/zip")
    },
    // In columns: `BREAUX BRIDGE  LA  70517`.
    PatternRule(#"[A-Z]  [A-Z]{2} {1,2}\d{5}\b"#, caseless: false) { view, end in
      let state = view.start(before: end, limit: 9) { $0 == 0x20 || Bytes.isDigit($0) } - 2
      guard isZip(view, end), has(view, state..<state + 2, end - 5) else { return nil }
      var start = state - 2
      for _ in 0..<3 {
        let word = view.start(before: start, limit: 20) { Bytes.isUpper($0) || ".'-".utf8.contains($0) }
        guard word < start, view.byte(word - 1) == 0x20 else { break }
        start = word
        guard view.byte(word - 2) > 0x20 else { break }
        start = word - 1
      }
      while view.byte(start) == 0x20 { start += 1 }
      guard state - 2 - start > 2 else { return nil }
      return Candidate(range: start..<state - 2, kind: "CITY", confidence: 8500, detector: "phi/city")
    }.beforeDigits(),
    // A state's letters and its code, each in a cell or a line of its own: `WA / 98550`.
    PatternRule(all: #"[,\n|/\t;] ?[A-Z]{2}(?: ?[/|\t;] ?|\r?\n)\d{5}\b"#, caseless: false) {
      view, end, emit in
      cells(view, end, emit)
    }.beforeDigits(),
  ]

  private static func isZip(_ view: borrowing TextView, _ end: Int) -> Bool {
    !Bytes.isJoining(view.byte(end))
      && !(view.byte(end) == UInt8(ascii: "-") && Bytes.isJoining(view.byte(end + 1)))
  }

  private static func zip(_ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "ZIP", confidence: 9000, detector: "phi/zip")
  }

  private static func abbreviated(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    guard isZip(view, end) else { return }
    emit(zip(end - 5..<end))
    // Back over the state to the town.
    var state = end - 5
    while state > view.lowerBound, end - state < 18, view.byte(state - 1) != UInt8(ascii: ","),
      view.byte(state - 1) != 0x0A
    { state -= 1 }
    guard view.byte(state - 1) == UInt8(ascii: ","),
      let field = AddressFields.field(view, endingAt: state - 1),
      let town = AddressFields.town(view, field)
    else { return }
    emit(Candidate(range: town, kind: "CITY", confidence: 8800, detector: "phi/city"))
  }

  private static func cells(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    guard isZip(view, end) else { return }
    let code = end - 5..<end
    var stop = code.lowerBound
    while stop > view.lowerBound, !Bytes.isUpper(view.byte(stop - 1)) { stop -= 1 }
    guard has(view, stop - 2..<stop, code.lowerBound), !ProgramContext.isProgram(view, stop - 2) else {
      return
    }
    emit(zip(code))
  }
}

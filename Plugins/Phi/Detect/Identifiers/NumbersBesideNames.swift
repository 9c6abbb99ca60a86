internal import FilterKit

/// Numbers of people without a label, by the name that touches them: before one in a row, a list or brackets (`412077 (HATFIELD LORENE`,
/// `7710345,Nguyen, Bao`), with one in the name of a file (`GARNER_OPAL_449120`), behind an officer's (`Ofc. Begay #441`), in HL7's
/// XCN wherever it stands (`1215900472^MANGANELLO^TONI`).
enum NumbersBesideNames {
  static let all: [PatternRule] = [
    PatternRule(#"\d[-/]?\d[A-Z]?(?:[ ,;|~\t]{1,5}| {6,12}| \| {0,8})\(?[A-Z][A-Za-z'-]"#, caseless: false) {
      view, end in
      before(view, end - 2)
    }.beforeDigits(),
    // The VA's short name for a patient: the family name's first letter and four digits.
    PatternRule(#" [A-Z]\d{4}"#, caseless: false) { view, end in lastFour(view, end - 5) }.beforeDigits(),
    PatternRule(#"\bpid=\d{5}"#) { view, end in
      var stop = end
      while stop - end < 6, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      return view.has(" name=", at: stop) || view.has(" pname=", at: stop)
        ? Candidate(range: end - 5..<stop, kind: "MRN", confidence: 8000, detector: "phi/number-before-name")
        : nil
    }.beforeDigits(),
    PatternRule(#"\d{4}\^[a-z][a-z'-]{1,30}\^[a-z]"#) { view, end in person(view, end - 1) }.beforeDigits(),
    PatternRule(#"[_/\\-][a-z]?\d{6}"#) { view, end in file(view, end) }.beforeDigits(),
    PatternRule(
      #"\b(?:ofc|ofcr|officer|det|detective|tpr|trooper|deputy|dep|sgt|cpl|const|constable|agent)\.? (?:[a-z][a-z.'-]{0,20} ){1,2}(?:#|badge |star )#? ?\d{2}"#
    ) { view, end in officer(view, end) }.beforeDigits(),
    PatternRule(#"\b(?:badge|star|shield|dsn)(?: no\.?)? ?#? ?\d{3}"#) { view, end in
      officer(view, end)
    }.beforeDigits(),
    // A label that touches its value: `rx7541902`, `SN8768203`.
    PatternRule(#"\b(?:mrn|rx|sn|acct|csn)\d{6}"#) { view, end in
      var stop = end
      while stop - end < 6, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      guard !Bytes.isJoining(view.byte(stop)), !"_(".utf8.contains(view.byte(stop)) else { return nil }
      let kind: Kind =
        switch view.byte(end - 7) | 0x20 {
        case UInt8(ascii: "x"): "ID"
        case UInt8(ascii: "t"): "ACCOUNT"
        default:
          view.byte(end - 8) | 0x20 == UInt8(ascii: "r")
            ? "MRN" : view.byte(end - 9) | 0x20 == UInt8(ascii: "c") ? "ID" : "DEVICE"
        }
      return Candidate(range: end - 6..<stop, kind: kind, confidence: 8500, detector: "phi/touching-label")
    }.beforeDigits(),
  ]

  private static let longestWord = 24

  private struct Listed {
    let end: Int
    let isName: Bool
    let isOnlyName: Bool
    let isWord: Bool
  }

  /// What the lists say of the word that begins at a position.
  private static func word(_ view: borrowing TextView, _ start: Int) -> Listed {
    var end = start
    while end - start < longestWord, Bytes.isLetter(view.byte(end)) || "'-".utf8.contains(view.byte(end)) {
      end += 1
    }
    guard end - start >= 2, case .success(let model) = TaggerModel.shipped else {
      return Listed(end: end, isName: false, isOnlyName: false, isWord: false)
    }
    let hash = Lexicon.hash(view.text, start..<end)
    let (classes, facts) = (Lexicon.classes(hash), model.facts(hash))
    let isWord = classes.contains(.word) || facts.isWord
    let isListed = !classes.contains(.never) && (classes.isName || facts.given > 1 || facts.family > 1)
    return Listed(
      end: end, isName: isListed, isOnlyName: isListed && !isWord,
      isWord: isWord || facts.isDrug || facts.isDisease || facts.isArea || classes.contains(.never))
  }

  /// Two words that may be a name, one of which is nothing else: `Nguyen, Bao`, `HATFIELD LORENE`, `Quintanilla~Aurelio`.
  private static func isName(_ view: borrowing TextView, _ start: Int, behind digits: Int) -> Bool {
    guard Bytes.isUpper(view.byte(start)) else { return false }
    let first = word(view, start)
    var next = first.end
    while next - first.end < 3, " ,.^~;|\t".utf8.contains(view.byte(next)) { next += 1 }
    // A family name alone, behind a record's number.
    if digits >= 7, first.isOnlyName, first.end - start >= 4, !Bytes.isJoining(view.byte(first.end)),
      next - first.end > 0
    {
      return true
    }
    guard first.isName, next > first.end, Bytes.isUpper(view.byte(next)) else { return false }
    let second = word(view, next)
    // An initial: `SEO, M.`, `Stelios K.`.
    if second.end - next <= 1 { return first.isOnlyName && view.byte(second.end) == UInt8(ascii: ".") }
    return second.isName && (first.isOnlyName || second.isOnlyName) || first.isOnlyName && !second.isWord
  }

  /// A number of five digits and more with a name right behind it.
  private static func before(_ view: borrowing TextView, _ name: Int) -> Candidate? {
    guard Bytes.isUpper(view.byte(name)) else { return nil }
    var end = name
    while name - end < 14, end > view.lowerBound, !Bytes.isJoining(view.byte(end - 1)) { end -= 1 }
    let start = view.start(before: end, limit: 24) { Bytes.isJoining($0) || "-/".utf8.contains($0) }
    let before = view.byte(start - 1)
    guard before <= 0x20 || "|,;(>\"'~=".utf8.contains(before),
      let reading = LabelledIdentifier.read(view, at: start), reading.range == start..<end, !reading.hasLower,
      reading.digits >= 5
        || reading.digits == 4 && end - start == 4 && ",|\t".utf8.contains(view.byte(end))
          && before <= 0x20,
      isName(view, name, behind: reading.digits),
      !IdentifierForm.isOthers(view, reading), !IdentifierHeading(view, before: start).isNobodys
    else { return nil }
    return Candidate(
      range: start..<end, kind: "ID", confidence: 6500, detector: "phi/number-before-name", evidence: .form)
  }

  /// `1215900472^MANGANELLO^TONI`: a number, a family and a given name; codes have the name of their system there.
  private static func person(_ view: borrowing TextView, _ given: Int) -> Candidate? {
    let caret = view.start(before: given - 1, limit: 32) { $0 != UInt8(ascii: "^") } - 1
    let start = view.start(before: caret, limit: 12, where: Bytes.isDigit)
    let isPractitioner = caret - start == 10 && (0x31...0x32).contains(view.byte(start))
    let (family, other) = (word(view, caret + 1), word(view, given))
    guard caret - start >= 4, "|~\"' &".utf8.contains(view.byte(start - 1)),
      isPractitioner || family.isName && other.isName && (family.isOnlyName || other.isOnlyName)
    else { return nil }
    return Candidate(
      range: start..<caret, kind: "LICENSE", confidence: 8000, detector: "phi/number-of-person")
  }

  /// `CRABTREE,HARLAN E       C4417`.
  private static func lastFour(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard !Bytes.isJoining(view.byte(start + 5)) else { return nil }
    let line = view.start(before: start, limit: 56) { $0 != 0x0A }
    guard let comma = (line..<start).last(where: { view.byte($0) == UInt8(ascii: ",") }) else { return nil }
    let family = view.start(before: comma, limit: 24) { Bytes.isUpper($0) || "'-".utf8.contains($0) }
    guard comma - family >= 2, Bytes.isUpper(view.byte(comma + 1)) || view.byte(comma + 1) == 0x20,
      view.byte(family) == view.byte(start), (comma + 1..<start).allSatisfy({ !Bytes.isDigit(view.byte($0)) })
    else { return nil }
    return Candidate(
      range: start..<start + 5, kind: "SSN", confidence: 7500, detector: "phi/last-digits", evidence: .form)
  }

  /// Two digits and more behind an officer's sign.
  private static func officer(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    let start = view.start(before: match, limit: 4, where: Bytes.isDigit)
    var end = match
    while end - start < 7, Bytes.isDigit(view.byte(end)) { end += 1 }
    guard (3...6).contains(end - start), !Bytes.isJoining(view.byte(end)),
      !".,/-:".utf8.contains(view.byte(end)) || !Bytes.isJoining(view.byte(end + 1))
    else { return nil }
    return Candidate(
      range: start..<end, kind: "ID", confidence: 7500, detector: "phi/officer", evidence: .form)
  }

  private static let messages = WordSet(
    words:
      "adt oru orm siu mdm dft vxu ccd cda ccda mrn pt pat patient chart ecg ekg mri ct cxr xr us pet echo labs path dicom rad"
  )

  /// A number of six to nine digits in the name of a file, beside somebody's name or what a message or a picture is called.
  private static func file(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    let digits = view.start(before: match, limit: 6, where: Bytes.isDigit)
    let start = Bytes.isLetter(view.byte(digits - 1)) ? digits - 1 : digits
    var end = match
    while end - digits < 10, Bytes.isDigit(view.byte(end)) { end += 1 }
    guard match - digits == 6, end - digits < 10, !isDate(view, digits..<end) else { return nil }
    let after = view.byte(end)
    guard "_-/\\".utf8.contains(after) || after == UInt8(ascii: ".") && Bytes.isLetter(view.byte(end + 1)),
      "_-/\\".utf8.contains(view.byte(start - 1))
    else { return nil }
    let first = view.start(before: start, limit: 48, where: isInFile)
    var last = end
    while last - end < 48, isInFile(view.byte(last)) { last += 1 }
    var (names, isSure) = (0, false)
    var part = first
    for index in first...last where index == last || "_-.".utf8.contains(view.byte(index)) {
      if index - part > 1, Bytes.isLetter(view.byte(part)) {
        let isCode =
          index - part == 3 && Bytes.isUpper(view.byte(part)) && Bytes.isDigit(view.byte(part + 1))
          && Bytes.isDigit(view.byte(part + 2))
        let isMessage = messages.contains(Lexicon.hash(view.text, part..<index))
        if isMessage || isCode { isSure = true }
        if index - part > 2, Bytes.isUpper(view.byte(part)), !isMessage {
          let found = word(view, part)
          if found.isName { names += 1 }
          if found.isOnlyName, index - part > 3 { isSure = true }
        }
      }
      part = index + 1
    }
    guard isSure || names > 1 else { return nil }
    return Candidate(
      range: start..<end, kind: "MRN", confidence: 7000, detector: "phi/file-number", evidence: .own)
  }

  private static func isInFile(_ byte: UInt8) -> Bool {
    Bytes.isJoining(byte) || "_-.".utf8.contains(byte)
  }

  /// `20240311`, `240311`, `143000`.
  private static func isDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    func two(_ offset: Int) -> UInt8 {
      (view.byte(range.lowerBound + offset) & 15) * 10 + (view.byte(range.lowerBound + offset + 1) & 15)
    }
    return switch range.count {
    case 6:
      (1...12).contains(two(2)) && (1...31).contains(two(4))
        || (1...12).contains(two(0)) && (1...31).contains(two(2))
    case 8: (19...20).contains(two(0)) && (1...12).contains(two(4))
    default: false
    }
  }
}

internal import FilterKit

/// Names of accounts that are made from a person's, where accounts are told: behind keys and words (`user=jmcclintock`, `printed by
/// KBRUNDAGE`), in paths of homes, before hosts, in logs of web servers (Common Log Format), and behind `@`.
enum AccountRules {
  static let all: [PatternRule] = [
    PatternRule(
      #"(?:\b|_)(?:user|usr|username|user_?name|user_?id|login|uid|by|actor|tech|operator|oper|op|requester|owner|assignee|author|clin(?:ician)?|clerk|clk|samaccountname|display_?name|slack)["']? {0,2}[=:] {0,2}["']?@?[a-z]"#
    ) { view, end in
      // A member's type stands behind a colon in programs: `owner: inout Owner`.
      var candidate = account(view, end - 1)
      let sign = view.start(before: end - 1, limit: 3) { !Bytes.isJoining($0) }
      if !"=\"'@".utf8.contains(view.byte(end - 2)), !view.has("user", at: sign - 4) {
        candidate?.evidence = .form
      }
      return candidate
    },
    // A setting or a field of a log that has nothing else: `user=nfarouk act=OPEN`.
    PatternRule(
      #"\b(?:(?:user|usr|username|user_?name|login|samaccountname)(?:=|["']: ?["'])|(?:publickey|password) for )[a-z]"#
    ) { view, end in logged(view, after: end - 1) },
    PatternRule(#"\b(?:user ?name|username)(?: is|:)? [a-z]"#) { view, end in
      let stop = AccountForm.end(view.text, end - 1)
      return Bytes.isDigit(view.byte(stop - 1)) ? logged(view, after: end - 1) : nil
    },
    PatternRule(
      #"\b(?:user ?name|user|login|log-?in|acct|by)(?: is| was)? ["']?[a-z]"#
    ) { view, end in spoken(view, end - 1) },
    PatternRule(#"[ "'](?:-u|--user(?:name)?|-l) [a-z]"#) { view, end in account(view, end - 1) },
    PatternRule(#"(?:/home|/users|\\users)[/\\][a-z]"#) { view, end in account(view, end - 1) },
    PatternRule(#" -U [a-z]"#, caseless: false) { view, end in logged(view, after: end - 1) },
    // With a number behind it, a family name with an initial is one anywhere: `drpatel2`.
    PatternRule(#"[a-z]{5}\d"#) { view, end in numbered(view, end) }.beforeDigits(),
    PatternRule(#"@[a-z0-9]"#) { view, end in atSign(view, end - 1) },
    PatternRule(#" \[\d{2}/[a-z]{3}/\d{4}:"#) { view, end in logged(view, end - 14) },
  ]

  private static func account(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let end = AccountForm.end(view.text, start)
    let after = view.byte(end)
    guard !"@:(".utf8.contains(after), !"/\\".utf8.contains(after) || view.byte(start - 1) == after,
      AccountForm.isSomebodys(view.text, start..<end)
    else { return nil }
    return found(start..<end)
  }

  /// In a sentence a word stands for what it says: without a digit or a sign, only what is a name with an initial.
  private static func spoken(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard let candidate = account(view, start) else { return nil }
    let range = candidate.range
    let isPlain = range.allSatisfy { Bytes.isLetter(view.byte($0)) }
    let isCapitalised = Bytes.isUpper(view.byte(start)) && Bytes.isLower(view.byte(start + 1))
    if isCapitalised || isPlain && Lexicon.classes(Lexicon.hash(view.text, range)).isName { return nil }
    // Somebody's: `by jmcclintock's team`.
    let quote = UInt8(ascii: "'")
    return view.byte(range.upperBound) == quote && view.byte(start - 1) != quote ? nil : candidate
  }

  private static func numbered(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    let start = view.start(before: match - 1, limit: 20, where: Bytes.isLower)
    var end = match
    while end - match < 4, Bytes.isDigit(view.byte(end)) { end += 1 }
    let (before, after) = (view.byte(start - 1), view.byte(end))
    guard before <= 0x20 || "\"'(,:@".utf8.contains(before),
      after <= 0x20 || "\"'),:;?!.".utf8.contains(after),
      after != UInt8(ascii: ".") || !Bytes.isJoining(view.byte(end + 1)),
      AccountForm.isSomebodys(view.text, start..<end, isSure: true)
    else { return nil }
    var candidate = found(start..<end)
    candidate.evidence = .form
    return candidate
  }

  /// What begins at a word in lower case: a pattern would stop at each quote and each line.
  static func word(_ view: borrowing TextView, _ word: Word) -> Candidate? {
    let start = word.range.lowerBound
    switch view.byte(start - 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return apart(view, start)
    case UInt8(ascii: "("): return view.byte(start - 2) == 0x20 ? apart(view, start) : nil
    case UInt8(ascii: "*"): return view.byte(start - 2) == UInt8(ascii: "*") ? apart(view, start) : nil
    case 0x20: return view.has("->", at: start - 3) ? apart(view, start) : nil
    case 0x0A where view.byte(word.range.upperBound) == UInt8(ascii: "."): return speaker(view, start)
    default: return nil
    }
  }

  /// `tobias.k: on it`
  private static func speaker(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var end = start
    while end - start < 34, Bytes.isLower(view.byte(end)) || view.byte(end) == UInt8(ascii: ".") { end += 1 }
    return view.has(": ", at: end) && AccountForm.isSomebodys(view.text, start..<end)
      ? found(start..<end) : nil
  }

  /// Alone in brackets or quotes, and behind an arrow.
  private static func apart(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let end = AccountForm.end(view.text, start)
    let (before, after) = (view.byte(start - 1), view.byte(end))
    let isClosed =
      switch before {
      case UInt8(ascii: "*"): view.has("**", at: end)
      case UInt8(ascii: "("): after == UInt8(ascii: ")")
      case 0x20: after <= 0x20
      default: after == before
      }
    guard isClosed, (6...24).contains(end - start), let candidate = spoken(view, start),
      AccountForm.isSomebodys(view.text, candidate.range, isSure: true)
    else { return nil }
    return candidate
  }

  private static func logged(_ view: borrowing TextView, after start: Int) -> Candidate? {
    let end = AccountForm.end(view.text, start)
    guard end - start >= 6 || Bytes.isDigit(view.byte(end - 1)),
      view.byte(end) <= 0x20 || "\"',;&)".utf8.contains(view.byte(end)),
      AccountForm.isPlausible(view.text, start..<end), !Bytes.isUpper(view.byte(start))
    else { return nil }
    return found(start..<end)
  }

  /// `@rgoldfarb please`, and `ssh mokonkwo@10.44.18.9`.
  private static func atSign(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let sign = start - 1
    if !Bytes.isJoining(view.byte(sign - 1)) {
      let before = view.byte(sign - 1)
      guard before <= 0x20 || "\"'(<[,*".utf8.contains(before), Bytes.isLetter(view.byte(start)) else {
        return nil
      }
      let end = AccountForm.end(view.text, start)
      // A package, an annotation, a host.
      guard !"/(.@:=".utf8.contains(view.byte(end)), !Bytes.isUpper(view.byte(start)) else { return nil }
      return end - start < 6 ? nil : spoken(view, start)
    }
    guard Bytes.isDigit(view.byte(start)) || Bytes.isLower(view.byte(start)) else { return nil }
    let first = view.start(before: sign, limit: AccountForm.longest) {
      Bytes.isJoining($0) || "._-".utf8.contains($0)
    }
    guard view.byte(first - 1) <= 0x20 || "\"'=".utf8.contains(view.byte(first - 1)),
      AccountForm.isSomebodys(view.text, first..<sign)
    else { return nil }
    return found(first..<sign)
  }

  /// `198.51.100.4 - jmcclintock [08/Apr/2024:19:22:51 -0400]`: the third field of a web server's log.
  private static func logged(_ view: borrowing TextView, _ bracket: Int) -> Candidate? {
    let start = view.start(before: bracket, limit: AccountForm.longest) {
      Bytes.isJoining($0) || "._-".utf8.contains($0)
    }
    guard start < bracket, view.has(" - ", at: start - 3), AccountForm.isPlausible(view.text, start..<bracket)
    else {
      return nil
    }
    return found(start..<bracket)
  }

  private static func found(_ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "ID", confidence: 7000, detector: "phi/account-name")
  }
}

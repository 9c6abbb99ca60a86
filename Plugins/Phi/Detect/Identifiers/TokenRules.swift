internal import FilterKit

/// What stands in one run without spaces: e-mail addresses, URLs, and credentials of known forms.
enum TokenRules {
  static let all: [PatternRule] =
    VendorTokens.all + [
      // The sign alone: Vectorscan 5.4.9 overlooks some matches of a pattern for what follows it.
      PatternRule("@") { view, end in email(view, at: end - 1) },
      PatternRule("://") { view, end in url(view, end) },
      PatternRule(#"\b(?:bearer|basic|token) [0-9a-z._~+/-]{20}"#) { view, end in
        let start = view.start(before: end, limit: 20) { $0 > 0x20 }
        var stop = end
        while stop - end < 900, Bytes.isJoining(view.byte(stop)) || "-._~+/=".utf8.contains(view.byte(stop)) {
          stop += 1
        }
        // A word in lower case is no token.
        guard (start..<stop).contains(where: { Bytes.isDigit(view.byte($0)) }) else { return nil }
        return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 9000, detector: "phi/bearer")
      },
      PatternRule(
        #"\b(?:password|passcode|passphrase|passwd|pwd?|pin|(?:use|share|access|activation|enrol?lment|invite|login|door|gate|entry|key ?safe|lock ?box|alarm) code|key ?safe)(?: is| was|:|#)? "#
      ) { view, end in spoken(view, end) },
      PatternRule(all: #"\bcurl "#) { view, end, emit in user(view, end, emit) },
      // Somebody's page in a social network; those of organisations are nobody's.
      PatternRule(
        #"\b(?:facebook|linkedin|twitter|instagram|tiktok|pinterest)\.com/(?:in/|@)?[a-z0-9_.-]{4}"#
      ) { view, end in
        let start = view.start(before: end, limit: 60) { $0 > 0x20 && !"\"'`<>([{|,;=".utf8.contains($0) }
        var stop = end
        while stop - end < 200, !view.endsURL(stop) { stop += 1 }
        while stop > end, ".,;:!?".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
        for page in ["/company", "/share", "/intent", "/sharer", "/hashtag", "/groups", "/pages"]
          as [StaticString]
        where view.contains(page, in: start..<stop) { return nil }
        return Candidate(range: start..<stop, kind: "URL", confidence: 7000, detector: "phi/url")
      },
      // An address written for people's eyes: `jane [at] example [dot] com`.
      PatternRule(
        #"(?:\[at\]|\(at\)|\{at\}) ?[a-z0-9-]{2,40} ?(?:\[dot\]|\(dot\)|\{dot\}| dot |\.) ?[a-z]{2}"#
      ) {
        view, end in
        var at = end
        while end - at < 60, !"[({".utf8.contains(view.byte(at)) || !view.has("at", at: at + 1) { at -= 1 }
        guard end - at < 60 else { return nil }
        let last = view.byte(at - 1) == 0x20 ? at - 1 : at
        let start = view.start(before: last, limit: 64) {
          Bytes.isAlphanumeric($0) || "._%+-".utf8.contains($0)
        }
        var stop = end
        while stop - end < 20, Bytes.isLetter(view.byte(stop)) { stop += 1 }
        guard start < last else { return nil }
        return Candidate(range: start..<stop, kind: "EMAIL", confidence: 8500, detector: "phi/email")
      },
      PatternRule(
        #"(?:password|passwd|pwd|passphrase|\bpass|\bpasscode|api[_-]?token|api[_-]?key|apikey|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|account[_-]?key|access[_-]?token|auth[_-]?token|refresh[_-]?token|bot[_-]?token|private[_-]?token|[_-]pass|[_-]pw|\bpw|bindpw|storepass|keypass)["'\]]{0,2}\s{0,16}(?::=|=>|[:=])\s{0,2}"#
      ) { view, end in
        var start = end
        while start - end < 4, " \"'`".utf8.contains(view.byte(start)) { start += 1 }
        let quote = view.byte(start - 1)
        let isQuoted = "\"'`".utf8.contains(quote)
        var stop = start
        while stop - start < 128, view.byte(stop) > 0x20, !"\"'`,;<>".utf8.contains(view.byte(stop)),
          view.byte(stop) != UInt8(ascii: "&") || !isParameter(view, stop + 1)
        { stop += 1 }
        let length = stop - start
        guard length >= 6, !isVariable(view, start), isQuoted || !"({[$".utf8.contains(view.byte(start))
        else {
          return nil
        }
        guard isQuoted || isPassword(view, start..<stop, behind: view.byte(end - 1)),
          !isSample(view, start..<stop),
          (start..<stop).contains(where: { Bytes.isAlphanumeric(view.byte($0)) })
        else { return nil }
        return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 8500, detector: "phi/password")
      },
    ]

  private static let sampleWords = WordSet(
    words: "password passwd passphrase secret key token api access client new old your my the here value")

  /// Whether a value says what belongs there, and is none: `your-secret-key-here`, `newPassword`.
  private static func isSample(_ view: borrowing TextView, _ value: Range<Int>) -> Bool {
    var start = value.lowerBound
    for index in value.lowerBound...value.upperBound {
      let isEnd = index == value.upperBound
      let isSign = !isEnd && "-_ ".utf8.contains(view.byte(index))
      let isHump = !isEnd && Bytes.isUpper(view.byte(index)) && Bytes.isLower(view.byte(index - 1))
      guard isEnd || isSign || isHump && index > start else { continue }
      guard sampleWords.contains(Lexicon.hash(view.text, start..<index)) else { return false }
      start = isSign ? index + 1 : index
    }
    return true
  }

  /// What stands behind a user's name in the options of a command: `curl -s -u jdoe:…`. Looked for here: a pattern with such a gap takes
  /// long to compile.
  private static func user(_ view: borrowing TextView, _ command: Int, _ emit: (Candidate) -> Void) {
    var option = command
    while option - command <= 60 {
      if view.has("-u", at: option) {
        var start = option + 2
        if view.byte(start) == 0x20 { start += 1 }
        if "\"'".utf8.contains(view.byte(start)) { start += 1 }
        var end = start
        while end - start < 40, Bytes.isJoining(view.byte(end)) || "._@-".utf8.contains(view.byte(end)) {
          end += 1
        }
        if end > start, view.byte(end) == UInt8(ascii: ":"), let found = spoken(view, end + 1) { emit(found) }
      }
      if view.byte(option) == 0x0A { return }
      option += 1
    }
  }

  /// A password in a sentence or on a command line: letters with digits, or signs among them.
  private static func spoken(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end
    while start - end < 3, "\"'` ".utf8.contains(view.byte(start)) { start += 1 }
    var stop = start
    while stop - start < 64, view.byte(stop) > 0x20, !"\"'`,;<>".utf8.contains(view.byte(stop)) { stop += 1 }
    while stop > start, ".?:)".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    var digits = 0
    var letters = 0
    var signs = 0
    for index in start..<stop {
      let byte = view.byte(index)
      if Bytes.isDigit(byte) {
        digits += 1
      } else if Bytes.isLetter(byte) {
        letters += 1
      } else if "!@#$%^&*+".utf8.contains(byte) {
        signs += 1
      } else if byte != UInt8(ascii: "-"), byte != UInt8(ascii: "_") {
        return nil
      }
    }
    guard stop - start >= 6, letters > 0, digits > 0 || signs > 0, view.byte(start) != UInt8(ascii: "$"),
      view.byte(start) != UInt8(ascii: "-"), view.byte(start) != UInt8(ascii: "%")
    else { return nil }
    return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 7500, detector: "phi/password")
  }

  /// `$PASSWORD` and `${PASSWORD}` stand for one and are none.
  private static func isVariable(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.byte(start) == UInt8(ascii: "$")
      && (view.byte(start + 1) == UInt8(ascii: "{") || Bytes.isUpper(view.byte(start + 1)))
  }

  /// Whether the next parameter of a query, or an entity of HTML, begins there: `&user=`, `&quot;`.
  private static func isParameter(_ view: borrowing TextView, _ start: Int) -> Bool {
    var index = start
    while index - start < 24, Bytes.isJoining(view.byte(index)) || "_-[]".utf8.contains(view.byte(index)) {
      index += 1
    }
    return index > start && "=;".utf8.contains(view.byte(index))
  }

  /// Whether what stands behind `password =` without quotes is one: no call, type, member or variable of a program.
  private static func isPassword(_ view: borrowing TextView, _ range: Range<Int>, behind sign: UInt8) -> Bool
  {
    var hasDigit = false
    var hasSign = false
    for index in range {
      let byte = view.byte(index)
      // A call, or the end of what it is called with: `password: String)`.
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") { return false }
      if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "?"), !hasDigit, !hasSign { return false }
      if Bytes.isDigit(byte) {
        hasDigit = true
      } else if !Bytes.isLetter(byte), byte != UInt8(ascii: "_") {
        hasSign = true
      }
    }
    if hasDigit || hasSign && !range.contains(where: { view.byte($0) == UInt8(ascii: ".") }) { return true }
    // Nothing but letters: only as the settings of a program have it, `PASSWORD=correcthorse`.
    return !hasSign && sign == UInt8(ascii: "=") && range.count >= 8
      && Bytes.isLower(view.byte(range.lowerBound))
  }

  /// A URL (RFC 3986) around its `://`. A page of documentation is nobody's; a page about a person has a long number
  /// or says so.
  private static func url(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    // A scheme (RFC 3986, 3.1): `mongodb+srv` is one.
    var start = view.start(before: end - 3, limit: 20) { Bytes.isJoining($0) || "+.-".utf8.contains($0) }
    while start < end - 3, !Bytes.isLetter(view.byte(start)) { start += 1 }
    // One inside another belongs to it.
    let before = view.byte(start - 1)
    guard start < end - 3, before <= 0x20 || "\"'`<>([{|\\,;:=-*".utf8.contains(before) else { return nil }
    var stop = end
    while stop - end < 512, !view.endsURL(stop) { stop += 1 }
    while stop > end, ".,;:!?".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    guard stop > end else { return nil }
    var host = end
    var hasColon = false
    while host < stop, view.byte(host) != UInt8(ascii: "/"), view.byte(host) != UInt8(ascii: "@") {
      if view.byte(host) == UInt8(ascii: ":") { hasColon = true }
      host += 1
    }
    if hasColon, view.byte(host) == UInt8(ascii: "@"), host < stop {
      return Candidate(
        range: start..<stop, kind: "CREDENTIAL", confidence: 9300, detector: "phi/url-password")
    }
    let isPublic = PublicPages.contains(view, end..<host)
    let confidence: UInt32 =
      isPersonal(view, host..<stop, isPublic: isPublic)
      ? 8000 : !isPublic && hasLongNumber(view, host..<stop) ? 6000 : 2000
    return Candidate(range: start..<stop, kind: "URL", confidence: confidence, detector: "phi/url")
  }

  /// `isPublic`: a program's pages speak of members, and have none but of their own.
  private static func isPersonal(_ view: borrowing TextView, _ range: Range<Int>, isPublic: Bool) -> Bool {
    for word in ["/users/", "/user/", "/people/", "/profile", "/~"] as [StaticString]
    where view.contains(word, in: range) {
      return true
    }
    guard !isPublic else { return false }
    if LinkNames.hasSomebody(view, range) { return true }
    for word in ["patient", "mrn", "person", "member", "user/", "users/", "profile"] as [StaticString]
    where view.contains(word, in: range) {
      return !isCanonical(view, range) && !isNamespace(view, range)
    }
    return false
  }

  /// Whether a path ends with what its values are called: `https://hospital.example/mrn` names a system of numbers.
  private static func isNamespace(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    for end in ["/mrn", "/patient", "/patients", "/member-id", "/example"] as [StaticString] {
      let start = range.upperBound - end.utf8CodeUnitCount
      if start >= range.lowerBound, view.has(end, at: start) { return true }
    }
    return false
  }

  /// What a standard or a profile is called, and nobody's page.
  private static func isCanonical(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    for word in ["/StructureDefinition/", "/CodeSystem/", "/ValueSet/", "/NamingSystem/", "/fhir/sid/"]
      as [StaticString]
    where view.contains(word, in: range) { return true }
    return false
  }

  /// Whether six digits or more stand there, and no letter touches them.
  private static func hasLongNumber(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let start = index
      while index < range.upperBound, Bytes.isDigit(view.byte(index)) { index += 1 }
      if index - start >= 6, !Bytes.isLetter(view.byte(start - 1)), !Bytes.isLetter(view.byte(index)) {
        return true
      }
      index += 1
    }
    return false
  }

  /// An address (RFC 5321, without quoted forms) around its `@`: a local part, and a host of at least two labels
  /// whose last has no digit.
  private static func email(_ view: borrowing TextView, at: Int) -> Candidate? {
    var stop = at + 1
    var label = stop
    var labels = 0
    while stop - at < 190 {
      let byte = view.byte(stop)
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
        guard Bytes.isAlphanumeric(view.byte(stop - 1)), Bytes.isAlphanumeric(view.byte(stop + 1)) else {
          break
        }
        if byte == UInt8(ascii: ".") {
          labels += 1
          label = stop + 1
        }
      } else if !Bytes.isAlphanumeric(byte) {
        break
      }
      stop += 1
    }
    guard labels > 0, stop - label >= 2, (label..<stop).allSatisfy({ Bytes.isLetter(view.byte($0)) }) else {
      return nil
    }
    var start = view.start(before: at, limit: 64) { Bytes.isAlphanumeric($0) || "._%+-'".utf8.contains($0) }
    while start < at, ".'-".utf8.contains(view.byte(start)) { start += 1 }
    guard start < at else { return nil }
    if view.byte(start - 1) == UInt8(ascii: ":") && view.byte(start - 2) == UInt8(ascii: "/") { return nil }
    if isRobot(view, start..<at) { return nil }
    // `icon@2x.png` is a picture.
    if Bytes.isDigit(view.byte(at + 1)), view.byte(at + 2) | 0x20 == UInt8(ascii: "x"),
      view.byte(at + 3) == UInt8(ascii: ".")
    {
      return nil
    }
    return Candidate(range: start..<stop, kind: "EMAIL", confidence: 9500, detector: "phi/email")
  }

  private static let robots: [StaticString] = [
    "noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply",
    "mailer-daemon", "postmaster",
  ]

  /// Whether nobody reads what is sent to an address.
  private static func isRobot(_ view: borrowing TextView, _ local: Range<Int>) -> Bool {
    robots.contains { $0.utf8CodeUnitCount == local.count && view.has($0, at: local.lowerBound) }
  }
}

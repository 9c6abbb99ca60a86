internal import FilterKit

/// What stands in one run without spaces: e-mail addresses, URLs, and credentials of known forms.
enum TokenRules {
  static let all: [PatternRule] = [
    // The sign alone: Vectorscan 5.4.9 overlooks some matches of a pattern for what follows it.
    PatternRule("@") { view, end in email(view, at: end - 1) },
    PatternRule("://") { view, end in url(view, end) },
    // A long counted repeat behind so few letters takes a third of all compiling: the length is counted here.
    credential(#"\bsk-[a-z0-9_-]{2}"#, least: 23),
    credential(#"gh[pousr]_[a-z0-9]{30}"#),
    credential(#"github_pat_[a-z0-9_]{22}"#),
    credential(#"\b(?:AKIA|ASIA)[0-9A-Z]{16}"#),
    credential(#"xox[abposr]-[0-9a-z-]{10}"#),
    credential(#"AIza[0-9a-z_-]{35}"#),
    credential(#"eyJ[a-z0-9_-]{10,}\.eyJ[a-z0-9_-]{10}"#),
    credential(#"hvs\.[a-z0-9_-]{24}"#),
    credential(#"glpat-[0-9a-z_-]{20}"#),
    // Stripe, Twilio, SendGrid, npm, PyPI, Hugging Face, DigitalOcean, Shopify, Databricks, Docker, Square.
    credential(#"\b[rs]k_(?:live|test)_[0-9a-z]{16}"#),
    credential(#"\bSK[0-9a-f]{32}\b"#),
    credential(#"\bSG\.[0-9a-z_-]{20,24}\.[0-9a-z_-]{30}"#),
    credential(#"\bnpm_[0-9a-z]{30}"#),
    credential(#"\bpypi-[0-9a-z_-]{32}"#),
    credential(#"\bhf_[0-9a-z]{30}"#),
    credential(#"\bdo[opr]_v1_[0-9a-f]{32}"#),
    credential(#"\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}"#),
    credential(#"\bdapi[0-9a-f]{32}"#),
    credential(#"\bdckr_pat_[0-9a-z_-]{20}"#),
    credential(#"\bsq0(?:atp|csp)-[0-9a-z_-]{22}"#),
    // Google OAuth, age, Atlassian, Grafana, Linear, Postman, New Relic, Telegram, Azure's SAS.
    credential(#"\bya29\.[0-9a-z_-]{20}"#),
    credential(#"\bGOCSPX-[0-9a-z_-]{20}"#),
    credential(#"\bAGE-SECRET-KEY-1[0-9a-z]{50}"#),
    credential(#"\bATATT3[0-9a-z_=-]{4}"#, least: 36),
    credential(#"\bglsa_[0-9a-z_]{32}"#),
    credential(#"\blin_api_[0-9a-z]{32}"#),
    credential(#"\bPMAK-[0-9a-f]{24}"#),
    credential(#"\bNRAK-[0-9a-z]{24}"#),
    credential(#"\b\d{8,10}:AA[0-9a-z_-]{32}"#),
    credential(#"[?&]sig=[0-9a-z%+/=]{40}"#),
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
    credential(#"(?:AccountKey|SharedAccessKey)=[a-z0-9+/=]{4}"#, least: 40),
    PatternRule(
      #"(?:password|passwd|pwd|passphrase|api[_-]?key|apikey|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|account[_-]?key|access[_-]?token|auth[_-]?token|refresh[_-]?token|bot[_-]?token|private[_-]?token)["']?\s{0,2}(?::=|=>|[:=])\s{0,2}"#
    ) { view, end in
      var start = end
      while start - end < 4, " \"'`".utf8.contains(view.byte(start)) { start += 1 }
      let quote = view.byte(start - 1)
      let isQuoted = "\"'`".utf8.contains(quote)
      var stop = start
      while stop - start < 128, view.byte(stop) > 0x20, !"\"'`,;&<>".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      let length = stop - start
      guard length >= 6, isQuoted || !"({[$".utf8.contains(view.byte(start)) else { return nil }
      guard isQuoted || isPassword(view, start..<stop, behind: view.byte(end - 1)) else { return nil }
      return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 8500, detector: "phi/password")
    },
  ]

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
    let start = view.start(before: end - 3, limit: 12, where: Bytes.isLetter)
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
    for word in ["/users/", "/user/", "/profile", "/~"] as [StaticString] where view.contains(word, in: range)
    {
      return true
    }
    guard !isPublic else { return false }
    for word in ["patient", "mrn", "person", "member", "user/", "users/", "profile"] as [StaticString]
    where view.contains(word, in: range) {
      return true
    }
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
    // `icon@2x.png` is a picture.
    if Bytes.isDigit(view.byte(at + 1)), view.byte(at + 2) | 0x20 == UInt8(ascii: "x"),
      view.byte(at + 3) == UInt8(ascii: ".")
    {
      return nil
    }
    return Candidate(range: start..<stop, kind: "EMAIL", confidence: 9500, detector: "phi/email")
  }

  /// A token of a known form: the whole run that the match is in, where it is long enough.
  private static func credential(_ pattern: StaticString, least: Int = 0) -> PatternRule {
    PatternRule(pattern) { view, end in
      func isInside(_ byte: UInt8) -> Bool {
        Bytes.isAlphanumeric(byte) && byte < 0x80 || "_-.+/=".utf8.contains(byte)
      }
      let start = view.start(before: end, limit: 120, where: isInside)
      var stop = end
      while stop - end < 900, isInside(view.byte(stop)) { stop += 1 }
      while stop > end, ".=/-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
      guard stop - start >= least else { return nil }
      return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 9700, detector: "phi/token")
    }
  }
}

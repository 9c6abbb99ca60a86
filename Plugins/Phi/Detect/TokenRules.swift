internal import FilterKit

/// What stands in one run without spaces: e-mail addresses, URLs, and credentials of known forms.
enum TokenRules {
  static let all: [PatternRule] = [
    PatternRule(#"@[a-z0-9-]{1,63}\.[a-z]{2,}"#) { view, end in
      guard !Bytes.isAlphanumeric(view.byte(end)) else { return nil }
      var stop = end
      while stop - end < 64,
        view.byte(stop) == UInt8(ascii: ".") || view.byte(stop) == UInt8(ascii: "-")
          || Bytes.isAlphanumeric(view.byte(stop))
      { stop += 1 }
      while !Bytes.isAlphanumeric(view.byte(stop - 1)) { stop -= 1 }
      let host = view.start(before: end, limit: 130) { $0 != UInt8(ascii: "@") }
      let at = host - 1
      let start = view.start(before: at, limit: 64) { Bytes.isAlphanumeric($0) || "._%+-'".utf8.contains($0) }
      guard start < at else { return nil }
      if view.byte(start - 1) == UInt8(ascii: ":") && view.byte(start - 2) == UInt8(ascii: "/") { return nil }
      return Candidate(range: start..<stop, kind: "EMAIL", confidence: 9500, detector: "phi/email")
    },
    PatternRule(#"://"#) { view, end in
      let start = view.start(before: end - 3, limit: 12, where: Bytes.isLetter)
      var stop = end
      while stop - end < 512, view.byte(stop) > 0x20, !"\"'<>`)]}|\\".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      while stop > end, ".,;:!?".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
      guard start < end - 3, stop > end else { return nil }
      let text = String(decoding: view.bytes(end..<stop) { _ in true }, as: UTF8.self).lowercased()
      if let at = text.firstIndex(of: "@"), text[..<at].contains(":") {
        return Candidate(
          range: start..<stop, kind: "CREDENTIAL", confidence: 9300, detector: "phi/url-password")
      }
      // A page of documentation is nobody's; a page about a person has a number or says so.
      let digits = text.drop { $0 != "/" }.count { $0.isNumber }
      let isPersonal = ["patient", "mrn", "person", "member", "user/", "users/", "profile", "/~"].contains {
        text.contains($0)
      }
      let confidence: UInt32 = isPersonal ? 8000 : digits >= 6 ? 6000 : 2000
      return Candidate(range: start..<stop, kind: "URL", confidence: confidence, detector: "phi/url")
    },
    credential(#"sk-(?:ant-|proj-|sluice-)?[a-z0-9_-]{20}"#),
    credential(#"gh[pousr]_[a-z0-9]{30}"#),
    credential(#"github_pat_[a-z0-9_]{22}"#),
    credential(#"\b(?:AKIA|ASIA)[0-9A-Z]{16}"#),
    credential(#"xox[abposr]-[0-9a-z-]{10}"#),
    credential(#"AIza[0-9a-z_-]{35}"#),
    credential(#"eyJ[a-z0-9_-]{10,}\.eyJ[a-z0-9_-]{10}"#),
    credential(#"hvs\.[a-z0-9_-]{24}"#),
    credential(#"glpat-[0-9a-z_-]{20}"#),
    credential(#"(?:AccountKey|SharedAccessKey)=[a-z0-9+/=]{30}"#),
    PatternRule(
      #"(?:password|passwd|pwd|passphrase|api[_-]?key|apikey|secret[_-]?key|client[_-]?secret|access[_-]?token|auth[_-]?token|private[_-]?token)["']?\s{0,2}(?::=|=>|[:=])\s{0,2}"#
    ) { view, end in
      var start = end
      while start - end < 4, " \"'`".utf8.contains(view.byte(start)) { start += 1 }
      let quote = view.byte(start - 1)
      let isQuoted = "\"'`".utf8.contains(quote)
      var stop = start
      while stop - start < 256, view.byte(stop) > 0x20, !"\"'`,;&<>".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      let length = stop - start
      guard length >= 6, isQuoted || !"({[$".utf8.contains(view.byte(start)) else { return nil }
      let value = view.bytes(start..<stop) { _ in true }
      // A name of a variable, a call or a type is no password.
      if !isQuoted,
        value.contains(UInt8(ascii: "("))
          || value.contains(UInt8(ascii: ".")) && !value.contains(where: Bytes.isDigit)
      {
        return nil
      }
      if !isQuoted, value.allSatisfy({ Bytes.isLetter($0) || $0 == UInt8(ascii: "_") }), length < 10 {
        return nil
      }
      return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 8500, detector: "phi/password")
    },
  ]

  /// A token of a known form: the whole run that the match is in.
  private static func credential(_ pattern: StaticString) -> PatternRule {
    PatternRule(pattern) { view, end in
      func isInside(_ byte: UInt8) -> Bool {
        Bytes.isAlphanumeric(byte) && byte < 0x80 || "_-.+/=".utf8.contains(byte)
      }
      let start = view.start(before: end, limit: 120, where: isInside)
      var stop = end
      while stop - end < 900, isInside(view.byte(stop)) { stop += 1 }
      while stop > end, ".=/-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
      return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 9700, detector: "phi/token")
    }
  }
}

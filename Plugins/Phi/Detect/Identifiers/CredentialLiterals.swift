internal import FilterKit

/// Secrets that stand in programs and records without an assignment: what a setting falls back to, an argument of a log-in, a hash of LDAP.
enum CredentialLiterals {
  static let all: [PatternRule] = [
    // `env('PW') || '…'`, `os.environ.get("DB_PASSWORD", "…")`
    PatternRule(
      #"(?:pw|pwd|pass|passwd|password|passphrase|secret|token|api_?key)["'`][)\]]{0,2} ?(?:\|\||\?\?|\?:|,|or|\{) ?["'`]"#
    ) { view, end in fallback(view, end) },
    // `ConvertTo-SecureString '…'` of PowerShell.
    PatternRule(#"ConvertTo-SecureString (?:-String )?["']"#) { view, end in literal(view, end) },
    // `mysqli_connect('localhost', 'root', '…')`
    PatternRule(
      #"(?:mysqli?_connect|new mysqli|new PDO|ftp_login|ssh2_auth_password|ldap_bind) ?\("#
    ) { view, end in third(view, end) },
    // `userPassword: {SSHA}…` (RFC 2307, section 5.3)
    PatternRule(#"\{(?:s?sha(?:256|384|512)?|s?md5|crypt|bcrypt|argon2|pbkdf2)\}[a-z0-9$./+]"#) { view, end in
      hash(view, end - 1)
    },
    // bcrypt's.
    PatternRule(#"\$2[aby]\$\d{2}\$[./0-9a-z]{16}"#) { view, end in
      let start = view.start(before: end, limit: 23) { $0 > 0x20 && !"\"'`:,;=".utf8.contains($0) }
      var stop = end
      while stop - end < 60, Bytes.isJoining(view.byte(stop)) || "./".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      return Candidate(
        range: start..<stop, kind: "CREDENTIAL", confidence: 9000, detector: "phi/password-hash")
    },
  ]

  private static let longest = 64

  private static func fallback(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    // Names of fields stand beside each other in lists; what reads a setting stands before one.
    let separator = view.start(before: start - 1, limit: 4) { $0 != UInt8(ascii: ",") }
    if view.byte(separator - 1) == UInt8(ascii: ",") {
      let quote = view.start(before: separator - 2, limit: 48) { !"\"'`".utf8.contains($0) } - 1
      guard view.byte(quote - 1) == UInt8(ascii: "("),
        view.hasBefore(quote, within: 10, ["get(", "getenv(", "fetch(", "env(", "config(", "setting("])
      else { return nil }
    }
    return literal(view, start)
  }

  /// The third argument of a call, where it is a literal.
  private static func third(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var position = start
    var commas = 0
    var quote: UInt8?
    while position - start < 200, commas < 2 {
      let byte = view.byte(position)
      if byte == 0x0A && quote != nil { return nil }
      if let open = quote {
        if byte == open { quote = nil }
      } else if "\"'`".utf8.contains(byte) {
        quote = byte
      } else if byte == UInt8(ascii: ",") {
        commas += 1
      } else if byte == UInt8(ascii: ";") {
        return nil
      }
      position += 1
    }
    while position - start < 220, Bytes.isSpace(view.byte(position)) { position += 1 }
    guard commas == 2, "\"'`".utf8.contains(view.byte(position)) else { return nil }
    return literal(view, position + 1)
  }

  /// What a quote encloses, where it has a digit or a sign among its letters: no word and no name of a setting.
  private static func literal(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let quote = view.byte(start - 1)
    var end = start
    var (letters, others) = (0, 0)
    while end - start < longest, view.byte(end) != quote {
      let byte = view.byte(end)
      guard byte > 0x20, !"{}<>$()".utf8.contains(byte) else { return nil }
      if Bytes.isLetter(byte) { letters += 1 } else if !"_.-/:".utf8.contains(byte) { others += 1 }
      end += 1
    }
    guard end - start >= 6, end - start < longest, letters > 0, others > 0 else { return nil }
    return Candidate(range: start..<end, kind: "CREDENTIAL", confidence: 8000, detector: "phi/password")
  }

  private static func hash(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var end = start
    while end - start < 200, Bytes.isJoining(view.byte(end)) || "$./+=,".utf8.contains(view.byte(end)) {
      end += 1
    }
    while end > start, ".,".utf8.contains(view.byte(end - 1)) { end -= 1 }
    let scheme = view.start(before: start - 1, limit: 12) { $0 != UInt8(ascii: "{") } - 1
    guard end - start >= 12 else { return nil }
    return Candidate(range: scheme..<end, kind: "CREDENTIAL", confidence: 9000, detector: "phi/password-hash")
  }
}

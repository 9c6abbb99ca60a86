internal import FilterKit

/// Credentials by the name that a program or a sentence gives them, and those whose form is more than one run.
enum CredentialForms {
  static let all: [PatternRule] =
    DoorCodes.all + SaidPasswords.all + CommandPasswords.all + [
      // `TWILIO_TOKEN = "08e99ed1…"`: whatever the vendor, a long value of letters and digits.
      PatternRule(
        #"(?:token|secret|credential|webhook|signing[_-]?key|encryption[_-]?key|master[_-]?key|license[_-]?key|app[_-]?key|auth[_-]?key|private[_-]?key|ssh[_-]?key|passkey|psk|dsn|hmac[_-]?key)["'\]]?\s{0,2}(?::=|=>|[:=])\s{0,2}["'`]?"#
      ) { view, end in assigned(view, end) },
      PatternRule(#"hooks\.slack\.com/(?:services|workflows|triggers)/T[0-9A-Z]{5}"#) { view, end in
        address(view, end)
      },
      PatternRule(#"discord(?:app)?\.com/api/webhooks/\d{8}"#) { view, end in address(view, end) },
      PatternRule(#"webhook\.office\.com/webhookb2/[0-9a-f]{8}"#) { view, end in address(view, end) },
      PatternRule(#"chat\.googleapis\.com/v1/spaces/[0-9a-z_-]{6}"#) { view, end in address(view, end) },
      PatternRule(#"\b(?:password|passcode|passphrase|passwd|pwd|pw)(?: is| was|:) ?["'`]?"#) { view, end in
        words(view, end)
      },
      // The secret of AWS stands beside its key: forty signs of base64.
      PatternRule(#"\b(?:AKIA|ASIA)[0-9A-Z]{16}[^0-9A-Z]"#, caseless: false) { view, end in
        besideKey(view, end)
      },
      // Kubernetes' keys of clients, and what stands for a password in SNMP.
      PatternRule(#"client-key-data: [a-z0-9+/=]{16}"#) { view, end in
        var stop = end
        while stop - end < 1000, Bytes.isJoining(view.byte(stop)) || "+/=".utf8.contains(view.byte(stop)) {
          stop += 1
        }
        return Candidate(range: end - 16..<stop, kind: "CREDENTIAL", confidence: 9500, detector: "phi/secret")
      },
      PatternRule(#"\bsnmp[a-z -]{0,8} ?comm(?:unity)?(?: string)? ?[:=] ?["']?[a-z0-9_-]{5}"#) { view, end in
        var stop = end
        while stop - end < 40, Bytes.isJoining(view.byte(stop)) || "_-!".utf8.contains(view.byte(stop)) {
          stop += 1
        }
        let range = end - 5..<stop
        // Everybody knows the names that it is delivered with.
        return range.contains { Bytes.isDigit(view.byte($0)) }
          ? Candidate(range: range, kind: "CREDENTIAL", confidence: 8000, detector: "phi/secret") : nil
      },
      // Terraform's: `variable "db_password" { default = "…" }`.
      PatternRule(#"(?:password|secret|token)"? \{\s{1,4}default {1,8}= {1,4}""#) { view, end in
        words(view, end)
      },
    ]

  private static func besideKey(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    func isInside(_ byte: UInt8) -> Bool { Bytes.isJoining(byte) || "+/".utf8.contains(byte) }
    var start = end
    while start - end < 12, !isInside(view.byte(start)) || view.byte(start) == UInt8(ascii: "/") {
      start += 1
    }
    var stop = start
    while stop - start <= 40, isInside(view.byte(stop)) { stop += 1 }
    guard (32...40).contains(stop - start), changes(view, start..<stop) >= 6 else { return nil }
    return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 9000, detector: "phi/secret")
  }

  private static func assigned(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    // `APP_KEY=base64:…`
    let end = view.has("base64:", at: match) ? match + 7 : match
    if let phrase = phrase(view, match) { return phrase }
    var stop = end
    var digits = 0
    var letters = 0
    while stop - end < 400, Bytes.isJoining(view.byte(stop)) || "_-.+/=~".utf8.contains(view.byte(stop)) {
      if Bytes.isDigit(view.byte(stop)) {
        digits += 1
      } else if Bytes.isLetter(view.byte(stop)) {
        letters += 1
      }
      stop += 1
    }
    while stop > end, ".-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    // A path, a call or the name of a variable is none; a secret has many digits, spread among its letters.
    guard stop - end >= 20, letters >= 4, digits * 7 >= stop - end, !"([{$".utf8.contains(view.byte(stop)),
      !"/.".utf8.contains(view.byte(end)), changes(view, end..<stop) * 5 >= stop - end
    else { return nil }
    return Candidate(range: end..<stop, kind: "CREDENTIAL", confidence: 8000, detector: "phi/secret")
  }

  /// A secret of words and digits between quotes, as people make them up: `"hollow_Marmot_7_oboes"`.
  private static func phrase(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let quote = view.byte(start - 1)
    guard "\"'`".utf8.contains(quote) else { return nil }
    var stop = start
    var (digits, uppers, signs) = (0, 0, 0)
    while stop - start < 64, view.byte(stop) != quote {
      let byte = view.byte(stop)
      guard Bytes.isAlphanumeric(byte) || "_-!@#%^&*+?~.".utf8.contains(byte) else { return nil }
      if Bytes.isDigit(byte) {
        digits += 1
      } else if Bytes.isUpper(byte) {
        uppers += 1
      } else if "-_!@#%^&*+?~".utf8.contains(byte) {
        signs += 1
      }
      stop += 1
    }
    guard (10..<64).contains(stop - start), digits > 0, uppers > 0 && uppers * 3 < stop - start, signs > 0
    else { return nil }
    return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 7500, detector: "phi/secret")
  }

  /// How often a digit follows a letter, or a letter a digit: names of programs do that seldom.
  private static func changes(_ view: borrowing TextView, _ range: Range<Int>) -> Int {
    var count = 0
    for index in range.dropFirst()
    where Bytes.isDigit(view.byte(index)) != Bytes.isDigit(view.byte(index - 1)) { count += 1 }
    return count
  }

  /// An address that is a secret: the whole of it.
  private static func address(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let start = view.start(before: end, limit: 80) { $0 > 0x20 && !"\"'`<>([{|,;=".utf8.contains($0) }
    var stop = end
    while stop - end < 512, !view.endsURL(stop) { stop += 1 }
    while stop > end, ".,;:!?".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 9700, detector: "phi/webhook")
  }

  /// A password of words: in quotes whatever it is, else words joined by hyphens (`maple-otter-lantern`).
  private static func words(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let quote = view.byte(end - 1)
    let isQuoted = "\"'`".utf8.contains(quote)
    var stop = end
    var hyphens = 0
    while stop - end < 80 {
      let byte = view.byte(stop)
      if byte == 0x0A || byte == 0x0D || isQuoted && byte == quote { break }
      if !isQuoted, !Bytes.isJoining(byte), byte != UInt8(ascii: "-") { break }
      if byte == UInt8(ascii: "-") { hyphens += 1 }
      stop += 1
    }
    while stop > end, view.byte(stop - 1) == UInt8(ascii: "-") { stop -= 1 }
    guard stop - end >= 6, isQuoted ? view.byte(stop) == quote && stop - end <= 64 : hyphens >= 2 else {
      return nil
    }
    guard !"$%{<[".utf8.contains(view.byte(end)) else { return nil }
    return Candidate(range: end..<stop, kind: "CREDENTIAL", confidence: 7500, detector: "phi/password")
  }
}

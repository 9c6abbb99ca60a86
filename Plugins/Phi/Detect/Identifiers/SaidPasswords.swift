internal import FilterKit

/// Passwords that somebody tells in a sentence, some words behind what they are: `my pw was reset to …`, `the password my wife picked was …`,
/// `pw on sleeve: …`, and words that a family says on the telephone.
enum SaidPasswords {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:pass(?:word|code|phrase|wd)|pwd?|pws|code ?word|safe ?word|secret token|wi-?fi)\b"#
    ) { view, end in announced(view, end) },
    // `temp Welcome-2-Rad!`, and behind an account: `Login with bg_admin / …`
    PatternRule(#"\b(?:temp:? [A-Z]|[Ll]og ?in with )"#, caseless: false) { view, end in
      announced(view, view.byte(end - 1) == 0x20 ? end - 1 : end - 2)
    },
    // `Password for phone updates: marigold`, `password for the family is bluebonnet`
    PatternRule(
      #"\b(?:password|passcode|code ?word|safe ?word) (?:for|with) (?:the |her |his )?(?:family|phones?|calls?|info|information|updates?|phone info|phone updates?|phone calls?|visitors?)(?: is|:|=| -) ?["'`]?"#
    ) { view, end in word(view, end) },
    // `pw "bluefig" verified`
    PatternRule(#"\b(?:password|passcode|pw|pwd|code ?word|safe ?word)(?: is| was|:)? ["`]"#) { view, end in
      word(view, end)
    },
  ]

  private static let reach = 64
  private static let longest = 40

  /// The first word behind a label that is a password by its form, with what announces one right before it.
  private static func announced(_ view: borrowing TextView, _ label: Int) -> Candidate? {
    // A program's: `{"password", …}`, `password_hash`, `pw.check`.
    guard !"\"'`_.([=".utf8.contains(view.byte(label)),
      !"\"'`_.$-".utf8.contains(beforeLabel(view, label)), !view.has(" hash", at: label),
      !view.has(" polic", at: label)
    else { return nil }
    var position = label
    while position - label < reach {
      let byte = view.byte(position)
      guard byte != 0x0A, byte != 0x0D, byte != UInt8(ascii: ";"), byte != UInt8(ascii: "{") else {
        return nil
      }
      guard byte == 0x20 || position == label || "(\"'`".utf8.contains(byte) else {
        position += 1
        continue
      }
      var start = position
      while start - position < 4, " (\"'`".utf8.contains(view.byte(start)) { start += 1 }
      let end = end(view, start)
      let isNear = start - label <= 5
      if end > start, isPassword(view, start..<end, isNear: isNear), isAnnounced(view, label, start),
        isNear && isClear(view, start..<end) || !ProgramContext.isProgram(view, start)
      {
        return Candidate(range: start..<end, kind: "CREDENTIAL", confidence: 7000, detector: "phi/password")
      }
      position = max(start, position + 1)
    }
    return nil
  }

  /// What stands before a label's word.
  private static func beforeLabel(_ view: borrowing TextView, _ label: Int) -> UInt8 {
    view.byte(view.start(before: label, limit: 16, where: Bytes.isJoining) - 1)
  }

  /// Whether digits, letters and signs are mixed as nothing of a program is but a secret.
  private static func isClear(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let digits = range.count { Bytes.isDigit(view.byte($0)) }
    let signs = range.count { !Bytes.isAlphanumeric(view.byte($0)) }
    return digits > 1 && signs > 1
  }

  /// Where a word ends with its signs, but for those that end a sentence.
  private static func end(_ view: borrowing TextView, _ start: Int) -> Int {
    var end = start
    while end - start < longest, view.byte(end) > 0x20, !"\"'`,;<>()".utf8.contains(view.byte(end)) {
      end += 1
    }
    while end > start, ".:?".utf8.contains(view.byte(end - 1)) { end -= 1 }
    return end
  }

  private static let verbs = WordSet(
    words: "is was to are now use still temp pw pwd password passcode new it word note token pass phrase")

  /// Whether a sign or a word that gives something stands right before.
  private static func isAnnounced(_ view: borrowing TextView, _ label: Int, _ start: Int) -> Bool {
    var before = start
    while start - before < 4, " (\"'`".utf8.contains(view.byte(before - 1)) { before -= 1 }
    if before <= label { return true }
    if ":,=/".utf8.contains(view.byte(before - 1))
      || (before..<start).contains(where: { "(\"'`".utf8.contains(view.byte($0)) })
    {
      return true
    }
    guard let word = view.word(before: before, gap: 1) else { return false }
    return verbs.contains(view.hash(word))
  }

  /// Signs that nobody writes inside of other words.
  private static let strong = "!@#$%^&*+?"

  private static let known: [StaticString] = [
    "sha1", "sha256", "sha512", "md5", "utf8", "base64", "oauth2", "oauth2.0", "bcrypt", "mfa2", "tls1",
    "tls1.2", "argon2id", "pbkdf2",
  ]

  /// Letters with a strong sign, or with digits behind a capital and small letters, and no address, path, date or call.
  private static func isPassword(
    _ view: borrowing TextView, _ range: Range<Int>, isNear: Bool
  ) -> Bool {
    var (lowers, uppers, digits, signs) = (0, 0, 0, 0)
    for index in range {
      let byte = view.byte(index)
      if Bytes.isDigit(byte) {
        digits += 1
      } else if Bytes.isUpper(byte) {
        uppers += 1
      } else if Bytes.isLetter(byte) {
        lowers += 1
      } else if strong.utf8.contains(byte) {
        signs += 1
      } else if !"-_.~".utf8.contains(byte) {
        return false
      }
    }
    guard range.count >= 6, lowers + uppers > 2, !"$%@<#-".utf8.contains(view.byte(range.lowerBound)),
      !known.contains(where: { $0.utf8CodeUnitCount == range.count && view.has($0, at: range.lowerBound) })
    else { return false }
    // An address: `jane@example.org`.
    if let at = range.first(where: { view.byte($0) == UInt8(ascii: "@") }),
      (at..<range.upperBound).contains(where: { view.byte($0) == UInt8(ascii: ".") })
    {
      return false
    }
    if signs > 0 {
      return range.dropLast().contains { strong.utf8.contains(view.byte($0)) } && lowers > 1
        || digits > 0 && lowers > 1
    }
    return digits > 0 && lowers > 1 && (uppers > 0 && lowers > 3 || lowers > 3 && digits > 1 || lowers > 4)
      && (isNear || !isReference(view, range))
  }

  /// `version2`, `step-4`, `dr.smith2`, a user's name: words with one digit, in small letters.
  private static func isReference(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let digits = range.count { Bytes.isDigit(view.byte($0)) }
    return digits < 2 && !range.contains { Bytes.isUpper(view.byte($0)) }
      && !range.dropLast().contains { Bytes.isDigit(view.byte($0)) && $0 > range.lowerBound }
  }

  private static let states = WordSet(
    words: """
      wrong correct incorrect required missing invalid empty blank same weak strong expired reset changed locked unknown needed ready
      needed optional none known saved stored hashed encrypted there here not the on in being password string null
      """)

  /// A word or two that a family was given, at a phrase's end or in quotes.
  private static func word(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let quote = view.byte(start - 1)
    let isQuoted = "\"'`".utf8.contains(quote)
    var end = start
    while end - start < 24, Bytes.isJoining(view.byte(end)) || view.byte(end) == UInt8(ascii: "-") {
      end += 1
    }
    let next = view.byte(end)
    guard end - start >= 4, isQuoted ? next == quote : next == 0x0A || ".,;)".utf8.contains(next),
      !states.contains(view.hash(start..<end)), !ProgramContext.isProgram(view, start)
    else { return nil }
    return Candidate(range: start..<end, kind: "CREDENTIAL", confidence: 7000, detector: "phi/password")
  }
}

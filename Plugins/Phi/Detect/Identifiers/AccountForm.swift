internal import FilterKit

/// How names of accounts are made from people's: `jmcclintock`, `k.okafor`, `onyango.d`, `hvasquezRN`, `patelk2`.
enum AccountForm {
  static let longest = 40
  private static let mostDigits = 4
  private static let shortest = 5

  /// Where the run of letters, digits and signs between them ends that may be the name of an account.
  static func end(_ text: Span<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < text.count, end - start <= longest {
      let byte = text[end]
      guard
        Bytes.isJoining(byte)
          || end > start && isSign(byte) && end + 1 < text.count && Bytes.isJoining(text[end + 1])
      else { break }
      end += 1
    }
    return end
  }

  private static func isSign(_ byte: UInt8) -> Bool { "._-".utf8.contains(byte) }

  /// Whether a name of an account is made from somebody's.
  ///
  /// - Parameter isSure: nothing says that it is an account: an initial before a family name, or two names.
  static func isSomebodys(_ text: Span<UInt8>, _ range: Range<Int>, isSure: Bool = false) -> Bool {
    guard (shortest...longest).contains(range.count), case .success(let model) = TaggerModel.shipped else {
      return false
    }
    var (parts, names, initials, unknown) = (0, 0, 0, 0)
    var isPerson = false
    var isFitting = true
    forEachPart(text, range) { part, hasDigits in
      parts += 1
      let hash = Lexicon.hash(text, part)
      if part.isEmpty || services.contains(hash) || !isEven(text, part) {
        isFitting = false
      } else if part.count < 3 {
        initials += 1
      } else if isName(hash, model) || isGiven(hash, model) {
        names += 1
        if !isSure, parts == 1, hasDigits, part.count > 3, part.count == range.count - digits(text, range) {
          isPerson = true
        }
      } else if isMadeOfNames(text, part, model, isSure: isSure) {
        isPerson = true
      } else if isWord(hash, model) {
        isFitting = false
      } else if part.count > 3 {
        unknown += 1
      }
    }
    guard isFitting else { return false }
    return isPerson
      || parts > 1 && parts <= 3
        && (isSure
          ? names == 2 && parts == 2 && hasPoint(text, range) : names > 0 || initials > 0 && unknown > 0)
  }

  private static func hasPoint(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.contains { text[$0] == UInt8(ascii: ".") }
  }

  /// Whether it may be the name of an account where nothing else belongs: one run with letters, no English word and no service.
  static func isPlausible(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (shortest...longest).contains(range.count), Bytes.isLetter(text[range.lowerBound]),
      end(text, range.lowerBound) == range.upperBound, case .success(let model) = TaggerModel.shipped
    else { return false }
    var isFitting = true
    forEachPart(text, range) { part, _ in
      let hash = Lexicon.hash(text, part)
      if part.isEmpty || services.contains(hash) || !isEven(text, part) || namesRole(text, part)
        || isWord(hash, model) && !isGiven(hash, model)
      {
        isFitting = false
      }
    }
    return isFitting
  }

  private static let roles: [StaticString] = [
    "user", "admin", "test", "name", "root", "serv", "demo", "data", "host", "check", "health", "monitor",
    "probe",
  ]

  /// `dbuser`, `testaccount`.
  private static func namesRole(_ text: Span<UInt8>, _ part: Range<Int>) -> Bool {
    let view = TextView(text, from: 0)
    return roles.contains { view.contains($0, in: part) }
  }

  private static func digits(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    range.count { Bytes.isDigit(text[$0]) }
  }

  /// Tells of the letters of each part, without the digits that number it.
  private static func forEachPart(
    _ text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>, _ hasDigits: Bool) -> Void
  ) {
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound
    where index == range.upperBound || isSign(text[index]) {
      var end = index
      while end > start, index - end < mostDigits, Bytes.isDigit(text[end - 1]) { end -= 1 }
      body(start..<end, end < index)
      start = index + 1
    }
  }

  /// Letters of one case, but for a credential at their end or a capital at their beginning: `hvasquezRN`.
  private static func isEven(_ text: Span<UInt8>, _ part: Range<Int>) -> Bool {
    let capitals = part.count { Bytes.isUpper(text[$0]) }
    guard part.allSatisfy({ Bytes.isLetter(text[$0]) && text[$0] < 0x80 }) else { return false }
    if capitals == 0 || capitals == part.count { return true }
    if capitals == 1 { return Bytes.isUpper(text[part.lowerBound]) && part.count > 2 }
    return capitals <= 3 && part.suffix(capitals).allSatisfy { Bytes.isUpper(text[$0]) }
  }

  private static func isWord(_ hash: UInt64, _ model: TaggerModel) -> Bool {
    Lexicon.classes(hash).contains(.word) || model.facts(hash).isWord
  }

  private static func isName(_ hash: UInt64, _ model: TaggerModel) -> Bool {
    !isWord(hash, model) && (Lexicon.classes(hash).isName || model.facts(hash).family > 1)
  }

  private static func isFamily(_ hash: UInt64, _ model: TaggerModel) -> Bool {
    let facts = model.facts(hash)
    return !facts.isWord
      && (Lexicon.classes(hash).isOnlyName
        || !Lexicon.classes(hash).contains(.word) && facts.family + facts.foreign > 1)
  }

  private static func isGiven(_ hash: UInt64, _ model: TaggerModel) -> Bool {
    model.facts(hash).given > 3
  }

  /// Initials before a family name, an initial behind one, or a given and a family name, in one word.
  private static func isMadeOfNames(
    _ text: Span<UInt8>, _ part: Range<Int>, _ model: TaggerModel, isSure: Bool
  ) -> Bool {
    let isTitled = Bytes.isLower(text[part.lowerBound]) && Bytes.isUpper(text[part.upperBound - 1])
    let end =
      isTitled ? part.last { Bytes.isLower(text[$0]) }.map { $0 + 1 } ?? part.upperBound : part.upperBound
    let (start, count) = (part.lowerBound, end - part.lowerBound)
    guard count >= shortest, !isWord(Lexicon.hash(text, start..<end), model) else { return false }
    if isFamily(Lexicon.hash(text, start + 1..<end), model) { return true }
    // `drpatel`
    if count >= 6, text[start] | 0x20 == UInt8(ascii: "d"), text[start + 1] | 0x20 == UInt8(ascii: "r"),
      isFamily(Lexicon.hash(text, start + 2..<end), model)
    {
      return true
    }
    if !isSure, count >= 7, isFamily(Lexicon.hash(text, start + 2..<end), model) { return true }
    if !isSure, count >= 6, model.facts(Lexicon.hash(text, start..<end - 1)).family > 2 {
      return isFamily(Lexicon.hash(text, start..<end - 1), model)
    }
    guard count >= 7 else { return false }
    for middle in start + 3...end - 3 {
      if isGiven(Lexicon.hash(text, start..<middle), model),
        model.facts(Lexicon.hash(text, middle..<end)).family > 2
      {
        return true
      }
    }
    return false
  }

  /// Accounts of programs, roles and tests.
  private static let services = WordSet(
    words:
      """
      svc service services srv sys system admin administrator root bot ci cd app apps api db dba dbo test tests tester testing demo guest \
      anonymous anon nobody none null nil unknown user users username public private default dev prod stage staging qa uat batch cron daemon \
      job jobs backup build builder deploy deployer runner agent agents worker postgres mysql mariadb oracle mssql redis mongo mongodb kafka \
      jenkins hudson tomcat apache nginx www http https httpd caddy git github gitlab gitea bitbucket travis circleci docker kubernetes \
      ubuntu debian centos fedora ec2 vagrant ansible puppet chef terraform packer hadoop hdfs hive spark airflow splunk elastic kibana \
      grafana prometheus sonar nexus renovate dependabot actions automation integration interface engine mirth rhapsody hl7 fhir sftp ftp ssh \
      smtp imap ldap kerberos saml oauth sso client server host local remote support help helpdesk info sales office billing contact team group \
      ops noc soc sre web site portal mobile foo bar baz alice bob example sample dummy fake jdoe johndoe janedoe doe owner operator \
      go py js ts rs rb sh md html json yaml yml xml csv sql txt pdf png exe dll log conf cfg com org net io
      """)
}

internal import FilterKit

/// Passwords in the arguments of commands: `mysql -u intf -p'…'`, `ldapsearch -D … -w '…'`, `sshpass -p …`.
enum CommandPasswords {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:mysql|mysqldump|mysqladmin|mariadb|sshpass|ldap(?:search|modify|add|delete|whoami|passwd)|redis-cli|sqlcmd) "#
    ) { view, end in password(view, end - 1) }
  ]

  /// The option of each command that a password stands behind.
  private static func password(_ view: borrowing TextView, _ command: Int) -> Candidate? {
    let start = view.start(before: command, limit: 12) { Bytes.isLetter($0) || $0 == UInt8(ascii: "-") }
    if view.has("ldap", at: start) { return argument(view, command, "-w", isTight: false) }
    if view.has("redis", at: start) { return argument(view, command, "-a", isTight: false) }
    if view.has("sqlcmd", at: start) { return argument(view, command, "-P", isTight: false) }
    return argument(view, command, "-p", isTight: !view.has("sshpass", at: start))
  }

  private static let longestCommand = 180
  private static let longest = 64

  /// What stands behind an option on the command's line; a blank may stand between where it is not tight.
  private static func argument(
    _ view: borrowing TextView, _ command: Int, _ option: StaticString, isTight: Bool
  ) -> Candidate? {
    var position = command
    while position - command < longestCommand, view.byte(position) != 0x0A {
      guard view.byte(position) == 0x20, isOption(view, position + 1, option) else {
        position += 1
        continue
      }
      var start = position + 1 + option.utf8CodeUnitCount
      if !isTight, view.byte(start) == 0x20 { start += 1 }
      let quote = view.byte(start)
      let isQuoted = "\"'".utf8.contains(quote)
      if isQuoted { start += 1 }
      var end = start
      while end - start < longest,
        isQuoted ? view.byte(end) != quote && view.byte(end) != 0x0A : view.byte(end) > 0x20
      { end += 1 }
      guard isSecret(view, start..<end, isQuoted: isQuoted) else { return nil }
      return Candidate(range: start..<end, kind: "CREDENTIAL", confidence: 8500, detector: "phi/password")
    }
    return nil
  }

  /// With its case: `-P` is a port where `-p` is a password.
  private static func isOption(_ view: borrowing TextView, _ start: Int, _ option: StaticString) -> Bool {
    view.has(option, at: start) && option.withUTF8Buffer { unsafe $0[1] } == view.byte(start + 1)
  }

  /// Whether it is no variable, path or placeholder: letters with digits or signs.
  private static func isSecret(_ view: borrowing TextView, _ range: Range<Int>, isQuoted: Bool) -> Bool {
    guard range.count >= 6, !"$%<{[-/.*".utf8.contains(view.byte(range.lowerBound)) else { return false }
    let letters = range.count { Bytes.isLetter(view.byte($0)) }
    let others = range.count { !Bytes.isLetter(view.byte($0)) && !"_.-/".utf8.contains(view.byte($0)) }
    return letters > 0 && others > 0
  }
}

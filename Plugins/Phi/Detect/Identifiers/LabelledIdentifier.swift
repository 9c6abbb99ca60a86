internal import FilterKit

/// Reads the identifier behind a label: across `no.`, `#`, `:`, `is`, brackets, quotes and the borders of cells, in whatever groups it is
/// written (`0 064 004417728 01-3`, `4417-208-958-KR`, `UNTH/2024/0081`).
enum LabelledIdentifier {
  /// What stands behind a label.
  struct Reading {
    var range: Range<Int>
    var digits = 0
    var hasUpper = false
    var hasLower = false
    /// A word or sign that counts things stands between: `no.`, `#`, `id`, `number`.
    var isNumbered = false
    /// `:`, `=`, `|` or a bracket stands between.
    var isAssigned = false
  }

  /// So many bytes of signs and words may stand between a label and its value.
  private static let reach = 44
  private static let longest = 40
  /// A token without spaces may be longer: what a device's label has is one.
  private static let longestToken = 64
  private static let mostGroups = 6

  private static let numbering = WordSet(
    words:
      """
      id ids no nos nr nrs nbr num number numbers nummer numero identifier identification ref reference code card n° № \
      numer номер código kod codice full value pin key template 番号 番號 号码 號碼 번호 संख्या
      """)
  private static let connecting = WordSet(
    words:
      """
      is was are as has value reads the of with shows ending in slides slide label labelled called del de della du der des do et und and \
      to su es est ist è é er on her his their my your
      """)

  /// - Parameter whole: the label means an identifier by itself, so that its value may stand behind a comma or on the next line.
  static func read(_ view: borrowing TextView, after end: Int, whole: Bool = false) -> Reading? {
    var reading = Reading(range: end..<end)
    // A call or a member of a program: `Person(id: 7)`, `record.id = 7`.
    if view.byte(end) == UInt8(ascii: "(") && !"\"'".utf8.contains(view.byte(end + 1))
      || view.has(".id", at: end)
    {
      return nil
    }
    var position = endOfKey(view, end)
    var linking = 0
    skipping: while position - end < reach {
      let byte = view.byte(position)
      switch byte {
      case 0x20, 0x09, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: "."):
        position += 1
      case UInt8(ascii: "#"):
        reading.isNumbered = true
        position += 1
      case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "|"), UInt8(ascii: "("), UInt8(ascii: "["),
        UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: ")"),
        UInt8(ascii: "]"):
        if byte == UInt8(ascii: "("), Bytes.isLetter(view.byte(position - 1)),
          !"\"'".utf8.contains(view.byte(position + 1))
        {
          return nil
        }
        if byte != UInt8(ascii: ")"), byte != UInt8(ascii: "]") { reading.isAssigned = true }
        position += 1
      case UInt8(ascii: ",")
      where whole || reading.isNumbered || Bytes.isJoining(view.byte(position + 1))
        || Bytes.isDigit(view.byte(position + 2)):
        position += 1
      case 0x0A, 0x0D:
        guard whole, reading.isAssigned, position < view.text.count else { return nil }
        position += 1
      default:
        guard Bytes.isLetter(byte) else { break skipping }
        var stop = position
        while stop - position < 24, Bytes.isLetter(view.byte(stop)) { stop += 1 }
        let hash = Lexicon.hash(view.text, position..<stop)
        // `no12` and `ref-x` are values, or parts of them.
        guard !Bytes.isDigit(view.byte(stop)) else { break skipping }
        if numbering.contains(hash) {
          reading.isNumbered = true
        } else if position > end, linking < 3,
          Bytes.isSpace(view.byte(stop)) || view.byte(stop) == UInt8(ascii: ":"), connecting.contains(hash)
        {
          linking += 1
        } else {
          // A word alone is no identifier, and no beginning of one where it is long or in lower case.
          let after = view.byte(stop)
          if !Bytes.isJoining(after), !"-_./".utf8.contains(after),
            stop - position > 4 || Bytes.isLower(view.byte(stop - 1))
          {
            return nil
          }
          break skipping
        }
        position = stop
      }
    }
    // Something has to stand between: `mrn5` is a name in a program, `no.5` is not.
    guard position > end, view.byte(position - 1) != UInt8(ascii: "_"), Bytes.isJoining(view.byte(position))
    else {
      return nil
    }
    return value(view, from: position, &reading) ? reading : nil
  }

  /// Where a key ends that goes on behind its label: `mrn_a=`, `mrn_old":`; else the label's end.
  private static func endOfKey(_ view: borrowing TextView, _ end: Int) -> Int {
    guard view.byte(end) == UInt8(ascii: "_") else { return end }
    var stop = end + 1
    while stop - end < 10, Bytes.isJoining(view.byte(stop)) { stop += 1 }
    return "=:\"'".utf8.contains(view.byte(stop)) ? stop : end
  }

  /// Reads the value that begins at a position.
  static func read(_ view: borrowing TextView, at start: Int) -> Reading? {
    var reading = Reading(range: start..<start)
    return value(view, from: start, &reading) ? reading : nil
  }

  /// Reads the groups of a value; false where it is a date, a time, a version, a measure, a hash or an address.
  private static func value(_ view: borrowing TextView, from start: Int, _ reading: inout Reading) -> Bool {
    var stop = token(view, from: start, &reading)
    guard !isDateOrTime(view, start..<stop), !isMeasured(view, stop) else { return false }
    var groups = 1
    while groups < mostGroups, view.byte(stop) == 0x20, stop - start < longest {
      var more = reading
      let next = token(view, from: stop + 1, &more)
      guard next > stop + 1, next - start <= longest,
        continues(view, stop + 1..<next, behind: reading, first: start..<stop, groups: groups),
        !isDateOrTime(view, stop + 1..<next), !isMeasured(view, next)
      else { break }
      reading = more
      stop = next
      groups += 1
    }
    // The check digit of Hong Kong's cards stands in brackets.
    if view.byte(stop) == UInt8(ascii: "("), view.byte(stop + 2) == UInt8(ascii: ")"),
      Bytes.isDigit(view.byte(stop + 1)) || view.byte(stop + 1) == UInt8(ascii: "A")
    {
      reading.digits += 1
      stop += 3
    }
    reading.range = start..<stop
    return reading.digits > 0 && !Self.isNobodys(view, reading)
  }

  /// The end of a run of letters and digits with signs between them.
  private static func token(_ view: borrowing TextView, from start: Int, _ reading: inout Reading) -> Int {
    var stop = start
    while stop - start < longestToken {
      let byte = view.byte(stop)
      if Bytes.isDigit(byte) {
        reading.digits += 1
      } else if Bytes.isUpper(byte) {
        reading.hasUpper = true
      } else if Bytes.isLower(byte) {
        reading.hasLower = true
      } else {
        let (before, after) = (view.byte(stop - 1), view.byte(stop + 1))
        let isInside =
          switch byte {
          case UInt8(ascii: "-"), UInt8(ascii: "_"): Bytes.isJoining(after)
          case UInt8(ascii: "."): isPlain(before) && Bytes.isDigit(after)
          case UInt8(ascii: "/"): isPlain(before) && isPlain(after)
          default: false
          }
        guard stop > start, Bytes.isJoining(before), isInside else { break }
      }
      stop += 1
    }
    return stop
  }

  private static func isPlain(_ byte: UInt8) -> Bool { Bytes.isDigit(byte) || Bytes.isUpper(byte) }

  /// Whether a run behind a space is the next group of the same value.
  private static func continues(
    _ view: borrowing TextView, _ range: Range<Int>, behind reading: Reading, first: Range<Int>, groups: Int
  ) -> Bool {
    guard !reading.hasLower, Bytes.isSpace(view.byte(range.upperBound)) || isEnd(view.byte(range.upperBound))
    else { return false }
    var digits = 0
    for index in range {
      if Bytes.isDigit(view.byte(index)) {
        digits += 1
      } else if Bytes.isLower(view.byte(index)) {
        return false
      }
    }
    let isNumber = range.allSatisfy { Bytes.isDigit(view.byte($0)) || view.byte($0) == UInt8(ascii: "-") }
    if reading.digits == 0 {
      // A prefix of letters: `LCS 28817`, `QRT K18`.
      return first.count <= 4 && digits > 0
    }
    if isNumber {
      // A year, or a count of something, belongs to the sentence.
      return digits <= 9 && !(digits == 4 && groups == 1 && reading.digits >= 6 && isYear(view, range))
    }
    // Letters at the end of a number in groups: `QQ 12 34 56 C`, `4417 208 958 KR`, `1284076 A,`.
    return digits == 0
      && (groups >= 2 && range.count <= 2
        || range.count == 1 && reading.digits >= 6 && ",;)\n".utf8.contains(view.byte(range.upperBound)))
  }

  private static func isYear(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    view.has("19", at: range.lowerBound) || view.has("20", at: range.lowerBound)
  }

  private static func isEnd(_ byte: UInt8) -> Bool { ".,;:)]}\"'|<>?!~".utf8.contains(byte) }

  /// Whether a unit stands behind a number: `44120 58 yo`, `12 mg`, `40 %`.
  private static func isMeasured(_ view: borrowing TextView, _ end: Int) -> Bool {
    let start = view.byte(end) == 0x20 ? end + 1 : end
    if view.byte(start) == UInt8(ascii: "%") { return true }
    var stop = start
    while stop - start < 8, Bytes.isLetter(view.byte(stop)) || view.byte(stop) == UInt8(ascii: "/") {
      stop += 1
    }
    // `sec=WEB` is the next field.
    guard start > end, stop > start, Bytes.isLower(view.byte(start)), view.byte(stop) != UInt8(ascii: "=")
    else {
      return false
    }
    return units.contains(Lexicon.hash(view.text, start..<stop))
  }

  private static let units = WordSet(
    words:
      """
      y yo y/o yr yrs year years mo month months week weeks wk wks day days hour hours hr hrs min mins minutes sec seconds mg mcg ml kg g cm mm \
      m km lb lbs bytes byte kb mb gb ms mmhg bpm times people patients items rows lines files records percent dollars euros
      """)

  private static func isDateOrTime(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    if view.byte(range.upperBound) == UInt8(ascii: ":"), Bytes.isDigit(view.byte(range.upperBound + 1)),
      range.count <= 2
    {
      return true
    }
    var parts: [Int] = [0]
    var sign: UInt8 = 0
    for index in range {
      let byte = view.byte(index)
      if Bytes.isDigit(byte) {
        parts[parts.count - 1] += 1
      } else if "-/.".utf8.contains(byte), sign == 0 || sign == byte {
        sign = byte
        parts.append(0)
      } else {
        return false
      }
    }
    let isSlash = sign == UInt8(ascii: "/")
    // A pressure, a dose, a month; a register's number has more digits before its year (`2218/21`).
    if parts.count == 2 {
      return isSlash && range.count <= 7 && (parts[0] < 4 || parts[1] != 2 || isYear(view, range))
    }
    guard parts.count == 3, parts[1] <= 2 else { return false }
    if parts[0] == 4 { return parts[2] <= 2 && isYear(view, range) }
    return parts[0] <= 2
      && (parts[2] == 4 && isYear(view, range.upperBound - 4..<range.upperBound) || parts[2] == 2 && isSlash)
  }

  /// Versions, addresses of networks and of mail, decimals, calls, hashes and UUIDs.
  private static func isNobodys(_ view: borrowing TextView, _ reading: Reading) -> Bool {
    let range = reading.range
    let after = view.byte(range.upperBound)
    if after == UInt8(ascii: "@") || after == UInt8(ascii: "(") || after == UInt8(ascii: "[") { return true }
    let dots = range.count { view.byte($0) == UInt8(ascii: ".") }
    if dots > 0, !isDotted(view, reading),
      reading.digits < 9 || dots == 3 && !reading.hasUpper && reading.digits <= 12
    {
      return true
    }
    guard reading.hasLower else { return false }
    // `getRecord2024`, `550e8400-e29b-41d4-a716-446655440000`, a digest.
    return reading.digits * 3 < range.count || range.count >= 24
      || after == UInt8(ascii: ".") && Bytes.isLetter(view.byte(range.upperBound + 1))
  }

  /// `MD.204418`, `13.805.274-K` of Chile, and digits that are taken apart, `4.4.8.2.9.1.3`.
  private static func isDotted(_ view: borrowing TextView, _ reading: Reading) -> Bool {
    let range = reading.range
    let dot = range.first { view.byte($0) == UInt8(ascii: ".") } ?? range.lowerBound
    if reading.digits >= 6, reading.digits * 2 - 1 == range.count, !reading.hasUpper { return true }
    if Bytes.isUpper(view.byte(dot - 1)) { return dot - range.lowerBound >= 2 && reading.digits >= 5 }
    return reading.digits >= 7 && view.byte(range.upperBound - 2) == UInt8(ascii: "-")
      && view.byte(range.upperBound - 6) == UInt8(ascii: ".")
  }

  /// Whether a value looks like an identifier wherever it stands: six digits and more, or capitals among at least as many digits.
  static func isIdentifier(_ view: borrowing TextView, _ reading: Reading) -> Bool {
    guard !reading.hasLower else { return false }
    return reading.hasUpper ? reading.digits >= 4 && isMostlyDigits(view, reading) : reading.digits >= 6
  }

  /// Names in programs have more letters, and underscores: `SHA3_256`.
  static func isMostlyDigits(_ view: borrowing TextView, _ reading: Reading, outOf parts: Int = 2) -> Bool {
    let signs = reading.range.count { Bytes.isJoining(view.byte($0)) }
    return reading.digits * parts >= signs && !reading.range.contains { view.byte($0) == UInt8(ascii: "_") }
  }
}

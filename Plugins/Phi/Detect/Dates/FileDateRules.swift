internal import FilterKit

/// Dates in names of files and folders, where `_`, `-` and letters touch them: `scan_20240314.pdf`, `/out/20240314_CT/`,
/// `DOE_JANE_031461.pdf`, `brain_Mar2023.dcm`.
enum FileDateRules {
  static let all: [PatternRule] = [
    PatternRule(#"\d{8}[._/-]"#) { view, end in
      let range = end - 9..<end - 1
      guard isOpen(view, range.lowerBound), isClosed(view, range.upperBound), isDay(view, range.lowerBound)
      else { return nil }
      return date(range)
    },
    // Six digits as a form has them: month, day, year; or the day first.
    PatternRule(#"[_-]\d{6}\.[a-z]{3}"#) { view, end in
      let range = end - 10..<end - 4
      let (month, day) = (view.number(end - 10..<end - 8), view.number(end - 8..<end - 6))
      guard Bytes.isLetter(view.byte(range.lowerBound - 2)), isExtension(view, range.upperBound),
        DateRun.isDay(month, day)
      else { return nil }
      return date(range)
    }.beforeDigits(),
    // With signs between, before an extension: `EEG 2-14-23.pdf`, `screen_03-2023.docx`, `panel_2024-01.csv`.
    PatternRule(#"\d-\d{1,4}\.[a-z]{3}"#) { view, end in
      let stop = end - 4
      let start = view.start(before: stop, limit: 11) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
      guard stop - start <= 10, isOpen(view, start), isExtension(view, stop), isParted(view, start..<stop)
      else { return nil }
      return date(start..<stop)
    },
    // With the month's name: `brain_Mar2023.dcm`, `recall_04Oct.xlsx`.
    PatternRule(
      #"[_ -](?:\d{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:19|20)\d{2})\.[a-z]{3}"#
    ) { view, end in
      let start = view.start(before: end - 4, limit: 14, where: Bytes.isJoining)
      guard isExtension(view, end - 4), start < end - 8 else { return nil }
      return date(start..<end - 4)
    }.beforeDigits(),
  ]

  private static func date(_ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "DATE", confidence: 6500, detector: "phi/date-file")
  }

  /// What stands before a part of a path or a name: a slash, or a sign behind a letter or a digit.
  private static func isOpen(_ view: borrowing TextView, _ start: Int) -> Bool {
    let before = view.byte(start - 1)
    if "/\\".utf8.contains(before) { return true }
    return "_. ".utf8.contains(before) && Bytes.isJoining(view.byte(start - 2))
      || before == UInt8(ascii: "-") && Bytes.isLetter(view.byte(start - 2))
  }

  /// What stands behind one: an extension, a word, another folder.
  private static func isClosed(_ view: borrowing TextView, _ end: Int) -> Bool {
    let next = view.byte(end)
    if next == UInt8(ascii: "/") { return Bytes.isLetter(view.byte(end + 1)) || view.byte(end + 1) <= 0x20 }
    if next == UInt8(ascii: ".") { return Bytes.isLower(view.byte(end + 1)) }
    return "_-".utf8.contains(next)
      && (Bytes.isLetter(view.byte(end + 1)) || "*{%$".utf8.contains(view.byte(end + 1)))
  }

  private static let extensions: [StaticString] = [
    ".pdf", ".doc", ".xls", ".csv", ".txt", ".tif", ".jpg", ".jpe", ".png", ".dcm", ".zip", ".hl7", ".xml",
    ".jso", ".wav",
    ".mp3", ".mp4", ".rtf", ".gz", ".tar", ".edf", ".iso", ".log", ".eml", ".bak", ".tsv", ".par", ".htm",
    ".heic", ".mov",
  ]

  private static func isExtension(_ view: borrowing TextView, _ dot: Int) -> Bool {
    extensions.contains { view.has($0, at: dot) }
  }

  /// Eight digits of a day from 1900 to 2049, the year first or last.
  private static func isDay(_ view: borrowing TextView, _ start: Int) -> Bool {
    func at(_ offset: Int, _ count: Int) -> Int { view.number(start + offset..<start + offset + count) }
    // A model's version, and the name of a change to a database.
    guard !Bytes.isJoining(view.byte(start - 1)),
      !view.hasBefore(start, within: 40, ["sonnet", "opus", "haiku", "gpt", "migrat", "version", "release"])
    else { return false }
    if (1900...2049).contains(at(0, 4)), (1...12).contains(at(4, 2)), (1...31).contains(at(6, 2)) {
      return true
    }
    return (1900...2049).contains(at(4, 4)) && DateRun.isDay(at(0, 2), at(2, 2))
  }

  /// `2-14-23`, `03-2023`, `2024-01`
  private static func isParted(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let one = view.endOfDigits(range.lowerBound, limit: 4)
    let first = view.number(range.lowerBound..<one)
    guard one < range.upperBound else { return false }
    let two = view.endOfDigits(one + 1, limit: 4)
    let second = view.number(one + 1..<two)
    if two == range.upperBound {
      return (1900...2049).contains(first) && (1...12).contains(second) && two - one == 3
        || (1...12).contains(first) && (1900...2049).contains(second)
    }
    let three = view.endOfDigits(two + 1, limit: 4)
    guard three == range.upperBound, one - range.lowerBound <= 2 else { return false }
    return DateRun.isDay(first, second) && [2, 4].contains(three - two - 1)
  }
}

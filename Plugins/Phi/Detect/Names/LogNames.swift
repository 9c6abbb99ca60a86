internal import FilterKit

/// Who a line of a log or a paste of a chat is about: `NAME=DARNELL X PRIDGEN RESP=05`, `nurse=Odalys Quintero,`, and a speaker before
/// a time: `*Mei-Ling*  11:05`, `priya raghunathan  9:02 AM`.
enum LogNames {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:name|nurse|tech|patient|doctor|driver|holder|cardholder|caller|client|surgeon|provider|alias)=[a-z]"#
    ) { view, end in value(view, end - 1) },
    PatternRule(#"  \d{1,2}:\d\d(?: [ap]m)?\n"#) { view, end in speaker(view, end - 1) }.beforeDigits(),
  ]

  private static let longest = 48

  /// Capitalised words behind a key, up to the next key or a sign.
  private static func value(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard Bytes.isUpper(view.byte(start)) else { return nil }
    var end = start
    var seen = Seen()
    while seen.count < 5 {
      let stop = wordEnd(view, end)
      // The next key is none of its words.
      if stop - end < 1 || view.byte(stop) == UInt8(ascii: "=") || view.byte(stop) == UInt8(ascii: "_") {
        break
      }
      guard Bytes.isUpper(view.byte(end)) || view.byte(end) >= 0x80, stop - start < longest else {
        return nil
      }
      seen.add(view, end..<stop)
      end = stop
      guard view.byte(stop) == 0x20 else { break }
      end += 1
    }
    while end > start, view.byte(end - 1) == 0x20 { end -= 1 }
    guard isEnd(view.byte(end)), !seen.hasWord, seen.hasName,
      seen.count > 1 || seen.isOnlyName && !view.has("name", at: start - 5)
    else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 8500, detector: "phi/name-key")
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte <= 0x20 || ",;&|\"')]".utf8.contains(byte)
  }

  /// What stands alone on a line before two spaces and a time.
  private static func speaker(_ view: borrowing TextView, _ lineEnd: Int) -> Candidate? {
    var end = view.start(before: lineEnd, limit: 9) { $0 != 0x20 }
    if Bytes.isLetter(view.byte(end)) { end = view.start(before: end - 1, limit: 6) { $0 != 0x20 } }
    end -= 2
    var start = view.start(before: end, limit: longest) { $0 != 0x0A }
    guard start == 0 || view.byte(start - 1) == 0x0A else { return nil }
    let isBold =
      view.byte(start) == UInt8(ascii: "*") && view.byte(end - 1) == UInt8(ascii: "*") && end - start > 3
    if isBold { (start, end) = (start + 1, end - 1) }
    var seen = Seen()
    var position = start
    while position < end {
      let stop = wordEnd(view, position)
      guard stop > position, stop <= end, stop == end || view.byte(stop) == 0x20 else { return nil }
      seen.add(view, position..<stop)
      position = stop + 1
    }
    guard (1...3).contains(seen.count), !seen.hasWord, seen.hasName || isBold else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 8500, detector: "phi/name-speaker")
  }

  /// Letters, with what stands inside names and behind initials.
  private static func wordEnd(_ view: borrowing TextView, _ start: Int) -> Int {
    var end = start
    while end - start < longest, end < view.text.count,
      Bytes.isLetter(view.byte(end)) || end > start && ".'-".utf8.contains(view.byte(end))
    { end += 1 }
    return end
  }

  /// What the lists say of the words so far.
  private struct Seen {
    var count = 0
    var hasName = false
    var isOnlyName = false
    /// Whether one is an English word and no name.
    var hasWord = false

    mutating func add(_ view: borrowing TextView, _ range: Range<Int>) {
      count += 1
      let classes = Lexicon.classes(Lexicon.hash(view.text, range))
      if classes.isName { hasName = true }
      if classes.isOnlyName { isOnlyName = true }
      if classes.contains(.word), !classes.isName { hasWord = true }
    }
  }
}

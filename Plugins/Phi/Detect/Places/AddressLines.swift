internal import FilterKit

/// Addresses as other countries than the United States write them, and lines of addresses beside each other.
enum AddressLines {
  /// A ZIP code behind a country or a town, where a run of five digits and more begins: `Reykjavik 10123`.
  static func zip(_ view: borrowing TextView, at start: Int) -> Candidate? {
    isBehindWord(view, start) ? zip(view, start + 5) : nil
  }

  /// Where the line of a street before an apartment begins: at its house number. The line may be the one before.
  static func house(_ view: borrowing TextView, before start: Int) -> Int? {
    var end = start
    while end > view.lowerBound, start - end < 8, " ,\n\r\t>?-*.".utf8.contains(view.byte(end - 1)) {
      end -= 1
    }
    guard end < start, Bytes.isAlphanumeric(view.byte(end - 1)) else { return nil }
    // Back over at most six words of one line, to the first of its numbers.
    var position = end
    var house: Int?
    for _ in 0..<6 {
      let word = view.start(before: position, limit: 24) {
        !Bytes.isSpace($0) && !",;:()\"=".utf8.contains($0)
      }
      guard word < position else { break }
      let digits = view.bytes(word..<position, where: Bytes.isDigit).count
      if digits > 0, digits <= 6, position - word - digits <= 1, position < end, view.isFree(before: word) {
        house = word
      }
      guard view.byte(word - 1) == 0x20 else { break }
      position = word - 1
    }
    guard let house, (house..<end).contains(where: { Bytes.isLetter(view.byte($0)) }) else { return nil }
    return house
  }

  /// A military box or ship with the line behind it that says where its mail goes: `PSC 2905, Box 1278`, `APO AA 40674`
  /// (USPS Publication 28, 238). `end` is the ZIP code's.
  static func military(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var stop = view.start(before: end - 5, limit: 8) {
      Bytes.isUpper($0) || $0 == 0x20 || $0 == UInt8(ascii: ",")
    }
    while stop > view.lowerBound, end - stop < 20, " ,\n\r\t>?-*.".utf8.contains(view.byte(stop - 1)) {
      stop -= 1
    }
    let limit = view.start(before: stop, limit: 32) { $0 != 0x0A && $0 != UInt8(ascii: ":") }
    let begins: [StaticString] = ["psc ", "unit ", "cmr ", "usns ", "usnv ", "uss ", "uscgc "]
    guard
      let start = (limit..<stop).first(where: { index in
        !Bytes.isJoining(view.byte(index - 1)) && begins.contains { view.has($0, at: index) }
      })
    else { return nil }
    return Candidate(range: start..<end, kind: "ADDRESS", confidence: 9000, detector: "phi/military")
  }

  /// Whether nothing of a sentence follows: a line's end, or a comma.
  static func isEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    ",\n\r;\"'".utf8.contains(view.byte(end))
  }

  /// Whether one space or two stand before, and three signs before those.
  private static func isBehindWord(_ view: borrowing TextView, _ start: Int) -> Bool {
    let end = view.byte(start - 2) == 0x20 ? start - 2 : start - 1
    return end - 3 >= view.lowerBound && (end - 3..<end).allSatisfy { !Bytes.isSpace(view.byte($0)) }
  }

  private static func zip(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let digits = end - 5..<end
    guard !Bytes.isJoining(view.byte(end)), ",\n\r;\"?. ".utf8.contains(view.byte(end)) else { return nil }
    // A number of things is no ZIP code: `Boston 12345 people`.
    if view.byte(end) == 0x20 || view.byte(end) == UInt8(ascii: "."), Bytes.isAlphanumeric(view.byte(end + 1))
    {
      return nil
    }
    var stop = digits.lowerBound
    while stop > view.lowerBound, digits.lowerBound - stop < 3, " ,".utf8.contains(view.byte(stop - 1)) {
      stop -= 1
    }
    var position = stop
    for _ in 0..<3 {
      let word = view.start(before: position, limit: 20) { Bytes.isLetter($0) || "-'".utf8.contains($0) }
      guard word < position else { return nil }
      let isCapital = Bytes.isUpper(view.byte(word)) || view.byte(word) >= 0x80 || isEnd(view, end)
      if isCapital, stop - word > 3, isPlace(view, word..<stop) {
        return Candidate(range: digits, kind: "ZIP", confidence: 7000, detector: "phi/zip-place")
      }
      guard view.byte(word - 1) == 0x20 else { return nil }
      position = word - 1
    }
    return nil
  }

  /// Whether the tagger's lists have a country, a state or a town of that name.
  private static func isPlace(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let hash = Lexicon.hash(view.text, range)
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let facts = model.facts(hash)
    return facts.isArea || facts.place > 0 && !facts.isWord
  }
}

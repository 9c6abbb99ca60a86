internal import FilterKit

/// Points on roads, as ambulances and farms have them: corners without the streets' kinds (`5th & Main`), miles and exits
/// (`mile marker 112 I-80`).
enum RoadPoints {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:mile ?(?:marker|post)?|mm|mp|exit) \d{1,4}(?:\.\d)?,? (?:of |on |off |off of )?(?:the )?(?:I|US|SR|CR|FM|Hwy|Highway|Route|Rte|Interstate)[- ]?\d{1,4}\b"#
    ) { view, end in
      point(view, end, from: ["mile", "mm ", "mp ", "exit"])
    }.beforeDigits(),
    PatternRule(
      #"\b(?:I|US|SR|CR|FM|Hwy|Highway|Route|Rte|Interstate)[- ]\d{1,4},? (?:at |near |@ )?(?:mile ?(?:marker|post)?|mm|mp|exit) ?\d{1,4}\b"#
    ) { view, end in
      point(
        view, end, from: ["i-", "i ", "us", "sr", "cr", "fm", "hwy", "highway", "route", "rte", "interstate"])
    }.beforeDigits(),
    PatternRule(#"\b\d{1,3}(?:st|nd|rd|th) (?:and|&|/|@) [A-Z][a-z]{2,12}\b"#, caseless: false) { view, end in
      let word = view.start(before: end, limit: 14, where: Bytes.isLetter)
      guard AddressWords.frequent.contains(view.hash(word..<end)) else { return nil }
      return point(view, end, from: nil)
    }.beforeDigits(),
    PatternRule(#"\b[A-Z][a-z]{2,12} (?:and|&|/|@) \d{1,3}(?:st|nd|rd|th)\b"#, caseless: false) { view, end in
      let start = view.start(before: end, limit: 28) { Bytes.isAlphanumeric($0) || " &/@".utf8.contains($0) }
      guard
        let word = (start..<end).last(where: {
          Bytes.isUpper(view.byte($0)) && !Bytes.isLetter(view.byte($0 - 1))
        })
      else { return nil }
      var stop = word
      while stop < end, Bytes.isLetter(view.byte(stop)) { stop += 1 }
      guard AddressWords.frequent.contains(view.hash(word..<stop)) else { return nil }
      return Candidate(range: word..<end, kind: "ADDRESS", confidence: 7000, detector: "phi/corner")
    }.beforeDigits(),
  ]

  /// The point that ends at a position and begins with one of some words; nil: with the ordinal of a street.
  private static func point(_ view: borrowing TextView, _ end: Int, from words: [StaticString]?) -> Candidate?
  {
    let lower = view.start(before: end, limit: 44) { $0 != 0x0A && $0 != UInt8(ascii: ";") }
    let start = (lower..<end).last { index in
      guard view.isFree(before: index) else { return false }
      guard let words else { return Bytes.isDigit(view.byte(index)) && !Bytes.isDigit(view.byte(index - 1)) }
      return words.contains { view.has($0, at: index) }
        && (index..<end).contains(where: { view.byte($0) == 0x20 && $0 - index < 14 })
        && view.bytes(index..<end) { Bytes.isDigit($0) || $0 == 0x20 }.split(separator: 0x20).count >= 2
    }
    return start.map {
      Candidate(range: $0..<end, kind: "ADDRESS", confidence: 7500, detector: "phi/road-point")
    }
  }
}

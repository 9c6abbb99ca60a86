internal import FilterKit

/// Places smaller than a state: streets, cities, ZIP codes.
enum PlaceRules {
  private static let states: Set<[UInt8]> = Set(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY"
      .split(separator: " ").map { Array($0.utf8) })

  static let all: [PatternRule] = [
    PatternRule(
      #" (?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|way|terrace|circle|cir|parkway|pkwy|highway|hwy|trail|square)\b"#
    ) { view, end in
      street(view, end)
    },
    PatternRule(#"\bp\.? ?o\.? box \d{1,6}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let digits = view.start(before: end, limit: 6, where: Bytes.isDigit)
      var start = digits
      while start > view.lowerBound, digits - start < 11, view.byte(start - 1) != 0x0A {
        start -= 1
        if view.byte(start) | 0x20 == UInt8(ascii: "p"), !Bytes.isLetter(view.byte(start - 1)) { break }
      }
      return Candidate(range: start..<end, kind: "ADDRESS", confidence: 9000, detector: "phi/po-box")
    },
    PatternRule(#"[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?"#, caseless: false) { view, end in
      guard !Bytes.isAlphanumeric(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
      var state = start
      while state > view.lowerBound, view.byte(state - 1) == 0x20 || view.byte(state - 1) == UInt8(ascii: ",")
      { state -= 1 }
      guard state - 2 >= view.lowerBound, states.contains(view.bytes(state - 2..<state) { _ in true }),
        !Bytes.isAlphanumeric(view.byte(state - 3))
      else { return nil }
      return Candidate(range: start..<end, kind: "ZIP", confidence: 9000, detector: "phi/zip")
    },
    PatternRule(#"[A-Za-z],? [A-Z]{2}\b"#, caseless: false) { view, end in
      guard states.contains(view.bytes(end - 2..<end) { _ in true }) else { return nil }
      return city(view, before: end - 3, hasComma: view.byte(end - 4) == UInt8(ascii: ","), zip: end)
    },
  ]

  private static func street(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    // Back over at most five words to a house number.
    var position = end
    var number: Range<Int>?
    var isCapitalised = true
    for _ in 0..<6 {
      let start = view.start(before: position, limit: 24) {
        $0 != 0x20 && $0 != 0x0A && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ":")
      }
      guard start < position else { return nil }
      if Bytes.isDigit(view.byte(start)), position < end {
        let digits = view.bytes(start..<position, where: Bytes.isDigit)
        let isHouse =
          digits.count == position - start
          || digits.count + 1 == position - start && Bytes.isLetter(view.byte(position - 1))
        if isHouse, digits.count <= 6 {
          number = start..<position
          break
        }
        guard position - start <= 5 else { return nil }  // 42nd Street
      } else if position < end {
        // A sentence that ended, or a unit of measure, is no part of a street's name.
        if view.byte(position - 1) == UInt8(ascii: "."), position - start > 3 { return nil }
        if view.byte(start) >= 0x61, view.byte(start) <= 0x7A { isCapitalised = false }
      }
      guard start > view.lowerBound, view.byte(start - 1) == 0x20 else { return nil }
      position = start - 1
    }
    guard let number, !Bytes.isAlphanumeric(view.byte(number.lowerBound - 1)) else { return nil }
    // `Dr`, `St` and their like are words of many uses; with lower-case words before them they are no street.
    let suffix = view.start(before: end, limit: 12, where: Bytes.isLetter)
    guard isCapitalised || end - suffix > 4 else { return nil }
    var stop = end
    if view.byte(stop) == UInt8(ascii: "."),
      view.byte(stop + 1) == 0x20 || view.byte(stop + 1) == UInt8(ascii: ",")
    {
      stop += 1
    }
    for marker in [
      ", Apt ", ", Apt. ", " Apt ", " Apt. ", ", Apartment ", ", Suite ", " Suite ", ", Unit ", " Unit ",
      ", #", " #",
    ] {
      let bytes = Array(marker.utf8)
      guard bytes.indices.allSatisfy({ view.byte(stop + $0) | 0x20 == bytes[$0] | 0x20 }) else { continue }
      var last = stop + bytes.count
      while last - stop < 18, Bytes.isAlphanumeric(view.byte(last)) { last += 1 }
      if last > stop + bytes.count { stop = last }
      break
    }
    return Candidate(
      range: number.lowerBound..<stop, kind: "ADDRESS", confidence: isCapitalised ? 9200 : 7000,
      detector: "phi/street")
  }

  private static func city(_ view: borrowing TextView, before end: Int, hasComma: Bool, zip: Int)
    -> Candidate?
  {
    var hasZip = false
    var next = zip
    while next - zip < 3, view.byte(next) == 0x20 || view.byte(next) == UInt8(ascii: ",") { next += 1 }
    if next > zip { hasZip = (0..<5).allSatisfy { Bytes.isDigit(view.byte(next + $0)) } }
    guard hasComma || hasZip else { return nil }
    let stop = hasComma ? end - 1 : end
    var start = stop
    var position = stop
    for _ in 0..<3 {
      let word = view.start(before: position, limit: 20) {
        Bytes.isLetter($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "'")
      }
      guard word < position, view.byte(word) >= 0x41, view.byte(word) <= 0x5A, position - word > 1 else {
        break
      }
      start = word
      guard view.byte(word - 1) == 0x20 else { break }
      position = word - 1
    }
    guard start < stop else { return nil }
    return Candidate(
      range: start..<stop, kind: "CITY", confidence: hasZip ? 9000 : 7800, detector: "phi/city")
  }
}

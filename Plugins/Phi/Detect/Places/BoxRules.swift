internal import FilterKit

/// Boxes of post offices, as the posts of several countries name them, and of rural and highway contract routes (USPS Publication 28, 241 to 245).
enum BoxRules {
  static let all: [PatternRule] = [
    PatternRule(#"\b(?:gpo |p\.? ?o\.? ?)(?:box|bag|drawer) (?:no\.? )?(?:[a-z]{1,3}[- ])?[a-z]?\d{1,6}"#) {
      view, end in
      let hasTail =
        view.byte(end) == UInt8(ascii: "-") && (1...5).allSatisfy { Bytes.isDigit(view.byte(end + $0)) }
      return box(view, hasTail ? end + 6 : end, from: ["gpo box", "gpo", "p"], confidence: 9000)
    }.beforeDigits(),
    PatternRule(
      #"\b(?:postfach|postbus|postboks|postbox|post office box|bo\xC3\xAEte postale|apartado(?: postal| de correos)?|apdo\.?|caixa postal|casella postale|private bag|p\.? ?bag|privaatsak|locked bag|skrytka pocztowa|skr\. poczt\.|postilokero|po\xC5\xA1tansk\xC3\xBD priehradok|pobox) (?:no\.? |nr\.? |n\xC2\xBA )?[a-z]?[- ]?\d{1,6}"#
    ) { view, end in named(view, end) }.beforeDigits(),
    // `B.P. 120, 75000 Paris`: with its full stops it is no blood pressure.
    PatternRule(#"\bB\.P\. \d{1,5}"#, caseless: false) { view, end in
      let start = view.start(before: end, limit: 12) { $0 != 0x0A && $0 != UInt8(ascii: ",") }
      guard let first = (start..<end).first(where: { view.has("B.P.", at: $0) }),
        AddressExtent.isEnd(view, end),
        let next = AddressFields.start(view, after: end),
        (0..<5).allSatisfy({ Bytes.isDigit(view.byte(next + $0)) })
      else { return nil }
      return Candidate(range: first..<end, kind: "ADDRESS", confidence: 8000, detector: "phi/po-box")
    },
    PatternRule(#"\bbox #?\d{1,6}"#) { view, end in route(view, end) }.beforeDigits(),
    PatternRule(#"\bgen(?:eral|['.]?l|\.)? delivery\b"#) { view, end in
      let start = view.start(before: end - 9, limit: 8) { Bytes.isLetter($0) || "'.".utf8.contains($0) }
      guard Bytes.isUpper(view.byte(start)), Bytes.isUpper(view.byte(end - 8)), view.isFree(before: start)
      else { return nil }
      return Candidate(range: start..<end, kind: "ADDRESS", confidence: 7500, detector: "phi/po-box")
    },
    // X12's N3 (005010): an address by its place.
    PatternRule(#"\bN3\*"#, caseless: false) { view, end in segment(view, end) },
  ]

  private static func box(
    _ view: borrowing TextView, _ end: Int, from names: [StaticString], confidence: UInt32
  ) -> Candidate? {
    guard !Bytes.isJoining(view.byte(end)) else { return nil }
    let limit = view.start(before: end, limit: 26) {
      $0 != 0x0A && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"")
    }
    for name in names {
      if let start = (limit..<end).first(where: {
        view.has(name, at: $0) && view.isFree(before: $0) && isBox(view, $0..<end)
      }) {
        return Candidate(range: start..<end, kind: "ADDRESS", confidence: confidence, detector: "phi/po-box")
      }
    }
    return nil
  }

  /// Whether there is nothing but a box's words in a range: `P.O. Box No. 12`.
  private static func isBox(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let words = AddressFields.words(view, range)
    return words.count <= 5
      && words.dropLast().allSatisfy { word in
        word.count <= 6
          && (word.lowerBound..<word.upperBound).allSatisfy {
            "gpoboxnagdrwe.GPOBXNADRWE".utf8.contains(view.byte($0))
          }
      }
  }

  private static func named(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isJoining(view.byte(end)) else { return nil }
    let names: [StaticString] = [
      "postfach", "postbus", "postboks", "postbox", "post office", "bo", "apartado", "apdo", "caixa",
      "casella", "private bag", "p. bag", "p.bag", "p bag",
      "privaatsak", "locked bag", "skrytka", "skr.", "postilokero", "po", "pobox",
    ]
    let limit = view.start(before: end, limit: 36) {
      $0 != 0x0A && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"")
    }
    guard
      let start = (limit..<end).first(where: { index in
        view.isFree(before: index) && names.contains { view.has($0, at: index) }
      })
    else { return nil }
    return Candidate(
      range: start..<withPairs(view, start, end), kind: "ADDRESS", confidence: 8800, detector: "phi/po-box")
  }

  /// Where a box's number ends that is written in pairs, as in Germany: `Postfach 11 04`.
  private static func withPairs(_ view: borrowing TextView, _ start: Int, _ end: Int) -> Int {
    guard view.has("post", at: start) else { return end }
    var stop = end
    for _ in 0..<2 where view.byte(stop) == 0x20 && view.endOfDigits(stop + 1, limit: 3) == stop + 3 {
      guard !Bytes.isAlphanumeric(view.byte(stop + 3)) else { break }
      stop += 3
    }
    return stop
  }

  /// `RR 2 Box 61A`, `HC 64, Box 12`, `Route 3 Box 5`; a box alone where it is a whole part and a town follows.
  private static func route(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    var end = match
    if Bytes.isUpper(view.byte(end)) { end += 1 }
    guard !Bytes.isJoining(view.byte(end)) else { return nil }
    var box = match
    while box > view.lowerBound, view.byte(box) | 0x20 != UInt8(ascii: "b") { box -= 1 }
    var position = box
    while position > view.lowerBound, box - position < 2, " ,".utf8.contains(view.byte(position - 1)) {
      position -= 1
    }
    let number = view.start(before: position, limit: 4) { Bytes.isDigit($0) || $0 == UInt8(ascii: "#") }
    if number < position, position < box {
      var start = number
      if view.byte(start - 1) == 0x20 { start -= 1 }
      for name in [
        "rural route", "rural rte", "rural rt", "star route", "star rte", "star rt", "highway contract",
        "route", "r.r.", "r.d.", "r.f.d.", "rte", "rfd", "rr", "hc", "rt",
        "rd",
      ] as [StaticString] {
        let first = start - name.utf8CodeUnitCount
        // `RR 20, box 3` is a rate of breathing and a form.
        let isAlike = Bytes.isUpper(view.byte(first)) == Bytes.isUpper(view.byte(box))
        if isAlike, view.has(name, at: first), view.isFree(before: first) {
          return Candidate(range: first..<end, kind: "ADDRESS", confidence: 9000, detector: "phi/route-box")
        }
      }
    }
    if let before = AddressFields.end(view, before: box),
      let site = AddressFields.field(view, endingAt: before)
    {
      let isSite = (["site ", "comp ", "group ", "grp ", "gp "] as [StaticString]).contains {
        view.has($0, at: site.lowerBound)
      }
      let outer =
        isSite
        ? AddressFields.end(view, before: site.lowerBound).flatMap { AddressFields.field(view, endingAt: $0) }
        : site
      if let outer, outer.count < 8, Bytes.isUpper(view.byte(box)),
        view.has("rr ", at: outer.lowerBound) || view.has("hc ", at: outer.lowerBound)
      {
        return Candidate(
          range: outer.lowerBound..<end, kind: "ADDRESS", confidence: 9000, detector: "phi/route-box")
      }
    }
    guard AddressFields.isBorder(view, box - 1), Bytes.isUpper(view.byte(box)),
      view.byte(end) == UInt8(ascii: ","),
      let field = AddressFields.field(view, from: end + 2), AddressFields.town(view, field) != nil
    else { return nil }
    return Candidate(range: box..<end, kind: "ADDRESS", confidence: 7000, detector: "phi/route-box")
  }

  private static func segment(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var end = start
    while end - start < 110, end < view.text.count, !"~\n\r".utf8.contains(view.byte(end)) { end += 1 }
    guard end - start > 4, (start..<end).contains(where: { Bytes.isDigit(view.byte($0)) }),
      (start..<end).contains(where: { Bytes.isLetter(view.byte($0)) })
    else { return nil }
    while end > start, view.byte(end - 1) == UInt8(ascii: "*") { end -= 1 }
    return Candidate(range: start..<end, kind: "ADDRESS", confidence: 9300, detector: "phi/x12")
  }
}

internal import FilterKit

/// Corners of two streets of which none needs a kind: behind a word that says so (`corner of Thomas and Dale`), and those with a
/// numbered street or road (`16th & Mission`, `near MacArthur and 38th`, `I-35 & Cesar Chavez`).
enum CornerRules {
  static let all: [PatternRule] = [
    PatternRule(#"\b(?:corner|intersection) of (?:the )?"#) { view, end in announced(view, end) },
    PatternRule(#"\b\d{1,3}(?:st|nd|rd|th)(?: and | ?& ?| ?/ ?| ?@ ?| x )[A-Z]"#, caseless: false) {
      view, end in
      ordinal(view, before: end - 1)
    }.beforeDigits(),
    PatternRule(
      #"[a-z](?: and | ?& ?| ?/ ?| ?@ ?| x )\d{1,3}(?:st|nd|rd|th)\b"#, caseless: false
    ) { view, end in ordinal(view, behind: end) }.beforeDigits(),
    PatternRule(
      #"\b(?:I|US|SR|FM|Hwy|Highway|Route|Rte|Interstate)[- ]\d{1,4} ?[&@] ?[A-Z]"#, caseless: false
    ) { view, end in
      let joint = view.start(before: end - 1, limit: 3) { !Bytes.isDigit($0) }
      let number = view.start(before: joint, limit: 4, where: Bytes.isDigit)
      let road = view.start(before: number - 1, limit: 10, where: Bytes.isLetter)
      guard road < number - 1, let street = street(view, end - 1), street.isNamed else { return nil }
      return candidate(road..<street.end, 7500)
    }.beforeDigits(),
  ]

  private static func candidate(_ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(range: range, kind: "ADDRESS", confidence: confidence, detector: "phi/corner")
  }

  /// Both streets behind `corner of`.
  private static func announced(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    let lower = view.start(before: start, limit: 20) { Bytes.isLetter($0) || $0 == 0x20 }
    guard
      let word = (lower..<start).last(where: {
        view.has("corner of", at: $0) || view.has("intersection of", at: $0)
      }),
      let first = street(view, start), let joint = joint(view, first.end),
      let second = street(view, joint, isPlain: Bytes.isLower(view.byte(start))), first.isNamed,
      second.isNamed,
      AddressFields.isSettled(view, word, second.end)
    else { return nil }
    return candidate(word..<second.end, 8000)
  }

  private static let joints: [StaticString] = [" and ", " & ", "&", " @ ", " / ", "/", " x ", " at "]

  private static func joint(_ view: borrowing TextView, _ end: Int) -> Int? {
    joints.first { view.has($0, at: end) }.map { end + $0.utf8CodeUnitCount }
  }

  /// A street at a corner: at most a direction, three words with capitals or an ordinal, and its kind.
  ///
  /// - Parameter isPlain: behind a street in lower case another may be any word: `corner of lake and bishop`.
  private static func street(
    _ view: borrowing TextView, _ start: Int, isPlain: Bool = false
  ) -> (end: Int, isNamed: Bool)? {
    var position = start
    var end = start
    var isNamed = false
    for _ in 0..<4 {
      var stop = position
      while stop - position < 24,
        Bytes.isAlphanumeric(view.byte(stop))
          || "'-".utf8.contains(view.byte(stop)) && Bytes.isAlphanumeric(view.byte(stop + 1))
      {
        stop += 1
      }
      let word = position..<stop
      guard !word.isEmpty else { break }
      let hash = view.hash(word)
      let isNumber = isOrdinal(view, word)
      let isKind = AddressWords.kinds.contains(hash)
      // In lower case only what names streets everywhere: `corner of main and 4th`.
      guard
        isNumber || isKind && end > start || AddressFields.isCapital(view, word)
          || AddressWords.frequent.contains(hash)
          || isPlain && end == start && word.count > 3 && !AddressWords.between.contains(hash)
      else { break }
      guard !AddressWords.never.contains(hash), !AddressWords.months.contains(hash) else { break }
      isNamed = isNamed || isNumber || word.count > 2
      end = stop
      if isKind, end > position, position > start { break }
      if view.byte(stop) == UInt8(ascii: "."), word.count < 4 { stop += 1 }
      guard view.byte(stop) == 0x20 else { break }
      position = stop + 1
    }
    return end > start ? (end, isNamed) : nil
  }

  private static func isOrdinal(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    guard (3...5).contains(word.count), Bytes.isDigit(view.byte(word.lowerBound)) else { return false }
    let tail = word.upperBound - 2
    return word.dropLast(2).allSatisfy { Bytes.isDigit(view.byte($0)) }
      && (["st", "nd", "rd", "th"] as [StaticString]).contains { view.has($0, at: tail) }
  }

  /// Before them stands where something is.
  private static let places = WordSet(
    words:
      "near at on off by from to behind under around past between corner scene loc last lives stays found is was"
  )

  /// Whether a corner of an ordinal and a name is one: with a sign of corners, or behind a word of places.
  private static func isCorner(
    _ view: borrowing TextView, _ range: Range<Int>, _ name: Range<Int>, isSigned: Bool
  )
    -> Bool
  {
    let hash = view.hash(name)
    guard !AddressWords.months.contains(hash), !AddressWords.never.contains(hash) else { return false }
    if AddressWords.frequent.contains(hash) { return true }
    let isWord = Lexicon.classes(hash).contains(.word)
    let isCued =
      view.word(before: range.lowerBound, gap: 2, where: { $0 == 0x20 || $0 == UInt8(ascii: ":") })
      .map { places.contains(view.hash($0)) } ?? false
    return isCued || isSigned && !isWord
  }

  /// `16th & Mission`: the name begins at a position.
  private static func ordinal(_ view: borrowing TextView, before name: Int) -> Candidate? {
    let joint = view.start(before: name, limit: 8) { !Bytes.isDigit($0) }
    guard let street = street(view, name), street.isNamed else { return nil }
    // Back over the joint and the ordinal's letters.
    let number = view.start(before: joint, limit: 3, where: Bytes.isDigit)
    let digits = number..<joint
    guard !digits.isEmpty, view.isFree(before: number) else { return nil }
    var stop = name
    while Bytes.isLetter(view.byte(stop)) { stop += 1 }
    let isSigned = (joint..<name).contains { "&/@".utf8.contains(view.byte($0)) }
    let range = number..<street.end
    return isCorner(view, range, name..<stop, isSigned: isSigned) ? candidate(range, 7000) : nil
  }

  /// `MacArthur and 38th`: the ordinal ends at a position.
  private static func ordinal(_ view: borrowing TextView, behind end: Int) -> Candidate? {
    let number = view.start(before: end - 2, limit: 3, where: Bytes.isDigit)
    guard let joint = joints.first(where: { view.has($0, at: number - $0.utf8CodeUnitCount) }) else {
      return nil
    }
    let stop = number - joint.utf8CodeUnitCount
    var start = view.start(before: stop, limit: 20) { Bytes.isLetter($0) || $0 == UInt8(ascii: "'") }
    guard start < stop, AddressFields.isCapital(view, start..<stop), view.isFree(before: start) else {
      return nil
    }
    let name = start..<stop
    // A direction, or the first word of a name of two.
    if let before = view.word(before: start, gap: 1), AddressFields.isCapital(view, before),
      before.count > 2 || before.count == 1,
      !AddressWords.never.contains(view.hash(before)), !Lexicon.classes(view.hash(before)).contains(.word)
    {
      start = before.lowerBound
    }
    let isSigned = (stop..<number).contains { "&/@".utf8.contains(view.byte($0)) }
    let range = start..<end
    return isCorner(view, range, name, isSigned: isSigned) ? candidate(range, 7000) : nil
  }
}

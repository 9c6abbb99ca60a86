internal import FilterKit

/// How far an address reaches beyond its street and house number: the flat, the floor and the house's name before and behind.
enum AddressExtent {
  /// The whole address around a street with its number.
  static func whole(_ view: borrowing TextView, _ street: Range<Int>) -> Range<Int> {
    let end = ahead(view, street.upperBound)
    var start = street.lowerBound
    // As far back as a stream can know.
    while let earlier = back(view, start), AddressFields.isSettled(view, earlier, end) { start = earlier }
    return start..<end
  }

  // MARK: Before

  /// Where the part before a street begins, of which there may be several: `Flat 31, Brabazon House, `, `Unit 2/`, `No. 88, `.
  static func back(_ view: borrowing TextView, _ start: Int) -> Int? {
    let before = view.byte(start - 1)
    if "/-".utf8.contains(before), Bytes.isDigit(view.byte(start)), Bytes.isJoining(view.byte(start - 2)) {
      let flat = view.start(before: start - 1, limit: 6, where: Bytes.isJoining)
      return AddressFields.isHouse(view, flat..<start - 1) && view.isFree(before: flat) ? flat : nil
    }
    if before == UInt8(ascii: "#") { return start - 1 }
    if before == 0x20, Bytes.isAlphanumeric(view.byte(start - 2)) || view.byte(start - 2) == UInt8(ascii: ".")
    {
      let word = view.start(before: start - 1, limit: 12) { Bytes.isLetter($0) || $0 == UInt8(ascii: ".") }
      guard word < start - 1, view.isFree(before: word),
        AddressWords.premises.contains(AddressFields.hash(view, word..<start - 1)),
        Bytes.isDigit(view.byte(start)), start - 1 - word > 1
      else { return nil }
      return word
    }
    guard let end = AddressFields.end(view, before: start),
      let field = AddressFields.field(view, endingAt: end)
    else { return nil }
    return premises(view, field)
  }

  /// Where the flat or the name of a house begins in a part: `Flat 31`, `H.No. 1184`, `5F`, `2nd Floor`, `The Coach House`.
  static func premises(_ view: borrowing TextView, _ field: Range<Int>) -> Int? {
    let words = AddressFields.words(view, field)
    guard let last = words.last else { return nil }
    if words.count > 1, isDesignator(view, last) {
      var first = words.count - 1
      // `Street No. 3`, `Flat No. 3`: all words of it.
      while first > 0, words.count - first < 4 {
        let hash = AddressFields.hash(view, words[first - 1])
        guard
          AddressWords.premises.contains(hash)
            || first < words.count - 1 && AddressWords.streets.contains(hash)
        else { break }
        first -= 1
      }
      if first < words.count - 1 { return words[first].lowerBound }
    }
    if isFloorSign(view, last) { return last.lowerBound }
    let lastHash = AddressFields.hash(view, last)
    if words.count > 1, AddressWords.floors.contains(lastHash) || AddressWords.streets.contains(lastHash) {
      let ordinal = words[words.count - 2]
      if isOrdinal(view, ordinal) || AddressWords.floorNames.contains(AddressFields.hash(view, ordinal)) {
        return ordinal.lowerBound
      }
    }
    // A house's name, or a housing estate's: `The Old Tannery`, `Urb. Las Lomas`.
    if (2...4).contains(words.count), isHouseName(view, words) { return words[0].lowerBound }
    guard AddressWords.buildings.contains(lastHash), AddressFields.isCapital(view, last), words.count > 1
    else {
      return nil
    }
    var first = words.count - 1
    while first > 0, words.count - first < 5, isBuildingName(view, words[first - 1]) { first -= 1 }
    return first < words.count - 1 ? words[first].lowerBound : nil
  }

  private static func isHouseName(_ view: borrowing TextView, _ words: [Range<Int>]) -> Bool {
    let first = AddressFields.hash(view, words[0])
    guard
      view.has("the", at: words[0].lowerBound) && words[0].count == 3 || AddressWords.estates.contains(first),
      Bytes.isUpper(view.byte(words[0].lowerBound)), AddressFields.isCapital(view, words[words.count - 1])
    else { return false }
    return words.dropFirst().allSatisfy {
      AddressFields.isNameLike(view, $0) && !AddressWords.institutions.contains(AddressFields.hash(view, $0))
    }
  }

  private static func isBuildingName(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    if AddressFields.isHouse(view, word) { return true }
    guard AddressFields.isCapital(view, word) else { return false }
    return view.has("the", at: word.lowerBound) && word.count == 3 || AddressFields.isNameLike(view, word)
  }

  /// `31`, `2B`, `B`, `#4`, `14/3`, `IV`.
  private static func isDesignator(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    var start = word.lowerBound
    if view.byte(start) == UInt8(ascii: "#") { start += 1 }
    let own = start..<word.upperBound
    guard (1...8).contains(own.count) else { return false }
    if AddressFields.isHouse(view, own) { return true }
    if own.count <= 2 { return own.allSatisfy { Bytes.isUpper(view.byte($0)) } }
    return own.allSatisfy { Bytes.isJoining(view.byte($0)) || "-/".utf8.contains(view.byte($0)) }
      && own.contains { Bytes.isDigit(view.byte($0)) } && Bytes.isUpper(view.byte(start))
  }

  /// `5F`, `12/F`.
  static func isFloorSign(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    var index = word.lowerBound
    while index < word.upperBound, Bytes.isDigit(view.byte(index)) { index += 1 }
    guard (1...3).contains(index - word.lowerBound) else { return false }
    if view.byte(index) == UInt8(ascii: "/") { index += 1 }
    guard view.byte(index) == UInt8(ascii: "F") else { return false }
    if view.byte(index + 1) == UInt8(ascii: "-"), Bytes.isDigit(view.byte(index + 2)) {
      return index + 3 == word.upperBound
    }
    return index + 1 == word.upperBound
  }

  /// `2nd`, `3.`, `3.º`, `1er`.
  static func isOrdinal(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    var index = word.lowerBound
    while index < word.upperBound, Bytes.isDigit(view.byte(index)) { index += 1 }
    guard (1...3).contains(index - word.lowerBound) else { return false }
    let tail = word.upperBound - index
    if tail == 0 { return true }
    if tail <= 3, !Bytes.isAlphanumeric(view.byte(index)) || view.byte(index) >= 0x80 { return true }
    return (["st", "nd", "rd", "th", "er", "e", "a", "o"] as [StaticString]).contains {
      $0.utf8CodeUnitCount == tail && view.has($0, at: index)
    }
  }

  // MARK: Behind

  /// Where an address ends whose street and number end at a position: behind its direction and its flats.
  static func ahead(_ view: borrowing TextView, _ street: Int) -> Int {
    var end = direction(view, street) ?? street
    if view.byte(end) == UInt8(ascii: "."), " ,".utf8.contains(view.byte(end + 1)),
      Bytes.isLetter(view.byte(end - 1)), Bytes.isLetter(view.byte(end - 2))
    {
      end += 1
    }
    for _ in 0..<4 {
      guard let next = unit(view, after: end), next - street < 64 else { break }
      end = next
    }
    return end
  }

  private static let directions: [StaticString] = [
    "northeast", "northwest", "southeast", "southwest", "north", "south", "east", "west",
  ]

  private static func direction(_ view: borrowing TextView, _ end: Int) -> Int? {
    guard view.byte(end) == 0x20 else { return nil }
    let start = end + 1
    var stop = start
    while stop - start < 10, Bytes.isLetter(view.byte(stop)) { stop += 1 }
    guard !Bytes.isJoining(view.byte(stop)), stop > start else { return nil }
    if stop - start <= 2 {
      let isSign =
        "NSEW".utf8.contains(view.byte(start))
        && (stop - start == 1 || "EW".utf8.contains(view.byte(start + 1)))
      // `5 Oak Rd E 4` is nothing; `N.` ends a sentence as well.
      return isSign && !(stop - start == 2 && "EW".utf8.contains(view.byte(start))) ? stop : nil
    }
    return Bytes.isUpper(view.byte(start))
      && directions.contains { $0.utf8CodeUnitCount == stop - start && view.has($0, at: start) } ? stop : nil
  }

  /// Where the flat ends that begins right behind a position: `, Apt 3B`, ` int. 2`, `, 3rd fl rear`, `, basement`, `, 3.º dcha.`.
  private static func unit(_ view: borrowing TextView, after end: Int) -> Int? {
    var start = end
    if view.byte(start) == UInt8(ascii: ",") { start += 1 }
    while start - end < 3, view.byte(start) == 0x20 { start += 1 }
    guard start > end else { return nil }
    if view.byte(start) == UInt8(ascii: "#") {
      var stop = start + 1
      if view.byte(stop) == 0x20 { stop += 1 }
      return designator(view, stop)
    }
    let word = word(view, start)
    guard !word.isEmpty else { return nil }
    let hash = AddressFields.hash(view, word)
    if isOrdinal(view, word) { return storey(view, word) }
    if AddressWords.floorNames.contains(hash), let next = next(view, word),
      AddressWords.floors.contains(AddressFields.hash(view, next))
    {
      return side(view, next)
    }
    if isFloorSign(view, word) { return word.upperBound }
    if AddressWords.units.contains(hash) {
      var position = word.upperBound
      while position - word.upperBound < 2, " :.".utf8.contains(view.byte(position)) { position += 1 }
      if view.byte(position) == UInt8(ascii: "#") { position += 1 }
      let inner = self.word(view, position)
      if !inner.isEmpty, AddressWords.signs.contains(AddressFields.hash(view, inner)),
        let next = next(view, inner), let stop = designator(view, next.lowerBound)
      {
        return stop
      }
      if position > word.upperBound, let stop = designator(view, position) { return stop }
    }
    if AddressWords.quarters.contains(hash), view.byte(end) == UInt8(ascii: ","),
      let stop = quarter(view, word)
    {
      return stop
    }
    guard AddressWords.bareUnits.contains(hash) else { return nil }
    if isEnd(view, word.upperBound) { return word.upperBound }
    // `bsmt apt`, `rear cottage`.
    guard let kind = next(view, word), AddressWords.outhouses.contains(AddressFields.hash(view, kind)),
      isEnd(view, kind.upperBound)
    else { return nil }
    return kind.upperBound
  }

  /// Where the name of a part of a town ends that its kind stands before: `Col. Centro`.
  private static func quarter(_ view: borrowing TextView, _ kind: Range<Int>) -> Int? {
    guard let first = next(view, kind), AddressFields.isCapital(view, first) else { return nil }
    var last = first
    while let word = next(view, last), view.byte(last.upperBound) == 0x20,
      word.upperBound - kind.lowerBound < 40,
      AddressFields.isNameLike(view, word)
    { last = word }
    return last.upperBound
  }

  /// Where the number or letter of a flat ends: `3B`, `12-4`, `B`.
  private static func designator(_ view: borrowing TextView, _ start: Int) -> Int? {
    var stop = start
    while stop - start < 9,
      Bytes.isJoining(view.byte(stop))
        || "-/".utf8.contains(view.byte(stop)) && Bytes.isJoining(view.byte(stop + 1))
    {
      stop += 1
    }
    guard (1...8).contains(stop - start), !Bytes.isAlphanumeric(view.byte(stop)) else { return nil }
    let hasDigit = (start..<stop).contains { Bytes.isDigit(view.byte($0)) }
    return hasDigit && stop - start <= 7
      || stop - start <= 2 && (start..<stop).allSatisfy { Bytes.isUpper(view.byte($0)) }
      || stop - start == 1 && isEnd(view, stop) ? stop : nil
  }

  /// Where a floor ends whose number is a word: `3rd fl rear`, `3.º dcha.`, `1. tv`, `2º B`.
  private static func storey(_ view: borrowing TextView, _ ordinal: Range<Int>) -> Int? {
    // A sign of an ordinal, which a number alone has not.
    let isSigned = (ordinal.lowerBound..<ordinal.upperBound).contains { !Bytes.isDigit(view.byte($0)) }
    guard let next = next(view, ordinal) else {
      // `3.º`, `3ºB`
      return isSigned && ordinal.contains { view.byte($0) >= 0x80 } ? ordinal.upperBound : nil
    }
    if AddressWords.floors.contains(AddressFields.hash(view, next)) { return side(view, next) }
    guard isSigned else { return nil }
    if next.count == 1, Bytes.isUpper(view.byte(next.lowerBound)), isEnd(view, next.upperBound) {
      return next.upperBound
    }
    return view.byte(ordinal.upperBound - 1) >= 0x80 ? ordinal.upperBound : nil
  }

  /// The end of a floor with the side behind it.
  private static func side(_ view: borrowing TextView, _ floor: Range<Int>) -> Int {
    let stop = dotted(view, floor)
    guard let next = next(view, floor.lowerBound..<stop) else { return stop }
    if AddressWords.sides.contains(AddressFields.hash(view, next)) { return dotted(view, next) }
    return next.count == 1 && Bytes.isUpper(view.byte(next.lowerBound)) && isEnd(view, next.upperBound)
      ? next.upperBound : stop
  }

  /// The end of a word, with the full stop of an abbreviation where the text goes on.
  private static func dotted(_ view: borrowing TextView, _ word: Range<Int>) -> Int {
    let end = word.upperBound
    return view.byte(end) == UInt8(ascii: ".") && word.count < 5 && view.byte(end + 1) == UInt8(ascii: ",")
      ? end + 1 : end
  }

  /// The word at a position: letters, digits, and the signs of ordinals.
  private static func word(_ view: borrowing TextView, _ start: Int) -> Range<Int> {
    var end = start
    while end < view.text.count, end - start < 16 {
      let byte = view.byte(end)
      let isInner = ".-/".utf8.contains(byte) && Bytes.isAlphanumeric(view.byte(end + 1))
      guard Bytes.isAlphanumeric(byte) || isInner else { break }
      end += 1
    }
    return start..<end
  }

  private static func next(_ view: borrowing TextView, _ word: Range<Int>) -> Range<Int>? {
    var start = word.upperBound
    if view.byte(start) == UInt8(ascii: ".") { start += 1 }
    guard view.byte(start) == 0x20 else { return nil }
    let next = self.word(view, start + 1)
    return next.isEmpty ? nil : next
  }

  static func isEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    let byte = view.byte(end)
    return byte == 0x0A || byte == 0x0D || byte == 0x09 || ",;.\"'|)]}<~*^".utf8.contains(byte)
  }
}

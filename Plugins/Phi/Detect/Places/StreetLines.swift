internal import FilterKit

/// Streets whose kind stands behind their name, as in English, and what the lines of their addresses look like.
enum StreetLines {
  /// The street whose kind ends at a position: with its house number before it, behind the parts of a house that have numbers
  /// (`No. 88, Sec. 2, Minsheng Rd`), or where it crosses another.
  static func street(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let kind = view.start(before: end, limit: 16, where: Bytes.isLetter)
    guard kind < end, !Bytes.isAlphanumeric(view.byte(end)) else { return nil }
    var run = Run(start: kind, isCapitalised: !Bytes.isLower(view.byte(kind)))
    // `0 Vicryl CT` is a thread.
    if let number = number(view, before: kind, &run), number.count > 1 || view.byte(number.lowerBound) != 0x30
    {
      guard run.isCapitalised || end - kind > 4 || isPlain(view, number.upperBound + 1..<end) else {
        return nil
      }
      var range = AddressExtent.whole(view, number.lowerBound..<numbered(view, kind, end))
      if let corner = corner(view, range.upperBound) { range = range.lowerBound..<corner }
      return Candidate(
        range: range, kind: "ADDRESS", confidence: run.isCapitalised ? 9200 : 7000, detector: "phi/street")
    }
    // The number in words: `Forty-two Windmill Lane`, `four twelve west seventh street`.
    if let first = spelled(view, before: kind) {
      let isSure = run.isCapitalised && first == run.start
      guard
        isSure || PostalCodes.isOpen(view, first)
          || view.hasBefore(first, within: 12, ["address", "lives", "at"])
      else {
        return nil
      }
      return Candidate(
        range: first..<AddressExtent.ahead(view, end), kind: "ADDRESS", confidence: 7600,
        detector: "phi/street-spelled")
    }
    // Without a number: behind a part that has one, or at a corner.
    guard run.isCapitalised, run.start < kind, run.words > 0 else { return nil }
    let around =
      view.byte(run.start - 1) == 0x20 ? AddressExtent.whole(view, run.start..<end) : run.start..<end
    // A flat's number or a house's name vouches for it: `The Old Forge, Chapel Lane`.
    if around.lowerBound < run.start - 1,
      (around.lowerBound..<run.start).contains(where: {
        Bytes.isDigit(view.byte($0)) || view.byte($0) == UInt8(ascii: ",")
      })
    {
      var range = around
      if let area = area(view, range.upperBound) { range = range.lowerBound..<area }
      return Candidate(range: range, kind: "ADDRESS", confidence: 8000, detector: "phi/street")
    }
    var stop = end
    if view.byte(stop) == 0x20, Bytes.isDigit(view.byte(stop + 1)) {
      var next = stop + 1
      while next - stop < 5, Bytes.isDigit(view.byte(next)) { next += 1 }
      if !Bytes.isAlphanumeric(view.byte(next)) { stop = next }
    }
    guard let corner = corner(view, stop) else { return nil }
    return Candidate(range: run.start..<corner, kind: "ADDRESS", confidence: 8000, detector: "phi/corner")
  }

  /// Where a street's kind ends with the number or letter that it may have: `Ave 3`, `County Rd K`.
  private static func numbered(_ view: borrowing TextView, _ kind: Int, _ end: Int) -> Int {
    guard view.byte(end) == 0x20, kind > view.lowerBound + 1 else { return end }
    var stop = end + 1
    while stop - end < 6, Bytes.isDigit(view.byte(stop)) || Bytes.isUpper(view.byte(stop)) { stop += 1 }
    guard stop > end + 1, !Bytes.isAlphanumeric(view.byte(stop)), stop - end < 5 else { return end }
    let word = view.start(before: kind - 1, limit: 12, where: Bytes.isLetter)
    let isHighway = AddressWords.highways.contains(view.hash(kind..<end))
    if isHighway || AddressWords.roads.contains(Lexicon.hash(view.text, word..<kind - 1)) { return stop }
    let isNumber = (end + 1..<stop).allSatisfy { Bytes.isDigit(view.byte($0)) }
    return isNumber && (AddressExtent.isEnd(view, stop) || view.has(" #", at: stop)) ? stop : end
  }

  /// A numbered road where it crosses another: `FM 1960 and Kuykendahl Rd`, `I-25 at Exit 209`. `end` is behind the number.
  static func highway(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let number = view.start(before: end, limit: 5, where: Bytes.isDigit)
    var start = view.start(before: number - 1, limit: 10, where: Bytes.isLetter)
    if view.has("county ", at: start - 7) { start -= 7 }
    guard start < number - 1, view.isFree(before: start), let corner = corner(view, end) else { return nil }
    return Candidate(range: start..<corner, kind: "ADDRESS", confidence: 8000, detector: "phi/corner")
  }

  /// What stands between a house number and a street's kind.
  private struct Run {
    var start: Int
    var isCapitalised: Bool
    var words = 0
  }

  /// The house number at most five words before a street's kind; `run` is what stands between.
  private static func number(_ view: borrowing TextView, before kind: Int, _ run: inout Run) -> Range<Int>? {
    var position = kind
    for _ in 0..<6 {
      guard position - 1 > view.lowerBound, view.byte(position - 1) == 0x20 else { return nil }
      let end = position - 1
      var start = view.start(before: end, limit: 24) { Bytes.isAlphanumeric($0) || ".'-/".utf8.contains($0) }
      // `N'9 Ivy Rd'` is a text of SQL.
      for index in start..<end
      where view.byte(index) == UInt8(ascii: "'") && Bytes.isDigit(view.byte(index + 1)) {
        start = index
      }
      while start < end, !Bytes.isAlphanumeric(view.byte(start)) { start += 1 }
      guard start < end else { return nil }
      if Bytes.isDigit(view.byte(start)) || AddressFields.isHouse(view, start..<end) {
        if AddressFields.isHouse(view, start..<end) {
          // `13450 102 Ave`: the first of two numbers is the house's.
          if let outer = outer(view, start), run.words == 0 || end - start < 6 { return outer..<end }
          // `60 d. Dr.` has no name.
          let hasName = kind - run.start > 3 || Bytes.isUpper(view.byte(run.start)) || run.words > 1
          return run.words > 0 && hasName && view.isFree(before: start) ? start..<end : nil
        }
        // `42nd Street`, but no measure: `K 4.2 Cl`.
        guard end - start <= 5, Bytes.isLetter(view.byte(end - 1)) else { return nil }
      } else {
        // A sentence that ended, or a unit of measure, is no part of a street's name.
        if view.byte(end - 1) == UInt8(ascii: "."), end - start > 3 { return nil }
        if Bytes.isLower(view.byte(start)) {
          let hash = AddressFields.hash(view, start..<end)
          if AddressWords.between.contains(hash) { return nil }
          if !AddressWords.particles.contains(hash) { run.isCapitalised = false }
        }
      }
      guard run.isCapitalised || run.words < 3 else { return nil }
      if run.isCapitalised || run.words == 0 { run.start = start }
      run.words += 1
      position = start
    }
    return nil
  }

  /// Where the number in words begins that stands at most three words before a street's kind.
  private static func spelled(_ view: borrowing TextView, before kind: Int) -> Int? {
    var position = kind
    var first: Int?
    for count in 0..<6 {
      guard view.byte(position - 1) == 0x20 else { break }
      let start = view.start(before: position - 1, limit: 20) { Bytes.isLetter($0) || "-'".utf8.contains($0) }
      guard start < position - 1 else { break }
      var part = start
      while part < position - 1, view.byte(part) != UInt8(ascii: "-") { part += 1 }
      let isNumeral = AddressWords.numerals.contains(view.hash(start..<part))
      if isNumeral {
        // `two way street`: what is counted is no name.
        if count == 0 { return nil }
        first = start
      } else {
        guard first == nil, count < 3, !AddressWords.between.contains(view.hash(start..<position - 1)) else {
          break
        }
      }
      position = start
    }
    guard let first else { return nil }
    // One word alone counts streets; a name of people begins with a capital.
    let isCompound = (first..<kind).contains { view.byte($0) == UInt8(ascii: "-") }
    let words = AddressFields.words(view, first..<kind)
    let numerals = words.prefix { AddressWords.numerals.contains(view.hash($0)) }.count
    let isNamed =
      words.count > 1 && words.allSatisfy { Bytes.isUpper(view.byte($0.lowerBound)) }
      && Bytes.isUpper(view.byte(kind))
    return isCompound || numerals > 1 || isNamed
      || view.hasBefore(first, within: 10, ["at ", "address", "lives"]) ? first : nil
  }

  /// A number of at most five digits before a number.
  private static func outer(_ view: borrowing TextView, _ start: Int) -> Int? {
    guard view.byte(start - 1) == 0x20 else { return nil }
    let outer = view.start(before: start - 1, limit: 5, where: Bytes.isDigit)
    return outer < start - 1 && view.isFree(before: outer) ? outer : nil
  }

  /// Whether a street in lower case is one: a name that is no English word, or a frequent one, and the line's end or a town behind it.
  private static func isPlain(_ view: borrowing TextView, _ name: Range<Int>) -> Bool {
    let words = AddressFields.words(view, name)
    guard (2...4).contains(words.count), case .success(let model) = TaggerModel.shipped else { return false }
    let isKnown = words.dropLast().contains { word in
      let hash = AddressFields.hash(view, word)
      let facts = model.facts(hash)
      return AddressWords.frequent.contains(hash)
        || word.count > 3 && !facts.isWord && !facts.isDrug && !facts.isDisease
          && !Lexicon.classes(hash).contains(.word)
    }
    return isKnown
      && (AddressExtent.isEnd(view, name.upperBound) || view.has(" in ", at: name.upperBound)
        || view.has(" apt", at: name.upperBound) || view.has(" unit", at: name.upperBound))
  }

  /// The town that follows a street as the next part: `2209 S Kedzie Ave, Little Village,`.
  static func town(_ view: borrowing TextView, behind street: Candidate, _ emit: (Candidate) -> Void) {
    if let town = part(view, behind: street) { return emit(town) }
    TownLines.find(view, behind: street.range.upperBound, emit)
  }

  private static func part(_ view: borrowing TextView, behind street: Candidate) -> Candidate? {
    let end = street.range.upperBound
    var start = end
    if view.byte(start) == UInt8(ascii: ",") { start += 1 }
    if view.byte(start) == 0x0A { start += 1 }
    if view.byte(start) == 0x20 { start += 1 }
    guard street.confidence > 7500, start > end, view.byte(end) != 0x20,
      let field = AddressFields.field(view, from: start), AddressExtent.isEnd(view, field.upperBound),
      let town = AddressFields.town(view, field), town.count > 3
    else { return nil }
    let words = AddressFields.words(view, town)
    guard words.count < 4,
      !AddressWords.institutions.contains(AddressFields.hash(view, words[words.count - 1])),
      !AddressWords.numbered.contains(AddressFields.hash(view, words[0]))
    else { return nil }
    return Candidate(range: town, kind: "CITY", confidence: 7500, detector: "phi/city-street")
  }

  /// A street's own line: without the parts before its number that have none of the street's words.
  static func line(_ view: borrowing TextView, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    for index in range where view.byte(index) == UInt8(ascii: ",") {
      if let house = AddressFields.house(view, in: start..<index) { return house..<index }
      start = min(index + 2, range.upperBound)
    }
    return (AddressFields.house(view, in: start..<range.upperBound) ?? range.lowerBound)..<range.upperBound
  }

  /// Whether a street whose kind is a word of many uses stands as an address does: a part that ends behind it, and no term before.
  static func isLine(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let line = line(view, range)
    let words = AddressFields.words(view, line)
    guard words.count > 2, AddressFields.isHouse(view, words[0]),
      AddressExtent.isEnd(view, range.upperBound) || view.byte(range.upperBound) == 0x20
    else { return false }
    if words.dropFirst(2).contains(where: { AddressWords.sureKinds.contains(AddressFields.hash(view, $0)) }) {
      return true
    }
    let name = AddressFields.hash(view, words[1])
    let classes = Lexicon.classes(name)
    if classes.contains(.family) || classes.isEmpty || classes.contains(.place)
      || AddressWords.frequent.contains(name)
    {
      return true
    }
    return
      (AddressExtent.isEnd(view, range.upperBound) || view.has(" in ", at: range.upperBound)
      || view.has(" / ", at: range.upperBound))
      && PostalCodes.isOpen(view, range.lowerBound)
      && ("\"'".utf8.contains(view.byte(range.lowerBound - 1))
        || !ProgramContext.isProgram(view, range.lowerBound))
  }

  // MARK: Corners

  private static let joints: [StaticString] = [" at ", " & ", " and ", " / ", " @ ", "/", " x "]

  /// Where the street ends that crosses the one that ends at a position: `County Road 9 at Dry Creek Rd`, `Sierra Hwy & Avenue S`.
  private static func corner(_ view: borrowing TextView, _ end: Int) -> Int? {
    guard let joint = joints.first(where: { view.has($0, at: end) }) else { return nil }
    var position = end + joint.utf8CodeUnitCount
    guard Bytes.isUpper(view.byte(position)) || Bytes.isDigit(view.byte(position)) else { return nil }
    var isRoad = false
    for count in 0..<5 {
      var stop = position
      while stop - position < 24, Bytes.isAlphanumeric(view.byte(stop)) || "'-".utf8.contains(view.byte(stop))
      {
        stop += 1
      }
      guard stop > position else { return nil }
      let word = position..<stop
      let hash = AddressFields.hash(view, word)
      let isKind = AddressWords.kinds.contains(hash)
      if count > 0, isKind, AddressFields.isCapital(view, word), !isBeforeKind(view, stop) {
        return AddressExtent.ahead(view, stop)
      }
      if isRoad, stop - position < 5,
        Bytes.isUpper(view.byte(position)) || Bytes.isDigit(view.byte(position)),
        !Bytes.isLower(view.byte(stop - 1))
      {
        return stop
      }
      guard AddressFields.isCapital(view, word) || Bytes.isDigit(view.byte(position)) else { return nil }
      isRoad = isKind || AddressWords.roads.contains(hash)
      guard view.byte(stop) == 0x20 || view.byte(stop) == UInt8(ascii: "-") else { return nil }
      position = stop + 1
    }
    return nil
  }

  /// Whether the next word is a street's kind: `Dry Creek Rd`.
  private static func isBeforeKind(_ view: borrowing TextView, _ end: Int) -> Bool {
    guard view.byte(end) == 0x20, Bytes.isUpper(view.byte(end + 1)) else { return false }
    var stop = end + 1
    while stop - end < 14, Bytes.isLetter(view.byte(stop)) { stop += 1 }
    return stop - end > 2 && AddressWords.kinds.contains(Lexicon.hash(view.text, end + 1..<stop))
  }

  /// Where the part of a town ends that is a part of an address in India: `, Guru Nanak Nagar`.
  static func area(_ view: borrowing TextView, _ end: Int) -> Int? {
    guard view.byte(end) == UInt8(ascii: ","), view.byte(end + 1) == 0x20,
      let field = AddressFields.field(view, from: end + 2), let last = AddressFields.words(view, field).last,
      AddressWords.areas.contains(AddressFields.hash(view, last)), AddressFields.town(view, field) != nil
    else { return nil }
    return field.upperBound
  }
}

internal import FilterKit

/// What the tagger takes for a place and is none: products, instruments and signs of a ward, headings, states.
enum PlaceDoubts {
  static func isNowhere(_ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView) -> Bool {
    let (first, last) = (words[index], words[index + count - 1])
    let range = first.range.lowerBound..<last.range.upperBound
    if AddressWords.provinces.contains(Lexicon.hash(view.text, range)) { return true }
    if AddressWords.noPlaces.contains(first.hash), count == 1 || last.shape == .lower || last.length < 3 {
      return true
    }
    // `Server Room`: within a house.
    if count > 1, rooms.contains(last.hash) { return true }
    // The name of a field: `Carteirinha: 0 088`, `PESEL 310512`, `MOHA ID 117`.
    let isListed =
      Lexicon.classes(Lexicon.hash(view.text, range)).contains(.place) || count == 1 && first.facts.place > 0
    if !isListed, isLabel(view, range, startsLine: first.startsLine) { return true }
    if count == 1, ProgramWords.contains(first) || isOther(words, index, view) { return true }
    // A line of its own is an address's.
    if first.startsLine, index + count >= words.count || words[index + count].startsLine { return false }
    let isCued = index > 0 && words[index - 1].hints.contains(.preposition) && first.followsClosely
    // `El reembolso`, `LOS 4d`: the second word has no capital.
    if count > 1, last.shape == .lower, first.shape != .lower, !isListed,
      !AddressWords.worksites.contains(last.hash)
    {
      return true
    }
    // `daughter-in-law`, `I-gel`.
    if count == 1, first.isHyphenated, !isListed,
      first.shape == .lower || first.length < 8 && first.shape != .lower && !isCued
    {
      return true
    }
    if first.shape == .lower, count == 1, !isCued { return !isBehindCue(words, index) }
    // `PO DILTIAZEM`, `RD`: capitals, of which one is short or a drug.
    if first.shape == .upper, !isListed {
      if count == 1, first.length < 4 { return true }
      if words[index..<index + count].contains(where: { $0.facts.isDrug || $0.facts.isDisease })
        || first.length < 3
      {
        return true
      }
    }
    // `Ward 5B`, `Resus 2`, `Norco 5/325`, `Evera MRI`: a number behind a single word that no preposition announces.
    if count == 1,
      !isListed || first.facts.isWord || first.classes.contains(.word) || !isCued && !first.followsComma,
      isNumbered(view, last.range.upperBound)
    {
      return true
    }
    // `St. Anthony` and the like are hospitals, unless the lists have them.
    if !isListed, count < 3, first.length == 2, view.has("st", at: first.range.lowerBound) { return true }
    // `Whiteside's line`.
    if index + count < words.count, words[index + count].hints.contains(.eponym),
      view.has("'s ", at: last.range.upperBound)
    {
      return true
    }
    // `at the Tim Hortons`, `the Hope Lodge`: towns have no article.
    if index > 0, !isListed, first.followsClosely, view.has("the ", at: first.range.lowerBound - 4),
      index + count >= words.count || !AddressWords.worksites.contains(words[index + count].hash)
    {
      return true
    }
    // `Whiteside's line`: a possessive that a word in lower case follows.
    if count == 1, !isListed, view.has("'s ", at: last.range.upperBound),
      Bytes.isLower(view.byte(last.range.upperBound + 3))
    {
      return true
    }
    // Scores, stagings and instruments that are named by a town: `C1M3 by Prague`, `GG3. Lugano.`
    if count == 1, !isCued, scales.contains(first.hash),
      index + 1 >= words.count || !words[index + 1].followsComma || !words[index + 1].facts.isArea
    {
      return true
    }
    // An English word at a sentence's beginning: `Echo today`.
    if count == 1, !isCued, first.facts.isWord || first.classes.contains(.word), index + 1 < words.count,
      first.facts.place < 4,
      !words[index + 1].followsComma
    {
      return beginsSentence(view, first.range.lowerBound)
    }
    return false
  }

  /// Whether a single word is a letter, a part of a hospital, a gene, a program's, or a car: `80% N`, `on 3 North`, `TAAGGCGA`, `Jackson 2.15.2`,
  /// `Hamilton = '…'`, `his 2009 Buick`, `a silver Tacoma`.
  private static func isOther(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    let (start, end) = (word.range.lowerBound, word.range.upperBound)
    if word.length == 1 { return true }
    if AddressWords.sides(word.hash), view.byte(start - 1) == 0x20, Bytes.isDigit(view.byte(start - 2)) {
      return true
    }
    if word.length > 5, word.range.allSatisfy({ "ACGTU".utf8.contains(view.byte($0)) }) { return true }
    if view.byte(end) == 0x20 {
      let number = view.endOfDigits(end + 1, limit: 2)
      if number > end + 1, view.byte(number) == UInt8(ascii: "."), Bytes.isDigit(view.byte(number + 1)) {
        return true
      }
      if view.byte(end + 1) == UInt8(ascii: "="), view.byte(end + 2) == 0x20 { return true }
    }
    guard view.byte(start - 1) == 0x20 else { return false }
    if index > 0, colours.contains(words[index - 1].hash), word.followsClosely { return true }
    let year = view.start(before: start - 1, limit: 5, where: Bytes.isDigit)
    return start - 1 - year == 4 && "12".utf8.contains(view.byte(year))
      && view.word(before: year, gap: 1).map { owners.contains(view.hash($0)) } ?? false
  }

  private static let colours = WordSet(
    words: "silver black white red blue gray grey green gold tan maroon beige brown orange yellow purple")
  private static let owners = WordSet(words: "a the his her their my our your in drives driving drove")

  private static func isLabel(_ view: borrowing TextView, _ range: Range<Int>, startsLine: Bool) -> Bool {
    let end = range.upperBound
    let isApart =
      startsLine || view.has("  ", at: range.lowerBound - 2) || view.has("| ", at: range.lowerBound - 2)
    if view.byte(end) == UInt8(ascii: ":"), isApart { return true }
    if view.has(" ID ", at: end) { return true }
    return view.byte(end) == 0x20 && view.endOfDigits(end + 1, limit: 6) == end + 7
  }

  private static func isBehindCue(_ words: [Word], _ index: Int) -> Bool {
    index > 0 && (words[index - 1].hints.contains(.residence) || words[index].followsComma)
  }

  private static func isNumbered(_ view: borrowing TextView, _ end: Int) -> Bool {
    guard view.byte(end) == 0x20 || view.byte(end) == UInt8(ascii: "-") else { return false }
    let start = view.byte(end + 1) == UInt8(ascii: "#") ? end + 2 : end + 1
    var stop = start
    while stop - start < 6, Bytes.isDigit(view.byte(stop)) { stop += 1 }
    // `Chinle 4/2024` has a date behind it.
    return (1...3).contains(stop - start)
      && !(view.byte(stop) == UInt8(ascii: "/") && view.endOfDigits(stop + 1, limit: 4) > stop + 2)
  }

  private static func beginsSentence(_ view: borrowing TextView, _ start: Int) -> Bool {
    var end = start
    while end > view.lowerBound, start - end < 3, view.byte(end - 1) == 0x20 { end -= 1 }
    return end == view.lowerBound || ".:;\n".utf8.contains(view.byte(end - 1))
  }

  private static let scales = WordSet(
    words:
      """
      prague lugano deauville naxos bombay lille ballard hammersmith epworth aintree robertshaw penrose ranson norton forrest maitland graston \
      nottingham montreal heidelberg
      """)
  private static let rooms = WordSet(words: "room rooms lounge lobby bedside corridor")
}

internal import FilterKit

/// What stands around a postal code: the towns and the street before it, and the town behind it.
struct AddressWalk {
  /// Nearest first.
  private(set) var towns: [Range<Int>] = []
  private(set) var address: Range<Int>?
  /// Whether the line begins with the number, as hardly anything but an address does.
  private(set) var isNumberFirst = false
  /// Whether a town, or a state, stands between the street and the code.
  private(set) var hasTown = false
  /// The letters of a state right before the code: `NY`, `VIC`.
  private(set) var state: Range<Int>?

  /// Nothing but the code.
  init() {}

  /// Goes back from a postal code over at most five parts, to the line that has a house number.
  init(_ view: borrowing TextView, before code: Int) {
    guard code > view.lowerBound else { return }
    var end = code
    if view.byte(code - 1) == 0x20,
      Bytes.isAlphanumeric(view.byte(code - 2)) || view.byte(code - 2) == UInt8(ascii: ".")
    {
      end = code - 1
    } else if let before = AddressFields.end(view, before: code) {
      end = before
    } else {
      return
    }
    var last: Range<Int>?
    var premises: Range<Int>?
    for count in 0..<6 {
      guard let field = AddressFields.field(view, endingAt: end) else { return }
      if count == 0 { state = Self.state(view, field) }
      if let house = AddressFields.house(view, in: field) {
        address = house..<(premises ?? field).upperBound
        isNumberFirst = true
        return
      }
      if let first = Self.premises(view, field) {
        // What stands between the parts with numbers and the town belongs to them: `Street No. 3, Guru Nanak Nagar, Barnala`.
        if premises == nil, towns.count > 1, let last {
          towns.removeLast()
          premises = last
        }
        address = first..<(premises ?? field).upperBound
        premises = premises ?? field
        guard first == field.lowerBound else { return }
      } else if let first = AddressFields.numberedBehind(view, field) ?? Self.box(view, field) {
        address = first..<(premises ?? field).upperBound
        return
      } else if premises != nil {
        return
      } else if let town = AddressFields.town(view, field) ?? Self.plainTown(view, field) {
        towns.append(town)
      } else if !Self.isArea(view, field) {
        // `lives in Barnala, …`: the capitals at the end.
        if let town = Self.ending(view, field) { towns.append(town) }
        return
      }
      hasTown = hasTown || premises == nil
      last = field
      guard let before = AddressFields.end(view, before: field.lowerBound) else { return }
      end = before
    }
  }

  /// Where a part with a number begins that is a flat, a floor, a sector: `Flat No. 302`, `2nd Cross`, `F-8/2`.
  private static func premises(_ view: borrowing TextView, _ field: Range<Int>) -> Int? {
    if let first = AddressExtent.premises(view, field),
      (first..<field.upperBound).contains(where: { Bytes.isDigit(view.byte($0)) })
    {
      return first
    }
    guard field.count <= 6, Bytes.isUpper(view.byte(field.lowerBound)),
      view.byte(field.lowerBound + 1) == UInt8(ascii: "-"),
      Bytes.isDigit(view.byte(field.lowerBound + 2))
    else { return nil }
    return field.lowerBound
  }

  /// Where a box of a post office begins in a part.
  private static func box(_ view: borrowing TextView, _ field: Range<Int>) -> Int? {
    let words = AddressFields.words(view, field)
    guard (2...4).contains(words.count), let last = words.last,
      last.contains(where: { Bytes.isDigit(view.byte($0)) }),
      words.dropLast().contains(where: { AddressWords.boxes.contains(AddressFields.hash(view, $0)) })
    else { return nil }
    return field.lowerBound
  }

  /// A town in lower case that the lists have.
  private static func plainTown(_ view: borrowing TextView, _ field: Range<Int>) -> Range<Int>? {
    guard Bytes.isLower(view.byte(field.lowerBound)),
      field.allSatisfy({ Bytes.isLetter(view.byte($0)) || view.byte($0) == 0x20 }),
      isKnown(view, field)
    else { return nil }
    return field
  }

  /// The street that a postal code before a town follows: `Am Bach 3c, 01844 …`, also behind a flat's part of its own.
  static func street(_ view: borrowing TextView, before code: Int) -> Range<Int>? {
    guard let end = AddressFields.end(view, before: code),
      let field = AddressFields.field(view, endingAt: end)
    else {
      return nil
    }
    if let first = AddressFields.house(view, in: field) ?? AddressFields.numberedBehind(view, field)
      ?? box(view, field)
    {
      return first..<field.upperBound
    }
    let words = AddressFields.words(view, field)
    // `via dei Partigiani 17 int. 2`: the flat behind the number.
    if words.count > 3, AddressWords.units.contains(AddressFields.hash(view, words[words.count - 2])),
      let first = AddressFields.numberedBehind(view, field.lowerBound..<words[words.count - 3].upperBound)
    {
      return first..<field.upperBound
    }
    // `12 bis, rue des Tanneurs`: the number is a part of its own.
    if words.count > 1, AddressWords.leadingKinds.contains(AddressFields.hash(view, words[0])),
      AddressFields.isCapital(view, words[words.count - 1]),
      let before = AddressFields.end(view, before: field.lowerBound),
      Bytes.isAlphanumeric(view.byte(before - 1))
    {
      let number = view.start(before: before, limit: 8) { Bytes.isJoining($0) || $0 == 0x20 }
      if let first = (number..<before).first(where: { Bytes.isDigit(view.byte($0)) }) {
        return first..<field.upperBound
      }
    }
    let isUnit =
      words.count <= 4
      && (field.contains { Bytes.isDigit(view.byte($0)) }
        || words.count == 1 && AddressWords.bareUnits.contains(AddressFields.hash(view, field)))
    guard isUnit, !words.contains(where: { AddressWords.months.contains(AddressFields.hash(view, $0)) }),
      let before = AddressFields.end(view, before: field.lowerBound),
      let street = AddressFields.field(view, endingAt: before)
    else { return nil }
    if let first = AddressFields.house(view, in: street) ?? AddressFields.numberedBehind(view, street) {
      return first..<field.upperBound
    }
    // Portugal and Brazil put the number into a part of its own: `Av. dos Navegantes, 331`.
    guard words.count == 1, AddressFields.isHouse(view, field),
      let first = AddressFields.words(view, street).first,
      AddressWords.leadingKinds.contains(AddressFields.hash(view, first))
    else { return nil }
    return street.lowerBound..<field.upperBound
  }

  /// The town behind a postal code, after a space or as the next cell of a record.
  static func town(_ view: borrowing TextView, after code: Int) -> Range<Int>? {
    var position = code
    if view.byte(code) == 0x20 {
      position = code + 1
      if view.byte(position) == 0x20 { position += 1 }
    } else if let start = AddressFields.start(view, after: code), view.byte(code) != 0x0A {
      position = start
    } else {
      return nil
    }
    guard let name = CapitalWords.name(view, position, joints: AddressWords.particles),
      !isSign(view, position..<name.end)
    else { return nil }
    return position..<name.end
  }

  /// Whether the line before the town is an address for sure enough, so that a code of so many digits may be bare.
  func isSure(_ view: borrowing TextView, digits: Int) -> Bool {
    guard let address, hasTown else { return false }
    return isNumberFirst && digits > 3 || Self.isSure(view, address, before: towns.first ?? address)
  }

  private static let endings: [StaticString] = [
    "str", "str.", "strasse", "straße", "gasse", "weg", "platz", "allee", "hof", "ring", "damm", "ufer",
    "markt", "graben", "berg", "gatan",
    "gata", "vägen", "väg", "vej", "vejen", "veien", "vei", "gade", "straat", "laan", "plein", "gracht",
    "kade", "dijk", "singel", "katu",
    "tie", "kuja", "vegur", "utca", "stad", "park", "gränd", "torg", "stræde", "plads",
  ]

  /// Whether a line has more of a street than a name with a number, as `Hgb 12` and `Vitamin D 50` are: a kind, or a town that lists have.
  static func isSure(_ view: borrowing TextView, _ street: Range<Int>, before town: Range<Int>) -> Bool {
    if isKnown(view, town) { return true }
    for word in AddressFields.words(view, street) {
      let hash = AddressFields.hash(view, word)
      if AddressWords.leadingKinds.contains(hash) || AddressWords.trailingKinds.contains(hash)
        || AddressWords.kinds.contains(hash)
        || AddressWords.boxes.contains(hash) || AddressWords.prepositions.contains(hash)
      {
        return true
      }
      if AddressFields.isCapital(view, word),
        endings.contains(where: {
          $0.utf8CodeUnitCount + 2 < word.count && view.has($0, at: word.upperBound - $0.utf8CodeUnitCount)
        })
      {
        return true
      }
    }
    return false
  }

  static func isSure(_ view: borrowing TextView, _ street: Range<Int>?, before town: Range<Int>?) -> Bool {
    guard let street else { return false }
    return isSure(view, street, before: town ?? street)
  }

  /// Whether the lists have a town of that name, which is no English word.
  static func isKnown(_ view: borrowing TextView, _ town: Range<Int>) -> Bool {
    let hash = Lexicon.hash(view.text, town)
    if Lexicon.classes(hash).contains(.place) { return true }
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let facts = model.facts(hash)
    if facts.isArea || facts.place > 0 && !facts.isWord { return true }
    guard let first = AddressFields.words(view, town).first, first != town else { return false }
    let own = model.facts(AddressFields.hash(view, first))
    return own.place > 0 && !own.isWord
  }

  private static func isSign(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    word.count <= 3 && word.allSatisfy { Bytes.isUpper(view.byte($0)) }
  }

  /// Two or three capitals at the end of a part.
  private static func state(_ view: borrowing TextView, _ field: Range<Int>) -> Range<Int>? {
    guard let last = AddressFields.words(view, field).last, (2...3).contains(last.count), isSign(view, last)
    else {
      return nil
    }
    return last
  }

  private static func isArea(_ view: borrowing TextView, _ field: Range<Int>) -> Bool {
    isSign(view, field) || AddressWords.provinces.contains(Lexicon.hash(view.text, field))
  }

  private static func ending(_ view: borrowing TextView, _ field: Range<Int>) -> Range<Int>? {
    let words = AddressFields.words(view, field)
    var first = words.count
    while first > 0, words.count - first < 3, AddressFields.isCapital(view, words[first - 1]) { first -= 1 }
    guard first < words.count, first > 0 else { return nil }
    return AddressFields.town(view, words[first].lowerBound..<field.upperBound)
  }
}

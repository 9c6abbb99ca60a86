internal import FilterKit

/// Addresses that a word announces, whatever kind of street they have or lack: `lives at 88140 Blackberry Loop`, `LOC: mm 212 Hwy 89`,
/// `Addr: Teach na Mara`.
enum AnnouncedAddresses {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:lives?|lived|living|resides?|residing|stays?|staying|stay) (?:alone |now |currently |with us |with [a-z]{2,12} |w/ [a-z]{2,12} )?(?:at|@) "#
    ) { view, end in
      read(view, end).map { candidate($0, 8000) }
    }.beforeDigits(),
    PatternRule(
      #"\b(?:address|addr|adresse|anschrift|indirizzo|domicilio|direcci\xc3\xb3n|direccion|endere\xc3\xa7o|endereco|adres|osoite|residence|site|loc|location|bill to|ship to|deliver(?:y|ed)? to|dispatched to|resp(?:ond(?:ed|ing)?)? to(?: [a-z]{3,8})?)\b"#
    ) { view, end in labelled(view, end) }.beforeDigits(),
    PatternRule(#"\b(?:address|addr|adresse|anschrift|indirizzo|adres): "#) { view, end in
      labelled(view, end - 2)
    },
  ]

  private static func candidate(_ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(range: range, kind: "ADDRESS", confidence: confidence, detector: "phi/address-cue")
  }

  /// Before `address` they say that it is a machine's.
  private static let machines = WordSet(
    words:
      "ip mac email e-mail mail web memory url base host server network bus return register physical virtual start end wallet"
  )
  private static let bare: [StaticString] = ["address", "addr", "adresse", "anschrift", "indirizzo", "adres"]

  private static func labelled(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end
    for word in [" is", " was", "."] as [StaticString] where view.has(word, at: start) {
      start += word.utf8CodeUnitCount
      break
    }
    let hasColon = view.byte(start) == UInt8(ascii: ":")
    if hasColon { start += 1 }
    while start - end < 8, view.byte(start) == 0x20 { start += 1 }
    if view.byte(start) == 0x0A, hasColon {
      let line = start
      start += 1
      while start - line < 16, view.byte(start) == 0x20 { start += 1 }
    }
    guard start > end else { return nil }
    let label = view.start(before: end, limit: 12, where: Bytes.isLetter)
    if let word = view.word(before: label, gap: 1, where: { " -_".utf8.contains($0) }),
      machines.contains(view.hash(word))
    {
      return nil
    }
    if let range = read(view, start) {
      let isOther = view.has("site", at: label) || view.has("loc", at: label)
      return hasColon || !isOther ? candidate(range, 8000) : nil
    }
    guard hasColon, bare.contains(where: { $0.utf8CodeUnitCount == end - label && view.has($0, at: label) })
    else { return nil }
    return house(view, start).map { candidate($0, 7000) }
  }

  /// So few that what follows is there when a stream has to know: a word that addresses begin with lets it wait for longer.
  private static func mostWords(_ view: borrowing TextView, _ start: Int) -> Int {
    Bytes.isDigit(view.byte(start)) || AddressFields.beginsAddress(view, start) ? 8 : 6
  }

  /// A line with a number and a name that begins at a position: as far as its words are an address's, at most two parts of it.
  private static func read(_ view: borrowing TextView, _ start: Int) -> Range<Int>? {
    var (position, end) = (start, start)
    var (hasNumber, hasName) = (false, false)
    for _ in 0..<mostWords(view, start) {
      let word = word(view, position)
      guard !word.isEmpty else { break }
      let hash = AddressFields.hash(view, word)
      if isNumber(view, word) {
        hasNumber = true
      } else if AddressWords.kinds.contains(hash) || AddressWords.roads.contains(hash)
        || AddressWords.leadingKinds.contains(hash) || AddressWords.trailingKinds.contains(hash)
      {
        hasName = true
      } else if AddressFields.isCapital(view, word), AddressFields.isNameLike(view, word) {
        if word.count > 2 { hasName = true }
      } else if !AddressWords.premises.contains(hash) && !AddressWords.posts.contains(hash)
        && !AddressWords.particles.contains(hash)
        && !(hasNumber && hasName && view.has("at", at: word.lowerBound) && word.count == 2)
      {
        break
      }
      end = word.upperBound
      if view.byte(end) == 0x20, view.byte(end + 1) != 0x20 {
        position = end + 1
      } else if view.byte(end) == UInt8(ascii: ","), view.byte(end + 1) == 0x20, !(hasNumber && hasName) {
        position = end + 2
      } else {
        break
      }
    }
    // A preposition or an article at the end is none of it.
    while let last = AddressFields.words(view, start..<end).last, end > start,
      Bytes.isLower(view.byte(last.lowerBound)),
      last.count <= 3
    {
      end = max(start, last.lowerBound - 1)
    }
    guard hasNumber, hasName, end > start, AddressFields.isSettled(view, start, end) else { return nil }
    return start..<AddressExtent.ahead(view, end)
  }

  /// The name of a house, or of a town's part, that is all of its part: `Teach na Mara`.
  private static func house(_ view: borrowing TextView, _ start: Int) -> Range<Int>? {
    guard let name = CapitalWords.name(view, start, joints: AddressWords.particles), name.words > 1,
      AddressExtent.isEnd(view, name.end), !ProgramContext.isProgram(view, start)
    else { return nil }
    let words = AddressFields.words(view, start..<name.end)
    let plain = words.count { Lexicon.classes(AddressFields.hash(view, $0)).contains(.word) }
    guard plain < words.count, AddressFields.isSettled(view, start, name.end) else { return nil }
    return start..<name.end
  }

  /// What stands between blanks and commas at a position, without the full stop of a sentence.
  private static func word(_ view: borrowing TextView, _ start: Int) -> Range<Int> {
    var end = start
    while end - start < 24, !Bytes.isSpace(view.byte(end)), !",;|\"()[]<>{}=!?:".utf8.contains(view.byte(end))
    { end += 1 }
    if end > start + 4, view.byte(end - 1) == UInt8(ascii: ".") { end -= 1 }
    return start..<end
  }

  /// `12B`, `#4`, `H-88`, `6-55-67`.
  private static func isNumber(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    if AddressFields.isHouse(view, word) { return true }
    let start = view.byte(word.lowerBound) == UInt8(ascii: "#") ? word.lowerBound + 1 : word.lowerBound
    let own = start..<word.upperBound
    guard (1...9).contains(own.count), own.contains(where: { Bytes.isDigit(view.byte($0)) }) else {
      return false
    }
    return own.allSatisfy {
      Bytes.isDigit(view.byte($0)) || Bytes.isUpper(view.byte($0)) || "-/".utf8.contains(view.byte($0))
    }
  }
}

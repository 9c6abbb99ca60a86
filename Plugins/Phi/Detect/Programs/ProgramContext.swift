/// Tells the identifiers and terms of programs from names of people and places: by how a word is written, and by what stands before it.
///
/// It looks at what has been found only, so it costs nothing where nothing is, and at 160 bytes before a word, so that
/// a stream and the whole agree.
enum ProgramContext {
  private static let reach = 160

  /// Whether what was found as a name or a place is none of a person: written as nobody writes a name, or, inside of a program,
  /// a word that no list has for a name.
  static func isIdentifier(
    _ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView, isPlace: Bool
  ) -> Bool {
    if words[index..<index + count].contains(where: { isBuilt($0, view) }) { return true }
    if count == 1, isMember(view, words[index].range.lowerBound) || isCall(words[index], view) { return true }
    if CodeNeighbours.touch(words[index..<index + count], view) { return true }
    if !isPlace, isAreaOrSign(words[index..<index + count]) { return true }
    // `Adler-32`.
    if count == 1, Terms.contains(words[index].hash),
      view.byte(words[index].range.upperBound) == UInt8(ascii: "-"),
      Bytes.isDigit(view.byte(words[index].range.upperBound + 1))
    {
      return true
    }
    // `Block 1` is no town: an English word, a program's term, and in no list of places.
    if isPlace, count == 1, Terms.contains(words[index].hash), words[index].facts.place == 0,
      words[index].facts.isWord || words[index].classes.contains(.word)
    {
      return true
    }
    let slice = words[index..<index + count]
    guard !slice.contains(where: { isNamed($0, isPlace: isPlace, isAlone: count == 1) }) else {
      return false
    }
    guard count == 1 || slice.allSatisfy({ isTerm($0) }) else { return false }
    return isProgram(view, words[index].range.lowerBound)
  }

  /// Whether what is taken for a person is a country or an abbreviation: `France`, `France Métropolitaine`, `FRA`. `Chad` and `NG` are people.
  private static func isAreaOrSign(_ words: ArraySlice<Word>) -> Bool {
    guard let word = words.first else { return false }
    let facts = word.facts
    if facts.isArea, facts.given <= 2, words.dropFirst().allSatisfy({ !$0.facts.isName }) { return true }
    return words.count == 1 && word.shape == .upper && word.length <= 3 && facts.given == 0
      && facts.family <= 3 && facts.foreign == 0
  }

  /// Whether a word that no list has for a name is called: `gzread(`.
  private static func isCall(_ word: Word, _ view: borrowing TextView) -> Bool {
    guard word.shape == .lower || word.shape == .mixed, !word.facts.isName else { return false }
    return view.byte(word.range.upperBound) == UInt8(ascii: "(")
  }

  /// Whether a word is the member of what an index or a call gave, or the name of a macro: `tree[0].Len`, `#define Len`.
  private static func isMember(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.byte(start - 1) == UInt8(ascii: ".") && "])".utf8.contains(view.byte(start - 2))
      || view.has("#define ", at: start - 8) || view.has("->", at: start - 2)
  }

  /// Whether the lists have the word for a name, and nothing but.
  private static func isNamed(_ word: Word, isPlace: Bool, isAlone: Bool) -> Bool {
    if Terms.contains(word.hash) { return false }
    let facts = word.facts
    if facts.isWord || word.classes.contains(.word) {
      // `Grace`, but not `Block`.
      return !isPlace && facts.given > (word.shape == .lower ? 6 : 3)
    }
    if isPlace { return facts.place > 0 && word.shape != .lower && (word.shape != .upper || word.length > 4) }
    // An abbreviation is somebody's family name somewhere.
    if word.shape == .upper, word.length <= 4 { return facts.given > 3 }
    if word.shape == .lower { return facts.given > 2 || !isAlone && facts.isName }
    return word.classes.isName || facts.given > 0 || facts.family > 1 || facts.foreign != 0
      || !isAlone && facts.family > 0
  }

  /// Whether nothing speaks for a name beside another word: an English word, an abbreviation, a program's word.
  private static func isTerm(_ word: Word) -> Bool {
    word.facts.isWord || word.classes.contains(.word) || word.shape == .upper || word.shape == .initial
      || word.shape == .lower || ProgramWords.contains(word) || Terms.contains(word.hash)
  }

  /// Whether a word is put together as names are not: `BitArray`, `IOError`, `User-Agent`, `side-channel`.
  private static func isBuilt(_ word: Word, _ view: borrowing TextView) -> Bool {
    if word.shape == .mixed || word.shape == .capitalised {
      guard !word.facts.isName, !word.classes.isName else { return false }
      if hasInnerCapital(word, view) { return true }
    }
    return isCompound(word, view)
  }

  private static let prefixes: [StaticString] = [
    "mc", "mac", "o", "d", "de", "di", "da", "du", "la", "le", "lo", "del", "della", "des", "dos", "van",
    "von",
    "fitz", "al", "el", "ben", "bin", "abu", "ibn", "san", "st", "ter", "ten", "te", "m", "n", "ap", "nic",
    "ni", "vander",
  ]

  /// A capital behind a letter, but not behind what names begin with: `McDonald`, `DeLuca`, `O'Brien`.
  private static func hasInnerCapital(_ word: Word, _ view: borrowing TextView) -> Bool {
    let range = word.range
    var hasLower = false
    var capitals = 0
    for index in range {
      let byte = view.text[index]
      if Bytes.isLower(byte) {
        // Two capitals and more, and then letters: `NSString`.
        if capitals > 1, byte != UInt8(ascii: "s") || index + 1 < range.upperBound { return true }
        hasLower = true
        capitals = 0
      } else if Bytes.isUpper(byte) {
        if index > range.lowerBound, hasLower, Bytes.isLower(view.text[index - 1]) {
          let before = range.lowerBound..<index
          let isPrefix = prefixes.contains {
            $0.utf8CodeUnitCount == before.count && view.has($0, at: range.lowerBound)
          }
          if !isPrefix { return true }
        }
        capitals += 1
      } else {
        capitals = 0
        hasLower = false
      }
    }
    return false
  }

  /// Words with hyphens of which the last is an English one and none is a name.
  private static func isCompound(_ word: Word, _ view: borrowing TextView) -> Bool {
    guard word.isHyphenated, !word.facts.isName, case .success(let model) = TaggerModel.shipped else {
      return false
    }
    var start = word.range.lowerBound
    var parts = 0
    var isWord = false
    for index in word.range.lowerBound...word.range.upperBound
    where index == word.range.upperBound || view.text[index] == UInt8(ascii: "-") {
      let hash = Lexicon.hash(view.text, start..<index)
      let facts = model.facts(hash)
      // `Ji-woo` and `Min-jun` are people.
      isWord = index - start > 3 && (facts.isWord || Lexicon.classes(hash).contains(.word))
      if !isWord, facts.isName, index - start > 2 { return false }
      if isWord, facts.given > 3 || facts.family > 5 { return false }
      parts += 1
      start = index + 1
    }
    return parts > 1 && isWord
  }

  /// Whether what stands before a place in a text is a program's: comments, calls, operators. Records and notes have hardly any.
  static func isProgram(_ view: borrowing TextView, _ position: Int) -> Bool {
    var signs = 0
    var index = max(view.lowerBound, position - reach)
    while index < position {
      let byte = view.text[index]
      let next = view.byte(index + 1)
      switch byte {
      case UInt8(ascii: "/"):
        if next == byte || next == UInt8(ascii: "*"), view.byte(index - 1) != UInt8(ascii: ":"),
          index == 0 || Bytes.isSpace(view.byte(index - 1)) || next == UInt8(ascii: "*")
        {
          signs += 2
          index += 2
        }
      case UInt8(ascii: "*"):
        let before = view.byte(index - 1)
        if next == UInt8(ascii: "/")
          || before == 0x20 && next == 0x20 && view.byte(index - 2) == 0x0A
        {
          signs += 2
        }
      case UInt8(ascii: "("): if next == UInt8(ascii: ")") { signs += 2 }
      case UInt8(ascii: ")"):
        if next == UInt8(ascii: ";") || next == UInt8(ascii: ".") && Bytes.isLetter(view.byte(index + 2)) {
          signs += 2
        }
      case UInt8(ascii: ";"): if next == 0x0A || next == 0x0D { signs += 1 }
      case UInt8(ascii: "-"): if next == UInt8(ascii: ">"), Bytes.isSpace(view.byte(index - 1)) { signs += 1 }
      case UInt8(ascii: "="), UInt8(ascii: "!"): if next == UInt8(ascii: "=") { signs += 2 }
      case UInt8(ascii: ":"): if next == byte { signs += 2 }
      case UInt8(ascii: "&"): if next == byte { signs += 2 }
      case UInt8(ascii: "#"):
        if view.has("include", at: index + 1) || view.has("define", at: index + 1)
          || view.has("if", at: index + 1)
        {
          signs += 2
        }
      case UInt8(ascii: "`"): signs += 1
      // Registers and numbers of assembly: `(%rax)`, `[sp,#64]`, `0x67`.
      case UInt8(ascii: "%"):
        if Bytes.isLower(next), ",( \t".utf8.contains(view.byte(index - 1)) { signs += 1 }
      case UInt8(ascii: ","):
        if next == UInt8(ascii: "#") || next == UInt8(ascii: "[") { signs += 1 }
      case UInt8(ascii: "x") where view.byte(index - 1) == 0x30 && !Bytes.isJoining(view.byte(index - 2)):
        if Bytes.isJoining(next) { signs += 1 }
      case 0x61...0x7A:
        // `nextIndex`, `next_index`.
        if Bytes.isUpper(next) || next == UInt8(ascii: "_") && Bytes.isLower(view.byte(index + 2)) {
          signs += 1
        }
      default: break
      }
      if signs >= 3 { return true }
      index += 1
    }
    return false
  }

  /// Terms of mathematics, cryptography and hardware that are names of people or towns as well.
  private enum Terms {
    private static let set = WordSet(
      words: """
        adler barrett bernstein bloom boole channel curie darwin denver dijkstra diffie edwards euclid fermat fibonacci fourier \
        galois gauss haswell hilbert huffman jacobi jacobian karatsuba keccak kyber lagrange lorem mach merkle miller montgomery newton \
        paillier poly polyak rabin ryzen skylake schnorr solinas toom turing visio winternitz wycheproof lake block box red blue \
        row short host parent apple swift foundation basel mersenne jordan hamming solomon carrier mac root robin hood hellman \
        camellia conn mars green
        """)

    static func contains(_ hash: UInt64) -> Bool { set.contains(hash) }
  }
}

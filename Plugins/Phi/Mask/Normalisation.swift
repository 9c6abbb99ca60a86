internal import FilterKit

/// Brings a value into the form in which it is the same value, however it was written.
struct Normalisation {
  /// How values of a kind are compared.
  private enum Form {
    /// Without titles, punctuation and order: ``NameForm``.
    case name
    /// As a date of the calendar: ``DateForm``.
    case date
    /// Letters and digits; what separates them does not matter.
    case identifier
    /// Digits, without the country code of the United States and Canada.
    case phone
    /// Words, in their order.
    case words
    /// Words, with the usual abbreviations of addresses.
    case address
    /// Letters, digits and punctuation, without case and blanks.
    case symbol
    /// Every byte.
    case exact
  }

  private static let forms: [Kind: Form] = [
    "NAME": .name, "DATE": .date, "PHONE": .phone, "FAX": .phone, "ADDRESS": .address, "CITY": .words,
    "FIELD": .words, "EMAIL": .symbol, "URL": .symbol, "IP": .symbol, "CREDENTIAL": .exact, "AGE": .words,
    "BIOMETRIC": .words,
  ]

  /// The value without case, accents and invisible characters.
  private var folded: [UInt8] = []
  private var words: [Range<Int>] = []
  private var name = NameForm()

  /// Appends the form that a value of that kind is compared in; never nothing, unless the value is empty.
  mutating func append(_ value: Span<UInt8>, kind: Kind, to output: inout [UInt8]) {
    let start = output.count
    let form = Self.forms[kind] ?? .identifier
    if form != .exact {
      folded.removeAll(keepingCapacity: true)
      Folding.append(value, to: &folded)
    }
    let folded = folded
    switch form {
    case .name: name.append(folded.span, to: &output)
    case .date:
      if !DateForm.append(folded.span, to: &output) { appendWords(to: &output, addresses: false) }
    case .identifier: appendCharacters(to: &output)
    case .phone: appendPhone(to: &output)
    case .words: appendWords(to: &output, addresses: false)
    case .address: appendWords(to: &output, addresses: true)
    case .symbol: for byte in folded where byte > 0x20 { output.append(byte) }
    case .exact: break
    }
    // A value of punctuation alone is still told from another one.
    if output.count == start { output.append(contentsOf: Array(copying: value)) }
  }

  private func appendCharacters(to output: inout [UInt8]) {
    for byte in folded where isCharacter(byte) { output.append(byte) }
  }

  private func appendPhone(to output: inout [UInt8]) {
    let start = output.count
    appendCharacters(to: &output)
    let hasCountryCode = output.count - start == 11 && output[start] == UInt8(ascii: "1")
    if hasCountryCode { output.remove(at: start) }
  }

  private mutating func appendWords(to output: inout [UInt8], addresses: Bool) {
    let folded = folded
    words.removeAll(keepingCapacity: true)
    appendRuns(of: folded.span, where: { isCharacter($0) || $0 == UInt8(ascii: "'") }, to: &words)
    for (index, word) in words.enumerated() {
      if index > 0 { output.append(0x20) }
      if addresses, let short = Abbreviations.of(folded[word]) {
        output.append(contentsOf: short.utf8)
      } else {
        output.append(contentsOf: folded[word])
      }
    }
  }
}

/// A letter or a digit of folded text; all beyond ASCII counts as letters.
func isCharacter(_ byte: UInt8) -> Bool {
  byte >= 0x80 || (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
}

/// Appends the stretches of bytes that `isKept` takes.
func appendRuns(of text: Span<UInt8>, where isKept: (UInt8) -> Bool, to runs: inout [Range<Int>]) {
  var start: Int?
  for index in text.indices {
    if isKept(text[index]) {
      if start == nil { start = index }
    } else if let first = start {
      runs.append(first..<index)
      start = nil
    }
  }
  if let start { runs.append(start..<text.count) }
}

/// Words of addresses, as the United States Postal Service shortens them (Publication 28, appendices B and C).
enum Abbreviations {
  private static let known: [String: String] = [
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr",
    "lane": "ln",
    "court": "ct", "place": "pl", "square": "sq", "terrace": "ter", "circle": "cir", "highway": "hwy",
    "parkway": "pkwy", "apartment": "apt", "suite": "ste", "building": "bldg", "floor": "fl", "room": "rm",
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
  ]

  static func of(_ word: ArraySlice<UInt8>) -> String? {
    word.count > 12 ? nil : known[String(decoding: word, as: UTF8.self)]
  }
}

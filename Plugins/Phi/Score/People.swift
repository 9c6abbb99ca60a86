internal import FilterKit
internal import JSONTree

/// A low estimate of how many people a request is about.
///
/// Nobody can tell from values alone which of them belong together, so kinds are not added up: the kind by which the
/// most people are told apart says how many there are at least.
struct People {
  /// Of these one person has one.
  static let identifiers: Set<Kind> = ["MRN", "SSN", "HEALTH_PLAN"]
  /// Of these one person often has several: as many make a person.
  static let reached: [Kind] = ["EMAIL", "PHONE", "ADDRESS", "ACCOUNT", "LICENSE"]
  static let reachedOfAPerson = 3

  /// Names of one word, such as a family name by itself, and of more.
  private var singleNames: Set<Fingerprint> = []
  private var fullNames: Set<Fingerprint> = []

  mutating func add(name value: Fingerprint, isFull: Bool) {
    if isFull {
      if fullNames.count < PhiScoreSession.maximumValues { fullNames.insert(value) }
    } else if singleNames.count < PhiScoreSession.maximumValues {
      singleNames.insert(value)
    }
  }

  /// - Parameters:
  ///   - identifiers: kinds of which one person has one.
  ///   - distinct: how many different values of a kind there are.
  func count(by identifiers: Set<Kind>, distinct: (Kind) throws(FilterError) -> Int) throws(FilterError)
    -> Int
  {
    // A name by itself is often part of a full one, or one of two columns, so that two of them make a person.
    var most = max(fullNames.count, (singleNames.count + 1) / 2)
    for kind in identifiers { most = max(most, try distinct(kind)) }
    return max(most, try Self.reachable(distinct))
  }

  /// By what people are reached at. A few are nobody's bulk; a list of a thousand addresses is one, without any name.
  static func reachable(_ distinct: (Kind) throws(FilterError) -> Int) throws(FilterError) -> Int {
    var most = 0
    for kind in reached { most = max(most, (try distinct(kind) + reachedOfAPerson - 1) / reachedOfAPerson) }
    return most
  }

  /// Whether something separates two words of a name, in escapes (`Jane%20Doe`) or without. Where it can't be told it
  /// does: the higher score.
  static func isFull(_ finding: Finding, in text: Span<UInt8>) -> Bool {
    guard finding.start <= finding.end, finding.end <= UInt64(text.count) else { return true }
    let value = text.extracting(Int(finding.start)..<Int(finding.end))
    if let plain = EscapedValue.plain(value) { return hasTwoWords(plain.span) }
    return hasTwoWords(value)
  }

  /// Letters, and then letters behind something that joins no word. Hyphens, apostrophes and dots do: `Jean-Luc`,
  /// `O'Brien`, `J.R.`; a byte beyond ASCII is a letter but for the blanks of Unicode.
  private static func hasTwoWords(_ name: Span<UInt8>) -> Bool {
    var hasWord = false
    var isApart = false
    var index = 0
    while index < name.count {
      let byte = name[index]
      let blank = blankLength(name, index)
      if blank > 0 {
        isApart = hasWord
        index += blank
        continue
      }
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, 0x80...:
        if isApart { return true }
        hasWord = true
      case UInt8(ascii: "-"), UInt8(ascii: "'"), UInt8(ascii: "."), UInt8(ascii: "`"), 0x30...0x39: break
      default: isApart = hasWord
      }
      index += 1
    }
    return false
  }

  /// The length of a blank beyond ASCII (U+00A0, U+1680, U+2000 to 200A, 202F, 205F, 3000) or 0: there is none.
  private static func blankLength(_ text: Span<UInt8>, _ at: Int) -> Int {
    if text[at] == 0xC2, at + 1 < text.count, text[at + 1] == 0xA0 { return 2 }
    guard at + 2 < text.count else { return 0 }
    switch (text[at], text[at + 1], text[at + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }
}

/// From how many people on a request looks like an export.
struct Bulk: Sendable {
  let people: Int
  let points: Int
  /// Kinds of which one person has one.
  let identifiers: Set<Kind>

  init(_ configuration: JSONValue) throws(FilterError) {
    let value = configuration["bulk"]
    people = try ScoreOptions.integer("people", within: 1...100_000, of: value, at: "/bulk") ?? 5
    points = try ScoreOptions.points(of: value, at: "/bulk") ?? 40
    let names = value?["kinds"]?.strings ?? []
    let kinds = names.compactMap { Kind($0) }
    guard kinds.count == names.count else {
      throw .configuration("A kind is named in upper-case letters and _, as EMPLOYEE_ID.", at: "/bulk/kinds")
    }
    identifiers = People.identifiers.union(kinds)
  }
}

internal import FilterKit

/// What was found before a value whose form alone speaks for it: inside of something else it is none, and behind somebody's name it is one.
struct Neighbours {
  /// So far back that nothing is near.
  private static let nowhere = -1 << 20
  private static let reach = 32
  private static let (name, date, age, url): (Kind, Kind, Kind, Kind) = ("NAME", "DATE", "AGE", "URL")

  /// Where the last value ends that counts, and the last name with what says more of the same person behind it.
  private var valueEnd = nowhere
  private var personEnd = nowhere

  mutating func shift(by count: Int) {
    valueEnd = max(Self.nowhere, valueEnd - count)
    personEnd = max(Self.nowhere, personEnd - count)
  }

  /// Whether what was found is more than a guess; an address of a page covers its numbers, whoever's it is.
  static func counts(_ candidate: Candidate) -> Bool {
    candidate.evidence == .own && (candidate.confidence >= 5000 || candidate.kind == url)
  }

  /// Whether a candidate stands, told in the order of their beginnings.
  mutating func allow(_ candidate: Candidate, _ view: borrowing TextView) -> Bool {
    let range = candidate.range
    switch candidate.evidence {
    case .own:
      guard Self.counts(candidate) else { return true }
      let isMore = candidate.kind == Self.date || candidate.kind == Self.age
      if candidate.kind == Self.name || isMore && isBesidePerson(range.lowerBound, view) {
        personEnd = max(personEnd, range.upperBound)
      }
      valueEnd = max(valueEnd, range.upperBound)
      return true
    case .literal: return range.lowerBound >= valueEnd
    case .form: return range.lowerBound >= valueEnd && !ProgramContext.isProgram(view, range.lowerBound)
    case .neighbour:
      return range.lowerBound >= valueEnd && isBesidePerson(range.lowerBound, view)
        && !ProgramContext.isProgram(view, range.lowerBound)
    }
  }

  /// Whether little but signs stands between the last person and a position: `HARA, MIDORI  92 F  1907714`.
  private func isBesidePerson(_ start: Int, _ view: borrowing TextView) -> Bool {
    guard start >= personEnd, start - personEnd <= Self.reach else { return false }
    var signs = 0
    for index in personEnd..<start {
      let byte = view.byte(index)
      if byte > 0x20 { signs += 1 }
      if byte == 0x0A || byte == UInt8(ascii: "=") { return false }
      // Another sentence.
      if byte == UInt8(ascii: "."), view.byte(index + 1) == 0x20 { return false }
    }
    return signs <= 5
  }
}

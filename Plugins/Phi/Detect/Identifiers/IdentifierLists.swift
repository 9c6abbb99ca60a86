internal import FilterKit

/// Values that a list goes on with behind the one that a label has.
extension LabelledIdentifier {
  /// So far behind the first of several values may the last one begin: what is looked at reaches no farther back.
  private static let farthest = 96

  /// A value, and those that a list goes on with behind it.
  static func list(_ view: borrowing TextView, from first: Candidate, _ emit: (Candidate) -> Void) {
    emit(first)
    // What nothing but its form speaks for begins no list.
    guard first.confidence >= 7000 else { return }
    followers(view, of: first.range) { range in
      emit(
        Candidate(
          range: range, kind: first.kind, confidence: min(first.confidence, 8000), detector: first.detector,
          evidence: first.evidence))
    }
  }

  /// Tells of the values that a list goes on with behind one that a label has: `448210, 448377 and 449002`.
  static func followers(
    _ view: borrowing TextView, of first: Range<Int>, _ emit: (Range<Int>) -> Void
  ) {
    guard var last = read(view, at: first.lowerBound), last.range == first else { return }
    while let start = next(view, behind: last.range.upperBound), start - first.lowerBound < farthest,
      let reading = read(view, at: start), isLike(reading, last)
    {
      emit(reading.range)
      last = reading
    }
  }

  private static func isLike(_ one: Reading, _ other: Reading) -> Bool {
    one.hasUpper == other.hasUpper && !one.hasLower && one.digits >= 4
      && abs(one.digits - other.digits) <= 1 && abs(one.range.count - other.range.count) <= 2
  }

  private static let joints: [StaticString] = [
    "and ", "or ", "to ", "und ", "et ", "y ", "& ", "+ ", "/ ", "→ ", "into ", "<- ", "-> ",
  ]

  /// Where the next value of a list begins.
  private static func next(_ view: borrowing TextView, behind end: Int) -> Int? {
    var position = end
    var hasSign = false
    if ",;/&".utf8.contains(view.byte(position)) {
      position += 1
      hasSign = true
    }
    while position - end < 6, view.byte(position) == 0x20 { position += 1 }
    for joint in joints where position > end && view.has(joint, at: position) {
      position += joint.utf8CodeUnitCount
      hasSign = true
      break
    }
    // Behind blanks alone a column goes on.
    if !hasSign, position - end < 2 { return nil }
    if "#'\"".utf8.contains(view.byte(position)) { position += 1 }
    return Bytes.isJoining(view.byte(position)) ? position : nil
  }
}

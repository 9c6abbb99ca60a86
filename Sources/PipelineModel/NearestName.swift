/// The nearest of several names: one that begins the same, or that few slips of the keyboard lead to. Nil where
/// none is near enough for a guess to help.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  let name = name.lowercased()
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let other = candidate.lowercased()
    let length = max(name.unicodeScalars.count, other.unicodeScalars.count)
    let isShortened = min(name.count, other.count) >= 3 && (other.hasPrefix(name) || name.hasPrefix(other))
    let distance = isShortened ? 1 : slips(name, other)
    guard distance <= max(1, length / 3), length > 1 else { continue }
    if distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  return best?.name
}

/// How many insertions, removals, replacements and swaps of neighbours lead from one text to the other (optimal
/// string alignment). Texts count by their first 64 scalars, so that a hostile one costs little.
private func slips(_ one: String, _ other: String) -> Int {
  let one = Array(one.unicodeScalars.prefix(64))
  let other = Array(other.unicodeScalars.prefix(64))
  var beforeLast = [Int](repeating: 0, count: other.count + 1)
  var last = Array(0...other.count)
  for row in one.indices {
    var current = [row + 1]
    for column in other.indices {
      let isEqual = one[row] == other[column]
      var least = min(last[column] + (isEqual ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
        least = min(least, beforeLast[column - 1] + 1)
      }
      current.append(least)
    }
    (beforeLast, last) = (last, current)
  }
  return last[other.count]
}

internal import FilterKit

/// Names of people in the path or the query of a URL: `/p/dwight-oconnell`, `?pt=keoni.akana`.
enum LinkNames {
  /// Paths that lead to what belongs to one person.
  private static let own: [StaticString] = [
    "/p/", "/u/", "/d/", "/v/", "/r/", "/f/", "/j/", "/c/", "/pt/", "/visit/", "/join/", "/case/", "?pt=",
    "&pt=",
  ]

  static func hasSomebody(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    for word in own {
      for start in range where view.has(word, at: start) {
        var end = start + word.utf8CodeUnitCount
        let first = end
        while end < range.upperBound, !"/?&".utf8.contains(view.byte(end)) { end += 1 }
        let digits = (first..<end).count { Bytes.isDigit(view.byte($0)) }
        if digits >= 4 && end - first < 30 || isName(view, first..<end, isOwn: true) { return true }
        if isSlug(view, first..<end, digits: digits) { return true }
      }
    }
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound
    where index == range.upperBound || "/?&=".utf8.contains(view.byte(index)) {
      if isName(view, start..<index, isOwn: false) { return true }
      start = index + 1
    }
    return false
  }

  /// Letters and digits that lead to one page: `8Hf2Qx`, `7f3b-fauntleroy`, `akoroma62`. Words with a version are none: `v2`, `node-18`.
  private static func isSlug(_ view: borrowing TextView, _ part: Range<Int>, digits: Int) -> Bool {
    guard (6...40).contains(part.count), digits > 0, digits < part.count else { return false }
    var changes = 0
    for index in part.dropFirst() where Bytes.isDigit(view.byte(index)) != Bytes.isDigit(view.byte(index - 1))
    { changes += 1 }
    return changes >= 3
      || digits >= 2 && changes == 1 && part.allSatisfy { Bytes.isAlphanumeric(view.byte($0)) }
  }

  /// Whether a part is two words and more, joined, of which two that follow each other are somebody's names, and no words but where
  /// the path is somebody's own.
  private static func isName(_ view: borrowing TextView, _ part: Range<Int>, isOwn: Bool) -> Bool {
    var wasName = false
    var start = part.lowerBound
    for index in part.lowerBound...part.upperBound
    where index == part.upperBound || "-._+".utf8.contains(view.byte(index)) {
      let classes = Lexicon.classes(Lexicon.hash(view.text, start..<index))
      let isName = index - start >= 3 && classes.isName && (isOwn || !classes.contains(.word))
      if isName, wasName { return true }
      wasName = isName
      start = index + 1
    }
    return false
  }
}

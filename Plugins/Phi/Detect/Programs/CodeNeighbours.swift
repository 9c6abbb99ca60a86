/// What stands right beside a word in a program and beside nobody's name: the point of a label, the bracket of an index, the
/// parenthesis of a call.
enum CodeNeighbours {
  /// Whether words that no list has for a name are a program's by what touches them.
  static func touch(_ words: ArraySlice<Word>, _ view: borrowing TextView) -> Bool {
    guard let first = words.first, let last = words.last else { return false }
    let (start, end) = (first.range.lowerBound, last.range.upperBound)
    // A variable's name is short, also where it is somebody's.
    if words.count == 1, first.length < 3, isIndexed(view, end) { return true }
    return !words.contains(where: isSomebodys)
      && (isLabel(view, start) || isIndexed(view, end) || isReference(view, start) || isArgument(view, start))
  }

  private static func isSomebodys(_ word: Word) -> Bool {
    word.shape != .initial && (word.facts.given > 3 || word.facts.family > 3 || word.classes.isName)
  }

  /// `jnz .Lcopy`, `self = .TRACE`: a point with nothing before it.
  private static func isLabel(_ view: borrowing TextView, _ start: Int) -> Bool {
    let before = view.byte(start - 2)
    return view.byte(start - 1) == UInt8(ascii: ".")
      && (start - 1 == view.lowerBound || Bytes.isSpace(before) || "(,[".utf8.contains(before))
  }

  /// `Ai[16]`, `AESDATA[0-3]`; a note's mark behind a name, `Okafor[1]`, is for those that lists have.
  private static func isIndexed(_ view: borrowing TextView, _ end: Int) -> Bool {
    view.byte(end) == UInt8(ascii: "[") && Bytes.isJoining(view.byte(end + 1))
  }

  /// `&Pstar`.
  private static func isReference(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.byte(start - 1) == UInt8(ascii: "&") && " (,\t".utf8.contains(view.byte(start - 2))
  }

  private static let longestCall = 80

  private static func isInCall(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: ","), 0x20, UInt8(ascii: "&"), UInt8(ascii: "*"): true
    default: Bytes.isJoining(byte)
    }
  }

  /// `p256_sub(res_x, Rsqr, Hsqr)`: among a call's arguments, without quotes.
  private static func isArgument(_ view: borrowing TextView, _ start: Int) -> Bool {
    let open = view.start(before: start, limit: longestCall, where: isInCall)
    guard view.byte(open - 1) == UInt8(ascii: "("), Bytes.isJoining(view.byte(open - 2)) else { return false }
    let name = view.start(before: open - 1, limit: 40) { Bytes.isJoining($0) || $0 == UInt8(ascii: "_") }
    return (name..<open - 1).contains {
      view.byte($0) == UInt8(ascii: "_") || Bytes.isDigit(view.byte($0))
        || Bytes.isUpper(view.byte($0)) && Bytes.isLower(view.byte($0 - 1))
    }
  }
}

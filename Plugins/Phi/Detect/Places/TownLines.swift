internal import FilterKit

/// What goes on behind the line of a street or a box without a comma, or with it: the town, its state and its ZIP code
/// (`HC 61 Box 44 Ozone, AR`, `114 Bayou Dr St. Martinville 70582`, `po box 12 momence il 60954`).
enum TownLines {
  /// Behind the number of a box.
  static let all: [PatternRule] = [
    PatternRule(all: #"\b(?:box|drawer) #?\d{1,6}[a-z]?,? [a-z]"#) { view, end, emit in
      guard
        view.hasBefore(
          end, within: 40,
          ["po", "p.o", "p o", "rr", "hc", "rt", "rte", "route", "r.r", "c/o", "post office"])
      else { return }
      find(view, behind: end - (view.byte(end - 3) == UInt8(ascii: ",") ? 3 : 2), emit)
    }.beforeDigits()
  ]

  /// The town behind a line that ends at a position, with its ZIP code, where what follows says that it is one.
  static func find(_ view: borrowing TextView, behind line: Int, _ emit: (Candidate) -> Void) {
    // `9TH AVE #1103  98101`: no town at all.
    var start = line
    while start - line < 3, view.byte(start) == 0x20 { start += 1 }
    if start > line, let zip = zip(view, start), AddressExtent.isEnd(view, zip.upperBound) {
      return emit(Candidate(range: zip, kind: "ZIP", confidence: 8000, detector: "phi/zip-line"))
    }
    start = line
    if view.byte(start) == UInt8(ascii: ",") { start += 1 }
    guard view.byte(start) == 0x20, view.byte(start + 1) != 0x20 else { return }
    start += 1
    guard let end = end(view, start) else { return }
    let town = start..<end.town
    let isCapital = AddressFields.isCapital(view, town)
    guard
      end.zip != nil || end.hasState && isCapital
        || AddressExtent.isEnd(view, end.town) && AddressWalk.isKnown(view, town) && isCapital,
      let first = AddressFields.words(view, town).first,
      !AddressWords.numbered.contains(AddressFields.hash(view, first)),
      !AddressWords.units.contains(AddressFields.hash(view, first))
    else { return }
    emit(Candidate(range: town, kind: "CITY", confidence: 8500, detector: "phi/city-line"))
    if let zip = end.zip {
      emit(Candidate(range: zip, kind: "ZIP", confidence: 9000, detector: "phi/zip-line"))
    }
  }

  private static let mostWords = 4

  /// Where a town's words end, whether a state follows, and the ZIP code behind.
  private static func end(_ view: borrowing TextView, _ start: Int) -> (
    town: Int, hasState: Bool, zip: Range<Int>?
  )? {
    var position = start
    var end: Int?
    let isCapital = AddressFields.isCapital(view, start..<start + 1)
    for _ in 0...mostWords {
      if let end, let zip = zip(view, position) { return (end, false, zip) }
      var stop = position
      while stop - position < 24, Bytes.isLetter(view.byte(stop)) || "'-".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      let word = position..<stop
      guard !word.isEmpty else { break }
      if let end, isState(view, word) {
        var next = stop
        if " ,.".utf8.contains(view.byte(next)) { next += 1 }
        if view.byte(next) == 0x20 { next += 1 }
        let zip = zip(view, next)
        let isClosed = AddressExtent.isEnd(view, stop) || view.byte(stop) == 0x20
        if zip != nil || isClosed && Bytes.isUpper(view.byte(position)) { return (end, true, zip) }
      }
      guard AddressFields.isCapital(view, word) == isCapital || AddressWords.joints.contains(view.hash(word)),
        !AddressWords.never.contains(view.hash(word))
      else { break }
      if view.byte(stop) == UInt8(ascii: "."), word.count < 4, view.byte(stop + 1) == 0x20 { stop += 1 }
      end = stop
      // `Ozone, AR`: behind a comma only a state goes on.
      if view.byte(stop) == UInt8(ascii: ","), view.byte(stop + 1) == 0x20 { stop += 1 }
      guard view.byte(stop) == 0x20 else { break }
      position = stop + 1
      if view.byte(stop - 1) == UInt8(ascii: ","), !isBeforeState(view, position) { break }
    }
    return end.flatMap { $0 - start > 2 ? ($0, false, nil) : nil }
  }

  private static func isBeforeState(_ view: borrowing TextView, _ start: Int) -> Bool {
    var stop = start
    while stop - start < 16, Bytes.isLetter(view.byte(stop)) { stop += 1 }
    return isState(view, start..<stop) || zip(view, start) != nil
  }

  private static func isState(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    let hash = view.hash(word)
    return word.count == 2 ? AddressWords.states.contains(hash) : Hints.of(hash).contains(.state)
  }

  /// A ZIP code that begins at a position and stands alone.
  private static func zip(_ view: borrowing TextView, _ start: Int) -> Range<Int>? {
    var end = view.endOfDigits(start, limit: 6)
    guard end - start == 5 else { return nil }
    if view.byte(end) == UInt8(ascii: "-"), view.endOfDigits(end + 1, limit: 5) == end + 5 { end += 5 }
    guard !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: "-") else { return nil }
    return start..<end
  }
}

internal import FilterKit

/// The name of a place by its letters: words with capitals, and small ones between them.
enum CapitalWords {
  private static let mostWords = 5
  private static let longestWord = 32

  /// The name that begins at a position: where it ends, and how many of its words have capitals.
  ///
  /// - Parameter joints: what may stand between two words, in lower case: `de`, `upon`.
  static func name(
    _ view: borrowing TextView, _ start: Int, joints: borrowing WordSet
  ) -> (end: Int, words: Int)? {
    var position = start
    var end = start
    var words = 0
    for _ in 0..<mostWords {
      var stop = position
      while stop - position < longestWord,
        Bytes.isLetter(view.byte(stop))
          || "'-".utf8.contains(view.byte(stop)) && Bytes.isLetter(view.byte(stop + 1))
      {
        stop += 1
      }
      guard stop > position else { break }
      let word = position..<stop
      let hash = AddressFields.hash(view, word)
      if AddressFields.isCapital(view, word) {
        guard !AddressWords.never.contains(hash), !AddressWords.months.contains(hash) else { break }
        end = stop
        words += 1
      } else if words == 0 || !joints.contains(hash) {
        break
      }
      // The point of an abbreviation: `St. Johns`.
      if view.byte(stop) == UInt8(ascii: "."), stop - position < 4 { stop += 1 }
      guard view.byte(stop) == 0x20 else { break }
      position = stop + 1
    }
    return end - start > 2 ? (end, words) : nil
  }
}

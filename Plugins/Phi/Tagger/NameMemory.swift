/// The names of people that a text has shown so far: the parts of a full name are names from there on.
///
/// It looks backwards only, so that a stream and the whole agree. It holds at most 512 words.
package struct NameMemory {
  private var parts = WordSet()
  private var singles = WordSet()
  private static let most = 512

  mutating func reset() {
    parts.removeAll()
    singles.removeAll()
  }

  /// 0: never seen; 1: seen as a name alone; 2: seen as a part of a full name.
  func known(_ hash: UInt64) -> UInt8 { parts.contains(hash) ? 2 : singles.contains(hash) ? 1 : 0 }

  mutating func learn(_ words: ArraySlice<Word>) {
    guard words.count > 1 else {
      if let word = words.first, word.length > 2, singles.count < Self.most { singles.insert(word.hash) }
      return
    }
    for word in words
    where word.length > 2 && parts.count < Self.most && !word.hints.contains(.particle)
      && word.shape != .initial
    {
      parts.insert(word.hash)
    }
  }
}

/// The way of the tagger through a text, for whoever trains it: the same words, the same features.
package struct TaggerWalk {
  private var tagger: NameTagger
  private var scanner: WordScanner
  private let inertness: Inertness

  package init(_ model: TaggerModel) {
    tagger = NameTagger(model)
    scanner = WordScanner(model)
    tagger.features.isListing = true
    tagger.features.cache = TagCache()
    inertness = Inertness(denied: [], model)
  }

  /// One decision: the rows of weights that speak, and the tags that may be chosen.
  package struct Step {
    package let rows: [UInt32]
    /// How many of the first rows know which word it is.
    package let identities: Int
    /// A bit for each tag.
    package let allowed: UInt8
    /// Which word.
    package let word: Int
  }

  /// The words of a text.
  package mutating func words(_ text: [UInt8]) -> [Range<Int>] {
    scanner.scan(text.span, text.indices)
    return scanner.words.map(\.range)
  }

  /// Walks through the text whose words were asked for last.
  package mutating func walk(_ text: [UInt8], choose: (Step) -> Tag) {
    tagger.reset()
    tagger.features.cache.begin()
    let words = scanner.words
    let view = TextView(text.span, from: 0)
    var index = 0
    while index < words.count {
      var position = index
      let found = tagger.decide(words, at: index, view, inertness) { features, allowed in
        defer { position += 1 }
        return (
          choose(
            Step(rows: features.rows, identities: WordSight.identities, allowed: allowed, word: position)), 0
        )
      }
      index += max(found?.count ?? 1, 1)
    }
  }
}

package import PhiFilter

/// How many words of each kind a model gets right.
package struct WordScores {
  package var right = 0
  package var missed = 0
  package var alarms = 0

  package var recall: Double { Double(right) / Double(max(right + missed, 1)) }
  package var precision: Double { Double(right) / Double(max(right + alarms, 1)) }

  /// Counts words by kind over all texts.
  package static func of(
    _ texts: [LabelledText], weights: [SIMD8<Int16>], walk: inout TaggerWalk
  ) -> [Tag.Kind: WordScores] {
    var scores: [Tag.Kind: WordScores] = [.person: .init(), .place: .init(), .organisation: .init()]
    for text in texts {
      let words = walk.words(text.bytes)
      var chosen = [Tag](repeating: .outside, count: words.count)
      walk.walk(text.bytes) { asked in
        var sums = SIMD8<Int32>.zero
        for row in asked.rows { sums &+= SIMD8<Int32>(truncatingIfNeeded: weights[Int(row)]) }
        var best = 0
        for lane in 1..<8 where asked.allowed >> UInt8(lane) & 1 == 1 && sums[lane] > sums[best] {
          best = lane
        }
        chosen[asked.word] = Tag(rawValue: UInt8(best)) ?? .outside
        return chosen[asked.word]
      }
      for index in words.indices {
        guard let tag = text.tags[index] else { continue }
        let wanted = tag.kind
        let got = chosen[index].kind
        if let wanted, wanted == got {
          scores[wanted]?.right += 1
        } else {
          if let wanted { scores[wanted]?.missed += 1 }
          if let got { scores[got]?.alarms += 1 }
        }
      }
    }
    return scores
  }
}

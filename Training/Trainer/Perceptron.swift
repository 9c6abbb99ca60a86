package import PhiFilter

/// An averaged perceptron with a margin, in integers: the same texts and seed give the same weights, bit for bit.
///
/// It walks through each text as the detector does, by its own decisions, so that it learns to go on behind its
/// own mistakes.
package struct Perceptron {
  package struct Options {
    package var epochs = 8
    package var seed: UInt64 = 20_261_126
    /// By how much the right tag has to win.
    package var margin: Int32 = 40
    /// Of 256 decisions so many are made without knowing which word it is.
    package var blind = 96
    /// Of 256 rows so many are left out by chance.
    package var dropped = 24
    /// How much a missed name counts, and a false alarm.
    package var missed: Int32 = 3
    package var alarmed: Int32 = 2

    package init() {}
  }

  private let options: Options
  private var random: TrainingRandom
  private var weights: [SIMD8<Int32>]
  /// The sum of all changes, each times the step at which it was made: for the average.
  private var changes: [SIMD8<Int64>]
  private var step: Int64 = 1

  package init(rows: Int, options: Options) {
    self.options = options
    random = TrainingRandom(seed: options.seed)
    weights = Array(repeating: .zero, count: rows)
    changes = Array(repeating: .zero, count: rows)
  }

  /// Goes through all texts once for each epoch. `report` hears of each: its number, decisions and mistakes.
  package mutating func train(
    _ texts: [LabelledText], walk: inout TaggerWalk, report: (Int, Int, Int) -> Void
  ) {
    var order = Array(texts.indices)
    for epoch in 1...options.epochs {
      random.shuffle(&order)
      var decisions = 0
      var mistakes = 0
      for index in order {
        let text = texts[index]
        _ = walk.words(text.bytes)
        walk.walk(text.bytes) { asked in
          decisions += 1
          let chosen = learn(asked, text.tags[asked.word])
          if let right = text.tags[asked.word], right != chosen { mistakes += 1 }
          return chosen
        }
      }
      report(epoch, decisions, mistakes)
    }
  }

  private mutating func learn(_ asked: TaggerWalk.Step, _ wanted: Tag?) -> Tag {
    var rows: [UInt32] = []
    let isBlind = wanted != nil && Int(random.next() & 0xFF) < options.blind
    for index in (isBlind ? asked.identities : 0)..<asked.rows.count
    where wanted == nil || Int(random.next() & 0xFF) >= options.dropped {
      rows.append(asked.rows[index])
    }
    var scores = SIMD8<Int32>.zero
    for row in rows { scores &+= weights[Int(row)] }
    func best(but excluded: Int?) -> Int {
      var best = excluded == 0 ? -1 : 0
      for lane in 0..<8 where asked.allowed >> UInt8(lane) & 1 == 1 && lane != excluded {
        if best < 0 || scores[lane] > scores[best] { best = lane }
      }
      return best
    }
    let chosen = Tag(rawValue: UInt8(best(but: nil))) ?? .outside
    guard var right = wanted.map({ Int($0.rawValue) }) else { return chosen }
    if asked.allowed >> UInt8(right) & 1 == 0 {
      // Where the beginning was missed, what goes on begins here; where another goes on, this one does not.
      right = asked.allowed & 2 != 0 && Tag(rawValue: UInt8(right))?.isInside == true ? right - 1 : 0
    }
    let rival = best(but: right)
    step += 1
    guard scores[right] - scores[rival] < options.margin else { return chosen }
    let size = rival == 0 ? options.missed : right == 0 ? options.alarmed : 1
    var change = SIMD8<Int32>.zero
    change[right] = size
    change[rival] = -size
    var timed = SIMD8<Int64>.zero
    timed[right] = Int64(size) * step
    timed[rival] = -Int64(size) * step
    for row in rows {
      weights[Int(row)] &+= change
      changes[Int(row)] &+= timed
    }
    return chosen
  }

  /// The averages of all steps, as large as 16 bits hold.
  package func averaged() -> [SIMD8<Int16>] {
    // In 1/64 of a step; what does not fit is cut.
    weights.indices.map { index in
      var row = SIMD8<Int16>.zero
      for lane in 0..<8 {
        let sum = Int64(weights[index][lane]) * step - changes[index][lane]
        row[lane] = Int16(clamping: sum * 64 / step)
      }
      return row
    }
  }
}

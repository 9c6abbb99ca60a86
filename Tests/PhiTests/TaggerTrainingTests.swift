import Foundation
import PhiFilter
import TaggerTraining
import Testing

/// The model's file, and how it is learnt.
@Suite struct TaggerTrainingTests {
  private static let words = Array("00000000deadbeef\t7\n1234567890abcdef\t4096\n".utf8)

  private func file() throws -> [UInt8] {
    try ModelFile.make(
      words: Self.words, slots: 300, weights: Array(repeating: SIMD8(0, 3, 3, 3, 3, 3, 3, 3), count: 1000)
    )
  }

  private func fault(_ file: [UInt8]) -> TaggerModel.Fault? {
    do {
      _ = try LoadedModel(file)
      return nil
    } catch { return error as? TaggerModel.Fault }
  }

  @Test func aWholeFileIsTaken() throws { #expect(fault(try file()) == nil) }

  @Test func aCutFileIsRefused() throws {
    let whole = try file()
    for count in [0, 7, 8, 63, 64, whole.count / 2, whole.count - 1] {
      #expect(fault(Array(whole[..<count])) != nil, "\(count) bytes")
    }
    #expect(fault(whole + [0]) == .size)
  }

  @Test func anAlteredFileIsRefused() throws {
    let whole = try file()
    for place in stride(from: 0, to: whole.count, by: 97) {
      var altered = whole
      altered[place] ^= 0x10
      #expect(fault(altered) != nil, "byte \(place)")
    }
  }

  @Test func wrongWordListsAreErrors() {
    for list in ["nothing\n", "zz\t1\n", "00000000deadbeef\t0\n"] {
      #expect(throws: ModelFile.Fault.self) {
        try ModelFile.make(words: Array(list.utf8), slots: 300, weights: [])
      }
    }
  }

  /// Every word of a list is found again, and no other one, whatever the order of their hashes.
  @Test func theWordListHoldsWhatItWasGiven() throws {
    var random = SeededGenerator(seed: 5)
    let hashes = (0..<200).map { _ in UInt64.random(in: 1 ... .max, using: &random) }
    let lines = hashes.enumerated().map { "\(String($1, radix: 16))\t\($0 + 1)" }
    let loaded = try LoadedModel(
      ModelFile.make(
        words: Array(
          lines.map { String(repeating: "0", count: 16 - $0.prefix { $0 != "\t" }.count) + $0 }
            .joined(separator: "\n").utf8), slots: 512,
        weights: Array(repeating: SIMD8(repeating: 0), count: 16)))
    for (index, hash) in hashes.enumerated() { #expect(loaded.model.facts(hash).bits == UInt32(index + 1)) }
    for _ in 0..<2000 {
      let other = UInt64.random(in: 1 ... .max, using: &random)
      #expect(loaded.model.facts(other).bits == 0)
    }
  }

  @Test func moreWordsThanSlotsAreAnError() {
    let lines = (1...300).map {
      "\(String(repeating: "0", count: 8))\(String(0xFFFF_F000 + $0, radix: 16))\t1"
    }
    let high = lines.map { line in String(line.dropFirst(8).prefix(8)) + "00000000\t1" }
    #expect(throws: ModelFile.Fault.self) {
      try ModelFile.make(
        words: Array(high.joined(separator: "\n").utf8), slots: 300,
        weights: Array(repeating: SIMD8(repeating: 0), count: 16))
    }
  }

  private static let texts = [
    #"{"text": "Seen with Anna Meyer today.", "spans": [[10, 20, "PER"]]}"#,
    #"{"text": "Foley catheter was placed in Boston.", "spans": [[29, 35, "LOC"]]}"#,
    #"{"text": "Mr. Okonkwo came from Mercy Hospital.", "spans": [[4, 11, "PER"], [22, 36, "ORG"]]}"#,
  ]

  private func trained(seed: UInt64) throws -> (
    weights: [SIMD8<Int16>], scores: [PhiFilter.Tag.Kind: WordScores]
  ) {
    let loaded = try LoadedModel(file())
    defer { withExtendedLifetime(loaded) {} }
    var walk = TaggerWalk(loaded.model)
    let texts = try Corpus.read(Array(Self.texts.joined(separator: "\n").utf8), walk: &walk)
    var options = Perceptron.Options()
    options.epochs = 12
    options.seed = seed
    options.blind = 0
    var perceptron = Perceptron(rows: 1000, options: options)
    perceptron.train(texts, walk: &walk) { _, _, _ in }
    let weights = perceptron.averaged()
    return (weights, WordScores.of(texts, weights: weights, walk: &walk))
  }

  @Test func theSameTextsAndSeedGiveTheSameWeights() throws {
    let one = try trained(seed: 1)
    #expect(one.weights == (try trained(seed: 1).weights))
    #expect(one.weights != (try trained(seed: 2).weights))
    #expect(one.scores[.person]?.recall == 1)
    #expect(one.scores[.person]?.alarms == 0)
  }

  @Test func aCorpusWithAWrongSpanIsRefused() throws {
    let loaded = try LoadedModel(file())
    defer { withExtendedLifetime(loaded) {} }
    var walk = TaggerWalk(loaded.model)
    for line in [
      #"{"text": "a", "spans": [[0, 9, "PER"]]}"#, #"{"text": "a", "spans": [[0, 1, "DOG"]]}"#,
      #"{"spans": []}"#,
    ] {
      #expect(throws: (any Error).self) { try Corpus.read(Array(line.utf8), walk: &walk) }
    }
  }
}

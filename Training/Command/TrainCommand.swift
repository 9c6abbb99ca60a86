internal import ArgumentParser
internal import Foundation
internal import PhiFilter
internal import TaggerTraining

@main
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sluice-train",
    abstract: "Learn the weights of the phi plugin's tagger of names and places.",
    discussion: """
      `make train` makes the word list and the texts, and runs this. The same input gives the same file, bit for bit.

        sluice-train --words words.tsv --out model.bin notes.jsonl chat.jsonl --test other.jsonl
      """)

  @Option(help: "Lines of HASH and BITS, by Training/gazetteer.py.") var words: String
  @Option(help: "Where the model goes; nowhere without it.") var out: String?
  @Option(help: "How often all texts are gone through.") var epochs = 8
  @Option(help: "The logarithm of the number of rows of weights.") var rowBits = 19
  @Option(help: "The number of the word list's slots, of 8 bytes each.") var slots = 700_000
  @Option(help: "By how much the right tag has to win.") var margin = 40
  @Option(help: "How much a missed name counts.") var missed = 3
  @Option(help: "How much a false alarm counts.") var alarmed = 2
  @Option(help: "Of 256 decisions so many are made without knowing which word it is.") var blind = 96
  @Option(help: "Texts that are not learnt but counted.") var test: [String] = []
  @Argument(help: "Texts with spans, a JSON object on each line.") var texts: [String]

  func run() throws {
    let list = try bytes(words)
    let nothing = [SIMD8<Int16>](repeating: .zero, count: 1 << rowBits)
    let empty = try LoadedModel(
      ModelFile.make(words: list, slots: slots, rowBits: rowBits, weights: nothing))
    defer { withExtendedLifetime(empty) {} }
    var walk = TaggerWalk(empty.model)
    var all: [LabelledText] = []
    for path in texts { all += try Corpus.read(bytes(path), walk: &walk) }
    var options = Perceptron.Options()
    options.epochs = epochs
    options.margin = Int32(margin)
    options.missed = Int32(missed)
    options.alarmed = Int32(alarmed)
    options.blind = blind
    var perceptron = Perceptron(rowBits: rowBits, options: options)
    perceptron.train(all, walk: &walk) { epoch, decisions, mistakes in
      print("epoch \(epoch): \(decisions) decisions, \(mistakes) mistakes")
    }
    let weights = perceptron.averaged()
    for path in test {
      let scores = WordScores.of(try Corpus.read(bytes(path), walk: &walk), weights: weights, walk: &walk)
      for (kind, name) in [(Tag.Kind.person, "names"), (.place, "places"), (.organisation, "organisations")] {
        guard let score = scores[kind] else { continue }
        print(
          "\(path): \(name): recall \(Self.percent(score.recall)), precision \(Self.percent(score.precision)), \(score.alarms) false alarms"
        )
      }
    }
    guard let out else { return }
    let file = try ModelFile.make(words: list, slots: slots, rowBits: rowBits, weights: weights)
    try Data(file).write(to: URL(fileURLWithPath: out))
    print("\(out): \(file.count) bytes")
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func percent(_ value: Double) -> String { String(format: "%.3f", value) }
}

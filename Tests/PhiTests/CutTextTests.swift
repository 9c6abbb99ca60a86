import FilterHarness
import Foundation
import Testing

/// Texts that end anywhere, and have anything in them: a rule that reads behind an end or before a beginning would take the process down.
@Suite struct CutTextTests {
  private static let signs = Array(" \n\t.,:;'\"()[]{}<>=/\\|^&@#*-_0aAzZé中\u{200B}→".unicodeScalars).map {
    Array(String($0).utf8)
  }

  /// The texts that rules were tuned on, with the marks of their values taken out.
  private static func texts() throws -> [[UInt8]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Evaluation/Written/looked-at").standardized
    return try ["clinical", "prompts"].flatMap { name in
      try String(contentsOf: folder.appendingPathComponent(name + ".marked"), encoding: .utf8)
        .replacing(/⟦[A-Z_]+:([^⟧]*)⟧/) { $0.1 }.split(separator: "\n===").map { Array($0.utf8) }
    }
  }

  @Test(arguments: 0..<8) func noTextBreaksTheDetector(seed: UInt64) throws {
    let texts = try Self.texts()
    var random = SeededGenerator(seed: seed)
    for _ in 0..<150 {
      let whole = texts[Int.random(in: texts.indices, using: &random)]
      let start = Int.random(in: whole.indices, using: &random)
      var text = Array(whole[start..<min(whole.count, start + Int.random(in: 1...400, using: &random))])
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0...text.count, using: &random)
        text.insert(contentsOf: Self.signs[Int.random(in: Self.signs.indices, using: &random)], at: place)
      }
      _ = try found(String(decoding: text, as: UTF8.self))
    }
  }

  /// What ends with the text itself is found as what ends with its line.
  @Test func aChatMayEndWithItsSpeakersTime() throws {
    let all = try found("ask at the desk on Sunday\nGintaras 09:50")
    #expect(all.contains("NAME:Gintaras"), "found \(all)")
  }
}

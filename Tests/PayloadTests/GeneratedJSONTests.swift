import Testing

@testable import Payload

/// JSON texts made at random, together with the texts that a walk must find in them.
private struct JSONMaker {
  var random: SeededGenerator
  var output = ""
  var texts: [String: String] = [:]

  private static let pieces: [(raw: String, text: String)] = [
    ("a", "a"), ("Jane Doe", "Jane Doe"), ("é", "é"), ("😀", "😀"), (#"\n"#, "\n"), (#"\u00fc"#, "ü"),
    (#"\ud83d\ude00"#, "😀"), (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\ud83d"#, "\u{FFFD}"),
    (#"\ude00"#, "\u{FFFD}"), (#"\u0000"#, "\u{0}"), ("~", "~"), ("患者", "患者"), (#"\\u0041"#, #"\u0041"#),
    ("\u{7F}", "\u{7F}"), ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
  ]

  private mutating func space() {
    output += ["", "", "", " ", "\n", "\t\r\n  "].randomElement(using: &random) ?? ""
  }

  /// A string without its quotes. A lone first half before a lone second one would be a pair.
  private mutating func string(_ maximum: Int) -> (raw: String, text: String) {
    var made = (raw: "", text: "")
    for _ in 0..<Int.random(in: 0...maximum, using: &random) {
      guard let piece = Self.pieces.randomElement(using: &random) else { continue }
      if made.raw.hasSuffix(#"\ud83d"#), piece.raw.hasPrefix(#"\ude00"#) { continue }
      made.raw += piece.raw
      made.text += piece.text
    }
    return made
  }

  mutating func value(at pointer: String, depth: Int) {
    space()
    switch Int.random(in: 0..<(depth > 5 ? 5 : 8), using: &random) {
    case 0: output += ["true", "false", "null"].randomElement(using: &random) ?? "null"
    case 1:
      let number = ["0", "-1.5e-10", "12345678", "1E400", "123456", "-9007199254740993"].randomElement(
        using: &random)
      output += number ?? "0"
      if let number, number == "12345678" || number == "-9007199254740993" { texts[pointer] = number }
    case 2...4:
      let (raw, text) = string(8)
      output += "\"\(raw)\""
      texts[pointer] = text
    case 5:
      output += "["
      for index in 0..<Int.random(in: 0...4, using: &random) {
        if index > 0 { output += "," }
        value(at: pointer + "/\(index)", depth: depth + 1)
      }
      output += "]"
    default: object(at: pointer, depth: depth)
    }
    space()
  }

  private mutating func object(at pointer: String, depth: Int) {
    output += "{"
    let count = Int.random(in: 0...6, using: &random)
    for index in 0..<count {
      if index > 0 { output += "," }
      let (raw, text) = string(2)
      // The number at its end makes the key one of a kind, and the dot makes it no identifier.
      let key = text + ".\(index)"
      let place = pointer + "/" + key.replacing("~", with: "~0").replacing("/", with: "~1")
      space()
      output += "\"\(raw).\(index)\""
      texts[place + "#key"] = key
      space()
      output += ":"
      value(at: place, depth: depth + 1)
    }
    output += "}"
  }
}

@Suite struct GeneratedJSONTests {
  private static func splice(_ body: [UInt8], _ walked: WalkedBody) -> [UInt8] {
    var splicer = Splicer()
    var output: [UInt8] = []
    splicer.splice(body.span, walked: walked, into: &output)
    return output
  }

  @Test func everyTextIsFoundWhereItIs() throws {
    for seed in 0..<600 {
      var maker = JSONMaker(random: SeededGenerator(seed: UInt64(seed)))
      maker.value(at: "", depth: 0)
      let body = bytes(maker.output)
      let (walked, texts) = try walk(body)
      #expect(texts.count == maker.texts.count)
      for (pointer, expected) in maker.texts {
        #expect(
          Array((texts[pointer] ?? "nothing").utf8) == Array(expected.utf8), "\(pointer) of seed \(seed)")
      }
      #expect(Self.splice(body, walked) == body)
    }
  }

  /// Bytes changed, cut and doubled at random: an error or a walk, and where it is a walk, all texts are UTF-8
  /// and edits everywhere make a text that can be walked.
  @Test func damageIsAnErrorOrHarmless() throws {
    var random = SeededGenerator(seed: 99)
    var accepted = 0
    for seed in 0..<400 {
      var maker = JSONMaker(random: SeededGenerator(seed: UInt64(seed)))
      maker.value(at: "", depth: 0)
      for _ in 0..<20 {
        var body = bytes(maker.output)
        for _ in 0..<Int.random(in: 1...3, using: &random) where !body.isEmpty {
          let place = Int.random(in: 0..<body.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: body[place] = UInt8.random(in: .min ... .max, using: &random)
          case 1: body.remove(at: place)
          case 2: body.insert(bytes("{}[]\",:\\u0e-").randomElement(using: &random) ?? 0, at: place)
          default: body.removeSubrange(place...)
          }
        }
        var walker = JSONWalker()
        var walked = WalkedBody()
        do { try walker.walk(body.span, rules: anything, into: &walked) } catch {
          #expect(error.offset <= body.count)
          continue
        }
        accepted += 1
        #expect(Self.splice(body, walked) == body)
        var splicer = Splicer()
        let mark = bytes("[\"\\]\n")
        for index in walked.segments.indices {
          let count = walked.withText(index, of: body.span) { text in
            var copy: [UInt8] = []
            copy.append(copying: text)
            #expect(String(validating: copy, as: UTF8.self) != nil)
            return text.count
          }
          let start = Int.random(in: 0...count, using: &random)
          splicer.replace(
            segment: index, range: start..<Int.random(in: start...count + 3, using: &random), with: mark.span)
        }
        var output: [UInt8] = []
        splicer.splice(body.span, walked: walked, into: &output)
        // Two keys may have become one; nothing else may be wrong.
        if let error = failure(output) { #expect(error.code == .duplicateKey) }
      }
    }
    #expect(accepted > 500)
  }
}

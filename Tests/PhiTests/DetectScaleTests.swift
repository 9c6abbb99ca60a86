import FilterHarness
import Testing

@testable import PhiFilter

/// What makes detection fast changes nothing of what is found.
@Suite struct DetectScaleTests {
  private static let lines = [
    "Patient Margaret Holloway, DOB 03/14/1961, MRN 4482913, was seen by Dr. Rajesh Patel on November 12, 2025.",
    "She lives at 42 Oak Street, Springfield, IL 62704; her daughter Anna O'Brien calls (217) 555-0143.",
    "  if (count > limit) { return parse(buffer, count - 1); }  // see RFC 3986, section 2.1 & 100%",
    "the plan was talked about with her family, and nothing else came up that day in the clinic",
    "first_name,last_name,dob", "Ana,Lopez,1961-03-14", "Wei,Zhang,1970-12-01", "",
    "José Álvarez\u{2019}s e-mail is jose%40example.org, and Holloway's troponin was 0.02 \u{2014} normal",
    "\t\t\t\t\t\t<!-- when the problem was first recorded in the patient's chart -->\n\t\t\t\t\t\t\t\t<low value=\"20130615\"/>",
    "\t\t<value code=\"1\" displayName=\"preference\"/>\n\t\t\t\t\t\t\t\t\t<effectiveTime value=\"20130615\"/>\n\t\t\t<id root=\"2.16\" extension=\"998991\"/>",
    "-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----",
  ]

  /// Lines in an order of their own, of about so many bytes.
  private func text(_ size: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    var text: [UInt8] = []
    while text.count < size {
      text += Array(Self.lines[Int.random(in: Self.lines.indices, using: &random)].utf8)
      text.append(0x0A)
      // The lines of a table and of a key follow each other.
      if random.next() % 3 == 0 { text += Array(Self.lines[4...7].joined(separator: "\n").utf8) + [0x0A] }
    }
    return text
  }

  private func pieces(_ text: [UInt8], of size: Int) -> [[UInt8]] {
    stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
  }

  /// On both sides of the size from which a text is read in pieces, whatever they are.
  @Test(arguments: [60_000, 70_000, 120_000])
  func aLongTextGivesWhatItsPiecesGive(_ size: Int) throws {
    let detector = unsafe try standardDetector.get()
    let text = text(size, seed: UInt64(size))
    let whole = Set(try detector.detect([text]).findings)
    #expect(whole.count > size / 100)
    #expect(Set(try detector.detect(pieces(text, of: 777)).findings) == whole)
    #expect(Set(try detector.detect(pieces(text, of: 40_000)).findings) == whole)
  }

  /// What a scanner remembers of words and of their weights from one text to the next is never of another one.
  @Test func theTextsBeforeChangeNothing() throws {
    let texts = (0..<10).map { text(1_500, seed: UInt64($0)) }
    let fresh = try texts.map { try makeDetector().detect([$0]).findings }
    let used = try makeDetector()
    for _ in 0..<3 {
      for (text, findings) in zip(texts, fresh) { #expect(try used.detect([text]).findings == findings) }
    }
  }

  /// Vectorscan 5.4.9 overlooks some matches where its vectors' borders fall badly: no pattern may hang on that.
  @Test func whereATextLiesInMemoryChangesNothing() throws {
    let detector = unsafe try standardDetector.get()
    let text = text(4_000, seed: 7)
    func shifted(_ count: Int) throws -> Set<TestFinding> {
      let moved = try detector.detect([[UInt8](repeating: 0x0A, count: count) + text]).findings
      return Set(
        moved.map { finding in
          TestFinding(
            finding.range.lowerBound - count..<finding.range.upperBound - count, finding.kind,
            confidence: finding.confidence)
        })
    }
    let expected = try shifted(0)
    #expect(expected.contains { $0.kind == "MRN" && $0.range.count == 6 })
    for count in stride(from: 1, to: 64, by: 3) {
      #expect(try shifted(count) == expected, "\(count) lines before")
    }
  }
}

/// The parts that make it fast, against what they stand for.
@Suite struct DetectPartsTests {
  @Test func wordsAreHashedAsTheyAreLookedUp() throws {
    let text = Array(
      "O'Brien's McDonald JOSÉ Álvarez's it's we'll Smith-Jones x X's DeLuca naïve Ünal-Öz' 'tis Łódź S's's"
        .utf8)
    var scanner = WordScanner(try TaggerModel.shipped.get())
    scanner.scan(text.span, text.indices)
    #expect(scanner.words.count == 15)
    for word in scanner.words {
      #expect(word.hash == Lexicon.hash(text.span, word.range))
      #expect(word.classes == Lexicon.classes(word.hash))
      #expect(word.hints == Hints.of(word.hash))
      #expect(word.coarse == word.facts.coarse)
    }
    let shapes: [Word.Shape] = [
      .capitalised, .capitalised, .upper, .capitalised, .lower, .lower, .capitalised,
    ]
    #expect(Array(scanner.words.map(\.shape).prefix(7)) == shapes)
  }

  @Test func aSetOfWordsIsASet() {
    var random = SeededGenerator(seed: 3)
    var words = WordSet()
    var expected: Set<UInt64> = []
    for _ in 0..<3 {
      for _ in 0..<700 {
        let hash = random.next() % 1000 + 1
        #expect(words.contains(hash) == expected.contains(hash))
        words.insert(hash)
        expected.insert(hash)
        #expect(words.contains(hash) && words.count == expected.count)
      }
      words.removeAll()
      expected = []
    }
  }

  @Test func plainBytesEndWhereTheyEnd() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        random.next() % 12 == 0
          ? [0x5C, 0x25, 0x26, 0x80, 0xFF].randomElement(using: &random)!
          : UInt8.random(in: 0...0x7F, using: &random)
      }
      for start in 0...text.count {
        let expected =
          (start..<text.count).first { text[$0] >= 0x80 || Escape.isStart(text[$0]) } ?? text.count
        #expect(ByteSearch.endOfPlain(text.span, from: start) == expected)
        let feed = (start..<text.count).first { text[$0] == 0x0A } ?? text.count
        #expect(ByteSearch.next(0x0A, in: text.span, start..<text.count) == feed)
      }
    }
  }
}

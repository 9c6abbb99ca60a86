internal import JSONTree
package import PhiFilter

/// A text with what each of its words is.
package struct LabelledText {
  package let bytes: [UInt8]
  /// For each word the tagger sees: its tag; nil where nothing is known, so that nothing is learnt.
  package let tags: [Tag?]

  /// What a corpus calls its spans.
  private static let kinds: [String: (begin: Tag, inside: Tag)] = [
    "PER": (.beginPerson, .inPerson), "LOC": (.beginPlace, .inPlace),
    "ORG": (.beginOrganisation, .inOrganisation),
    "AREA": (.area, .area),
  ]

  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  /// Reads one line of a corpus: `{"text": "...", "spans": [[start, end, "PER"], ...]}`, in bytes of UTF-8. `SKIP` as a
  /// kind is a place of which nothing is known.
  package init(line: [UInt8], walk: inout TaggerWalk) throws {
    let object = try JSONReader.read(line)
    guard let text = object["text"]?.string else { throw Fault(description: "a line has no text") }
    bytes = Array(text.utf8)
    let words = walk.words(bytes)
    var tags = [Tag?](repeating: .outside, count: words.count)
    for span in object["spans"]?.array ?? [] {
      guard let parts = span.array, parts.count == 3, let start = parts[0].integer,
        let end = parts[1].integer,
        let kind = parts[2].string, start < end, end <= bytes.count
      else { throw Fault(description: "a span is not [start, end, kind]: \(span)") }
      let tag = Self.kinds[kind]
      guard tag != nil || kind == "SKIP" else { throw Fault(description: "there is no kind \(kind)") }
      var isFirst = true
      for index in words.indices where words[index].overlaps(start..<end) {
        tags[index] = isFirst ? tag?.begin : tag?.inside
        isFirst = false
      }
    }
    self.tags = tags
  }
}

/// Lists of texts, one in each line of a file.
package enum Corpus {
  package static func read(_ content: [UInt8], walk: inout TaggerWalk) throws -> [LabelledText] {
    var texts: [LabelledText] = []
    for line in content.split(separator: 0x0A) {
      texts.append(try LabelledText(line: Array(line), walk: &walk))
    }
    return texts
  }
}

import Testing

@testable import Payload

private func spliced(
  _ body: [UInt8], boundary: String = "b0undary", _ edit: (inout MultipartSplicer) -> Void
) throws(MultipartError) -> [UInt8] {
  let parsed = try parsed(body, boundary: boundary)
  var splicer = MultipartSplicer()
  edit(&splicer)
  var output: [UInt8] = bytes("kept")
  do throws(MultipartError) {
    try splicer.splice(body.span, parsed: parsed, into: &output)
  } catch {
    #expect(output == bytes("kept"))
    throw error
  }
  return Array(output.dropFirst(4))
}

private func refusal(
  _ body: [UInt8], boundary: String = "b0undary", _ edit: (inout MultipartSplicer) -> Void
) -> MultipartError.Code? {
  do throws(MultipartError) {
    _ = try spliced(body, boundary: boundary, edit)
    return nil
  } catch { return error.code }
}

struct MultipartSplicerTests {
  private static let two = multipart(
    (named("name=\"note\""), "Jane Doe called."),
    (
      named("name=\"file\"; filename=\"Jane.txt\"; filename*=UTF-8''Jane.txt")
        + "\r\nContent-Length: 4\r\nContent-Type: text/plain", "Jane"
    ))

  @Test func nothingToDo() throws {
    #expect(try spliced(Self.two) { _ in } == Self.two)
    #expect(MultipartSplicer().isEmpty)
  }

  @Test func contents() throws {
    let output = try spliced(Self.two) {
      $0.replaceContent(part: 1, with: bytes("[NAME_1]\r\n").span)
      $0.replaceContent(part: 0, range: 5..<8, with: bytes("[B]").span)
      $0.replaceContent(part: 0, range: 0..<4, with: bytes("[A]").span)
      $0.replaceContent(part: 0, range: 16..<16, with: bytes("!").span)
    }
    let expected = multipart(
      (named("name=\"note\""), "[A] [B] called.!"),
      (
        named("name=\"file\"; filename=\"Jane.txt\"; filename*=UTF-8''Jane.txt")
          + "\r\nContent-Length: 10\r\nContent-Type: text/plain", "[NAME_1]\r\n"
      ))
    #expect(text(output) == text(expected))
  }

  /// A new file name takes the place of both forms.
  @Test func filenames() throws {
    let output = try spliced(Self.two) {
      $0.replaceFilename(part: 1, with: bytes("[N] \"é\\.txt").span)
      $0.replaceName(part: 0, with: bytes("n%41\r\n").span)
    }
    #expect(text(output).contains("; filename=\"[N] %22é\\\\.txt\"\r\n"))
    #expect(!text(output).contains("Jane.txt"))
    let read = try parsed(output)
    #expect(names(read, 0) == ["n%41\r\n", nil, nil])
    #expect(names(read, 1) == ["file", "[N] \"é\\.txt", nil])
    let extended = multipart((named("filename*=UTF-8''Jane%20Doe; name=a"), "x"))
    let only = try spliced(extended) { $0.replaceFilename(part: 0, with: bytes("b").span) }
    #expect(only == multipart((named("filename=\"b\"; name=a"), "x")))
    let first = multipart((named("filename*=UTF-8''Jane; filename=\"Jane\"; name=a"), "x"))
    let both = try spliced(first) { $0.replaceFilename(part: 0, with: bytes("b").span) }
    #expect(both == multipart(("Content-Disposition: form-data; filename=\"b\"; name=a", "x")))
  }

  @Test func boundaries() {
    #expect(
      refusal(Self.two) { $0.replaceContent(part: 0, with: bytes("a\r\n--b0undary\r\n").span) }
        == .boundaryInReplacement)
    #expect(
      refusal(Self.two) { $0.replaceContent(part: 0, with: bytes("--b0undary").span) }
        == .boundaryInReplacement)
    #expect(
      refusal(Self.two) { $0.replaceName(part: 0, with: bytes("--b0undary--").span) }
        == .boundaryInReplacement)
    #expect(refusal(Self.two) { $0.replaceContent(part: 0, with: bytes("--b0undar").span) } == nil)
    // What stays and what comes make it together.
    let halves = multipart((named("name=a"), "--b0 x --b1"))
    #expect(
      refusal(halves) { $0.replaceContent(part: 0, range: 4..<11, with: bytes("undary").span) }
        == .boundaryInReplacement)
    #expect(
      refusal(halves) {
        $0.replaceContent(part: 0, range: 4..<7, with: bytes("und").span)
        $0.replaceContent(part: 0, range: 7..<11, with: bytes("ary").span)
      } == .boundaryInReplacement)
    let apart = multipart((named("name=a"), "--Xb"), boundary: "b")
    #expect(
      refusal(apart, boundary: "b") { $0.replaceContent(part: 0, range: 2..<3, with: [UInt8]().span) }
        == .boundaryInReplacement)
  }

  @Test func invalidEdits() {
    func edit(_ edit: @escaping (inout MultipartSplicer) -> Void) -> MultipartError.Code? {
      refusal(Self.two, edit)
    }
    let x = bytes("x")
    #expect(edit { $0.replaceContent(part: 2, with: x.span) } == .invalidEdit)
    #expect(edit { $0.replaceContent(part: -1, with: x.span) } == .invalidEdit)
    #expect(edit { $0.replaceContent(part: 0, range: 0..<17, with: x.span) } == .invalidEdit)
    #expect(edit { $0.replaceContent(part: 0, range: -1..<1, with: x.span) } == .invalidEdit)
    #expect(edit { $0.replaceFilename(part: 0, with: x.span) } == .invalidEdit)
    #expect(edit { $0.replaceName(part: 0, with: [0xFF].span) } == .invalidText)
    #expect(edit { $0.replaceName(part: 0, with: [0x00].span) } == .invalidText)
    #expect(
      edit {
        $0.replaceContent(part: 0, range: 0..<4, with: x.span)
        $0.replaceContent(part: 0, range: 3..<5, with: x.span)
      } == .invalidEdit)
    #expect(
      edit {
        $0.replaceName(part: 0, with: x.span)
        $0.replaceName(part: 0, with: x.span)
      } == .invalidEdit)
  }

  /// Forms made at random: what is read is what was written; edits change what they are of and nothing else.
  @Test func roundTrips() throws {
    var random = SeededGenerator(seed: 2046)
    let pieces = [
      "Jane Doe", "é患😀", "\r\n", "\n", "--", "-b0undary", "\"", "\\", ";", "%", "%41", "4", "=", "a b",
      "\u{7F}", "\t",
      "'", "*",
    ]
    func piece(_ most: Int) -> String {
      (0..<Int.random(in: 0...most, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
    }
    for _ in 0..<1500 {
      var wanted: [(name: String, filename: String?, content: String)] = []
      for _ in 0..<Int.random(in: 0...5, using: &random) {
        wanted.append((piece(4), Bool.random(using: &random) ? piece(4) : nil, piece(12)))
      }
      var body = ""
      for part in wanted {
        body +=
          "--b0undary\r\n" + named("name=\"x\"") + (part.filename == nil ? "" : "; filename=y")
          + "\r\n\r\n\r\n"
      }
      let empty = bytes(body + "--b0undary--\r\n")
      let hasBoundary = wanted.contains {
        [$0.name, $0.filename ?? "", $0.content].contains { $0.contains("--b0undary") }
      }
      let fill = { (splicer: inout MultipartSplicer) in
        for (index, part) in wanted.enumerated().shuffled(using: &random) {
          splicer.replaceContent(part: index, with: bytes(part.content).span)
          splicer.replaceName(part: index, with: bytes(part.name).span)
          if let filename = part.filename { splicer.replaceFilename(part: index, with: bytes(filename).span) }
        }
      }
      guard !hasBoundary else {
        #expect(refusal(empty, fill) == .boundaryInReplacement)
        continue
      }
      let full = try spliced(empty, fill)
      let read = try parsed(full)
      #expect(read.parts.count == wanted.count)
      for (index, part) in wanted.enumerated() {
        #expect(names(read, index) == [part.name, part.filename, nil])
        #expect(text(Array(full[read.parts[index].content])) == part.content)
      }
      #expect(try spliced(full) { _ in } == full)
      guard let edited = wanted.indices.randomElement(using: &random) else { continue }
      let place = read.parts[edited].content
      let other = try spliced(full) { $0.replaceContent(part: edited, with: bytes("[X]").span) }
      #expect(other == Array(full[..<place.lowerBound]) + bytes("[X]") + Array(full[place.upperBound...]))
    }
  }

  /// Edits of ranges give what replacing them from the last to the first in an array gives, in whatever order they come.
  @Test func ranges() throws {
    var random = SeededGenerator(seed: 46)
    for _ in 0..<500 {
      let length = Int.random(in: 0...60, using: &random)
      var content = (0..<length).map { _ in UInt8.random(in: 0x61...0x7A, using: &random) }
      let body = multipart((named("name=a"), text(content)), (named("name=b"), "untouched"))
      var borders = (0..<8).map { _ in Int.random(in: 0...length, using: &random) }.sorted()
      var edits: [(range: Range<Int>, replacement: [UInt8])] = []
      while borders.count >= 2 {
        let (start, end) = (borders.removeFirst(), borders.removeFirst())
        guard start > (edits.last?.range.upperBound ?? -1) else { continue }
        let replacement = [UInt8](repeating: 0x2A, count: Int.random(in: 0...9, using: &random))
        edits.append((start..<end, replacement))
      }
      let output = try spliced(body) {
        for edit in edits.shuffled(using: &random) {
          $0.replaceContent(part: 0, range: edit.range, with: edit.replacement.span)
        }
      }
      for edit in edits.reversed() { content.replaceSubrange(edit.range, with: edit.replacement) }
      #expect(output == multipart((named("name=a"), text(content)), (named("name=b"), "untouched")))
    }
  }
}

/// Edits change what they name and no other byte, in strings of strings, too, in whatever order they come: compared
/// with a slow splicer that knows nothing of offsets, but takes each string apart into characters.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  var random = FuzzNumbers(seed: input.byte() << 8 | input.byte())
  let body = input.rest
  var walker = JSONWalker()
  var walked = WalkedBody()
  do { try walker.walk(body.span, rules: .empty, into: &walked) } catch { return 0 }
  let marks = ["", "#", "\u{E9}\u{1F600}", "\"\\\n\u{1}/", "{\"a\":[\"b\"]}"].map { Array($0.utf8) }
  var edits: [Edit] = []
  for index in walked.segments.indices where !walked.segments[index].isOuter {
    let text = walked.withText(index, of: body.span) { copy($0) }
    let count = text.count
    var start = 0
    for _ in 0..<random.below(4) {
      start += random.below(count - start + 1)
      let end = start + random.below(min(8, count - start) + 1)
      edits.append(Edit(segment: index, range: start..<end, text: marks[random.below(marks.count)]))
      // At one place only one edit: the order of several that are empty is nobody's promise.
      start = end + 1
      if start > count { break }
    }
  }
  let expected = Reference(walked: walked, edits: edits).body(body)
  for _ in 0..<2 {
    var splicer = Splicer()
    for edit in edits { splicer.replace(segment: edit.segment, range: edit.range, with: edit.text.span) }
    var output: [UInt8] = []
    splicer.splice(body.span, walked: walked, into: &output)
    require(output == expected, "the body is spliced otherwise than text by text")
    for index in edits.indices { edits.swapAt(index, random.below(edits.count)) }
  }
  return 0
}

private struct Edit {
  let segment: Int
  let range: Range<Int>
  let text: [UInt8]
}

/// One character of a string as it is written, and how many bytes of text it stands for.
private struct Character {
  let raw: ArraySlice<UInt8>
  let length: Int
}

private struct Reference {
  let walked: WalkedBody
  let edits: [Edit]

  func body(_ body: [UInt8]) -> [UInt8] { applied(changes(in: -1, of: body), to: body) }

  /// The edits of all texts in another one (-1: in the body), as edits of what that one says.
  private func changes(in outer: Int, of text: [UInt8]) -> [Edit] {
    let inner = walked.segments.indices.filter { walked.segments[$0].outer == outer }
    if let only = inner.first, walked.segments[only].wrapping != .json {
      let held = walked.withText(only, of: [UInt8]().span) { copy($0) }
      let changes = changes(of: only, held)
      guard !changes.isEmpty else { return [] }
      let written = wrapped(applied(changes, to: held), like: text, walked.segments[only].wrapping)
      return [Edit(segment: outer, range: 0..<text.count, text: written)]
    }
    return inner.flatMap { index in
      let raw = walked.segments[index].raw
      return writtenChanges(of: index, Array(text[raw])).map { edit in
        let range = raw.lowerBound + edit.range.lowerBound..<raw.lowerBound + edit.range.upperBound
        return Edit(segment: outer, range: range, text: edit.text)
      }
    }
  }

  /// The edits of one text, and of those in it.
  private func changes(of index: Int, _ text: [UInt8]) -> [Edit] {
    if walked.segments[index].isOuter { return changes(in: index, of: text) }
    var placed = 0
    return edits.filter { $0.segment == index }.sorted { $0.range.lowerBound < $1.range.lowerBound }
      .map { edit in
        var (start, end) = (edit.range.lowerBound, edit.range.upperBound)
        while start > 0, start < text.count, text[start] & 0xC0 == 0x80 { start -= 1 }
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        start = max(start, placed)
        placed = max(start, end)
        return Edit(segment: index, range: start..<placed, text: edit.text)
      }
  }

  /// The same, as edits of how the text is written in JSON.
  private func writtenChanges(of index: Int, _ raw: [UInt8]) -> [Edit] {
    let changes = changes(of: index, decoded(raw))
    guard walked.segments[index].isNumber, !changes.isEmpty else { return raws(changes, in: raw) }
    let quote = [UInt8(ascii: "\"")]
    let text = quote + applied(raws(changes, in: raw), to: raw) + quote
    return [Edit(segment: index, range: 0..<raw.count, text: text)]
  }

  /// A text in base64, or in a `data:` URL, in the form of the one that it takes the place of.
  private func wrapped(_ text: [UInt8], like other: [UInt8], _ wrapping: WalkedBody.Wrapping) -> [UInt8] {
    var result: [UInt8] = []
    if wrapping == .dataURL {
      (try? DataURL(parsing: other.span))?.encode(text.span, like: other.span, into: &result)
    } else {
      Base64.encode(
        text.span, alphabet: wrapping == .base64 ? .standard : .url,
        padded: other.last == UInt8(ascii: "=") || other.count % 4 == 0, into: &result)
    }
    return result
  }

  /// Turns edits of a text into edits of how it is written.
  private func raws(_ edits: [Edit], in raw: [UInt8]) -> [Edit] {
    var starts: [(text: Int, raw: Int)] = []
    var place = (text: 0, raw: 0)
    for character in characters(raw) {
      starts.append(place)
      place = (place.text + character.length, place.raw + character.raw.count)
    }
    starts.append(place)
    var placed = 0
    return edits.map { edit in
      let start = starts.last { $0.text <= edit.range.lowerBound }?.raw ?? 0
      let end = starts.first { $0.text >= edit.range.upperBound }?.raw ?? raw.count
      let range = max(start, placed)..<max(end, start, placed)
      placed = range.upperBound
      return Edit(segment: edit.segment, range: range, text: escaped(edit.text))
    }
  }

  private func applied(_ edits: [Edit], to raw: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var copied = 0
    for edit in edits {
      result += raw[copied..<edit.range.lowerBound] + edit.text
      copied = edit.range.upperBound
    }
    return result + raw[copied...]
  }

  private func decoded(_ raw: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    StringEscapes.decode(raw.span, into: &text)
    return text
  }

  private func escaped(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    StringEscapes.encode(text.span, into: &result)
    return result
  }

  private func characters(_ raw: [UInt8]) -> [Character] {
    var result: [Character] = []
    var rest = raw[...]
    while let first = rest.first {
      var length = 1
      if first == UInt8(ascii: "\\") {
        length = rest.dropFirst().first == UInt8(ascii: "u") ? 6 : 2
        // Two halves are one character where they are a pair: then what both stand for is one.
        if length == 6, rest.count >= 12,
          String(decoding: decoded(Array(rest.prefix(12))), as: UTF8.self).unicodeScalars.count == 1
        {
          length = 12
        }
      } else if first >= 0xC0 {
        length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
      }
      let own = rest.prefix(length)
      result.append(
        Character(raw: own, length: first == UInt8(ascii: "\\") ? decoded(Array(own)).count : length))
      rest = rest.dropFirst(length)
    }
    return result
  }
}

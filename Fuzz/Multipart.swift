/// Any bytes are a form or refused; without edits it stays the same; with any, its parts are what the edits make of
/// them when it is read again, by us and by a reader that knows nothing but the boundary.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let seed = input.byte()
  let rest = input.rest
  let end = rest.firstIndex(of: 0) ?? 0
  let type = Array(rest[..<end])
  let body = end < rest.count && rest[end] == 0 ? Array(rest[(end + 1)...]) : rest
  if let stated = try? MultipartBoundary(contentType: type.span) {
    require(1...70 ~= stated.characters.count && stated.characters.last != 0x20, "a boundary that is none")
    check(body, stated, seed: seed)
  }
  guard let own = try? MultipartBoundary(contentType: Array("multipart/form-data; boundary=b".utf8).span)
  else { fatalError("a boundary of ours is none") }
  check(body, own, seed: seed)
  return 0
}

private struct Part: Equatable {
  var name: [UInt8]
  var filename: [UInt8]?
  var extended: [UInt8]?
  var content: [UInt8]
  var type: [UInt8]?
}

private func parse(_ body: [UInt8], _ boundary: MultipartBoundary) -> MultipartBody? {
  do { return try MultipartBody(parsing: body.span, boundary: boundary) } catch {
    require(0...body.count ~= error.offset, "an error stands nowhere")
    return nil
  }
}

private func parts(_ parsed: MultipartBody, _ body: [UInt8]) -> [Part] {
  parsed.parts.indices.map { index in
    let part = parsed.parts[index]
    return Part(
      name: parsed.withName(index) { copy($0) }, filename: parsed.withFilename(index) { copy($0) },
      extended: parsed.withExtendedFilename(index) { copy($0) }, content: Array(body[part.content]),
      type: part.contentType.map { Array(body[$0]) })
  }
}

private func check(_ body: [UInt8], _ boundary: MultipartBoundary, seed: Int) {
  guard let parsed = parse(body, boundary) else { return }
  let before = parts(parsed, body)
  for part in before {
    require([part.name, part.filename ?? [], part.extended ?? []].allSatisfy(isUTF8), "a name is not UTF-8")
  }
  require(before.map(\.content) == reference(body, boundary), "another reader finds other contents")
  var same: [UInt8] = []
  require(
    (try? MultipartSplicer().splice(body.span, parsed: parsed, into: &same)) != nil, "no edit is refused")
  require(same == body, "a body without edits changed")
  var splicer = MultipartSplicer()
  let expected = edit(before, parsed, &splicer, FuzzNumbers(seed: seed))
  var spliced: [UInt8] = []
  do { try splicer.splice(body.span, parsed: parsed, into: &spliced) } catch {
    require(error.code == .boundaryInReplacement && spliced.isEmpty, "an edit is refused")
    return
  }
  guard let again = parse(spliced, boundary) else {
    // A field of this name says how others are to be read, and may be of one value alone.
    require(
      before.contains { String(decoding: $0.name, as: UTF8.self).lowercased() == "_charset_" },
      "a spliced body can't be read")
    return
  }
  require(parts(again, spliced) == expected, "the parts are not the edited ones")
  require(expected.map(\.content) == reference(spliced, boundary), "another reader finds others now")
  for (one, other) in zip(parsed.parts, again.parts)
  where body[one.headers].elementsEqual(spliced[other.headers]) {
    require(one.mediaClass == other.mediaClass, "a part is of another class")
  }
}

private func edit(
  _ before: [Part], _ parsed: MultipartBody, _ splicer: inout MultipartSplicer, _ numbers: FuzzNumbers
) -> [Part] {
  var random = numbers
  let marks = ["", "#", "\u{E9}\u{1F600}", "\r\n\"\\", "\r\n--b", "%22;a=\"b"].map { Array($0.utf8) }
  var expected = before
  for index in before.indices {
    let content = before[index].content
    var own: [(Range<Int>, [UInt8])] = []
    var start = 0
    for _ in 0..<random.below(3) {
      start += random.below(content.count - start + 1)
      let end = start + random.below(content.count - start + 1)
      own.append((start..<end, marks[random.below(marks.count)]))
      start = end + 1
      if start > content.count { break }
    }
    for (range, mark) in own.reversed() {
      splicer.replaceContent(part: index, range: range, with: mark.span)
      expected[index].content.replaceSubrange(range, with: mark)
    }
    if random.below(3) == 0 {
      let mark = marks[random.below(marks.count)]
      splicer.replaceName(part: index, with: mark.span)
      expected[index].name = mark
    }
    if random.below(2) == 0, parsed.parts[index].isFile {
      let mark = marks[random.below(marks.count)]
      splicer.replaceFilename(part: index, with: mark.span)
      expected[index].filename = mark
      expected[index].extended = nil
    }
  }
  return expected
}

/// What stands between boundaries, behind the first empty line.
private func reference(_ body: [UInt8], _ boundary: MultipartBoundary) -> [[UInt8]] {
  let delimiter = Array("\r\n--".utf8) + boundary.characters
  let text = [0x0D, 0x0A] + (body.starts(with: [0x0D, 0x0A]) ? Array(body.dropFirst(2)) : body)
  var pieces: [[UInt8]] = []
  var start = 0
  var position = 0
  while position + delimiter.count <= text.count {
    if text[position] == 0x0D, text[position..<position + delimiter.count].elementsEqual(delimiter) {
      pieces.append(Array(text[start..<position]))
      position += delimiter.count
      start = position
    } else {
      position += 1
    }
  }
  return pieces.dropFirst().map { piece in
    let end = piece.indices.first { piece[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) } ?? piece.count - 4
    return Array(piece[(end + 4)...])
  }
}

/// Any bytes are walked or refused. What was walked is spliced; what was spliced is walked again, and has at each
/// place the text that the edits make of the one that was there, in strings of strings, too.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let first = input.byte()
  let body = input.rest
  let rules = first & 4 == 0 ? RuleTable.empty : first & 2 == 0 ? fuzzRules : fuzzEvents
  check(body, rules, seed: first, editsNames: first & 8 != 0)
  return 0
}

private func walk(_ body: [UInt8], _ rules: RuleTable) -> Result<WalkedBody, PayloadError> {
  var walker = JSONWalker()
  var walked = WalkedBody()
  do { try walker.walk(body.span, rules: rules, into: &walked) } catch { return .failure(error) }
  return .success(walked)
}

private func check(_ body: [UInt8], _ rules: RuleTable, seed: Int, editsNames: Bool) {
  guard case .success(let walked) = walk(body, rules) else { return }
  var splicer = Splicer()
  var same: [UInt8] = []
  splicer.splice(body.span, walked: walked, into: &same)
  require(same == body, "a body without edits changed")
  var random = FuzzNumbers(seed: seed)
  // Neither in a string nor outside one does JSON have the first two together, so that no text becomes a JSON text;
  // and it is long enough for base64 to be read as that.
  let mark = Array("~\n\"\\ and as much as a text must have".utf8)
  var expected: [[UInt8]?] = []
  for index in walked.segments.indices {
    var pointer: [UInt8] = []
    walked.appendPointer(index, of: body.span, to: &pointer)
    walked.appendPublicPointer(index, of: body.span, to: &pointer)
    require(isUTF8(pointer), "a pointer is not UTF-8")
    let text = walked.withText(index, of: body.span) { copy($0) }
    require(isUTF8(text), "a text is not UTF-8")
    guard !walked.segments[index].isOuter else {
      expected.append(nil)
      continue
    }
    // A data URL that holds no text may hold one once it is changed, and is then another thing.
    let isURL = ((try? DataURL(parsing: text.span)) ?? nil) != nil
    guard !isURL, editsNames || walked.segments[index].role != .key, random.below(4) > 0 else {
      expected.append(text)
      continue
    }
    let start = random.below(text.count + 1)
    // Of a text that is wrapped nothing is taken away: what is left might be too little to be read as text.
    let range = start..<start + (isWrapped(index, walked) ? 0 : random.below(text.count - start + 3))
    splicer.replace(segment: index, range: range, with: mark.span)
    expected.append(edited(text, range, mark))
  }
  var spliced: [UInt8] = []
  splicer.splice(body.span, walked: walked, into: &spliced)
  switch walk(spliced, rules) {
  case .failure(let error):
    // Two masked names may be one, and a masked one too long.
    require(
      editsNames && (error.code == .duplicateKey || error.code == .tooManyValues),
      "a spliced body can't be walked")
  case .success(let again):
    // An edit may make a whole data URL of a broken one, whose text is then another.
    let mentionsURL = spliced.span.mentionsDataURL || body.span.mentionsDataURL
    if !mentionsURL { compare(walked, body, again, spliced, expected, withNames: !editsNames) }
  }
}

private func isWrapped(_ index: Int, _ walked: WalkedBody) -> Bool {
  var index = index
  while index >= 0 {
    if walked.segments[index].wrapping != .json { return true }
    index = walked.segments[index].outer
  }
  return false
}

private func compare(
  _ walked: WalkedBody, _ body: [UInt8], _ again: WalkedBody, _ spliced: [UInt8], _ expected: [[UInt8]?],
  withNames: Bool
) {
  require(again.segments.count == walked.segments.count, "a spliced body has other texts")
  for index in walked.segments.indices {
    require(
      again.segments[index].isOuter == walked.segments[index].isOuter
        && again.segments[index].outer == walked.segments[index].outer, "a text has moved to another string")
    if let text = expected[index] {
      let found = again.withText(index, of: spliced.span) { copy($0) }
      require(found == text, "a spliced text is not the edited one")
    }
    guard withNames else { continue }
    var (before, after): ([UInt8], [UInt8]) = ([], [])
    walked.appendPointer(index, of: body.span, to: &before)
    again.appendPointer(index, of: spliced.span, to: &after)
    require(before == after, "an edit has moved a text to another place")
  }
}

/// The text with a replacement for a range, whose borders move outwards where they are inside a character.
private func edited(_ text: [UInt8], _ range: Range<Int>, _ mark: [UInt8]) -> [UInt8] {
  var (start, end) = (min(range.lowerBound, text.count), min(range.upperBound, text.count))
  while start > 0, start < text.count, text[start] & 0xC0 == 0x80 { start -= 1 }
  while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
  return text[..<start] + mark + text[end...]
}

extension Span where Element == UInt8 {
  fileprivate var mentionsDataURL: Bool {
    guard count > 5 else { return false }
    for index in 0..<count - 4 where self[index] | 0x20 == UInt8(ascii: "d") {
      if self[index + 1] | 0x20 == UInt8(ascii: "a"), self[index + 4] == UInt8(ascii: ":") { return true }
    }
    return false
  }
}

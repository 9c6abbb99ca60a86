/// A JSON text in pieces: however it is cut, the same goes out and the filter sees the same texts; without edits it
/// goes out as it came; and whatever a reader of JSON then finds in it, the filter has seen.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let first = input.byte()
  let number = input.cut(max(0, count - 3))
  // The room before this one hands over UTF-8, in pieces that end where a character does.
  let text = input.rest
  guard isUTF8(text) else { return 0 }
  let borders = text.indices.filter { text[$0] & 0xC0 != 0x80 }
  let cut = borders.last { $0 <= number } ?? 0
  let mark = Array((first & 0x80 == 0 ? "#" : "\"#\\\n").utf8)
  let filter = HoldingFilter(hold: first & 31, mark: mark)
  let whole = run(text, at: [], filter)
  for cuts in [[cut], borders, [text.count]] {
    let split = run(text, at: cuts, filter)
    require(whole.output == split.output, "a cut changes what goes out")
    require(whole.texts == split.texts, "a cut changes what the filter sees")
    require(whole.isWhole == split.isWhole, "a cut changes what is accepted")
  }
  guard whole.isWhole else { return 0 }
  let same = run(text, at: [cut], HoldingFilter(hold: first & 31, isIdle: true))
  require(same.output == text, "a text without edits changed")
  require(isUTF8(whole.output), "what goes out is not UTF-8")
  require(!whole.output.contains(UInt8(ascii: "~")), "a protected byte went out")
  check(whole.output)
  return 0
}

private func run(
  _ text: [UInt8], at cuts: [Int], _ filter: HoldingFilter
) -> (output: [UInt8], texts: [HoldingFilter.Text], isWhole: Bool) {
  var filter = filter
  var pieces = JSONPieces()
  var output: [UInt8] = []
  var start = 0
  let place = JSONPieces.Place(channel: 0, pointer: Array("/a".utf8), role: .toolArguments)
  do {
    for cut in cuts + [text.count] {
      let isEnd = cut == text.count && start == cut || cut == text.count && cuts.last != cut
      try pieces.feed(
        text.span.extracting(start..<cut), end: isEnd, at: place, filter: &filter, into: &output)
      start = cut
    }
  } catch { return (output, filter.texts, false) }
  // A text that is fed as ended twice, once with nothing in it, is the same to a filter.
  return (output, filter.texts.filter { !$0.bytes.isEmpty }, true)
}

/// Reads what went out as JSON, strictly; where it was cut off, as what it would have become.
private func check(_ output: [UInt8]) {
  for end in [[], ends(of: output)] {
    let json = output + end
    var limits = WalkedBody.Limits()
    limits.depth = 8192
    var walker = JSONWalker(limits: limits)
    var walked = WalkedBody()
    do { try walker.walk(json.span, rules: .empty, into: &walked) } catch { continue }
    for index in walked.segments.indices where walked.segments[index].outer < 0 {
      walked.withText(index, of: json.span) { text in
        // A name that is a plain identifier may pass, in whichever way it is written.
        if walked.segments[index].role == .key, PlainWords.isIdentifier(text) { return }
        for place in text.indices {
          require(!isProtected(text[place]), "a reader of JSON finds what the filter has not seen")
        }
      }
    }
  }
}

/// What closes the strings, arrays and objects that are open at the end.
private func ends(of text: [UInt8]) -> [UInt8] {
  var closes: [UInt8] = []
  var isString = false
  var isEscape = false
  for byte in text {
    if isEscape {
      isEscape = false
    } else if isString {
      if byte == UInt8(ascii: "\\") { isEscape = true }
      if byte == UInt8(ascii: "\"") { isString = false }
    } else {
      switch byte {
      case UInt8(ascii: "\""): isString = true
      case UInt8(ascii: "{"): closes.append(UInt8(ascii: "}"))
      case UInt8(ascii: "["): closes.append(UInt8(ascii: "]"))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = closes.popLast()
      default: break
      }
    }
  }
  return (isString ? [UInt8(ascii: "\"")] : []) + closes.reversed()
}

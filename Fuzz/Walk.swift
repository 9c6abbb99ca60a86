/// Any bytes are walked or refused; what was walked is spliced, and what was spliced can be walked.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = input.first else { return 0 }
  let body = Array(input.dropFirst())
  let rules = first & 4 == 0 ? RuleTable.empty : first & 2 == 0 ? fuzzRules : fuzzEvents
  check(body, rules, seed: UInt64(first))
  return 0
}

private func walk(_ body: [UInt8], _ rules: RuleTable) -> Result<WalkedBody, PayloadError> {
  var walker = JSONWalker()
  var walked = WalkedBody()
  do { try walker.walk(body.span, rules: rules, into: &walked) } catch { return .failure(error) }
  return .success(walked)
}

private func check(_ body: [UInt8], _ rules: RuleTable, seed: UInt64) {
  guard case .success(let walked) = walk(body, rules) else { return }
  var splicer = Splicer()
  var same: [UInt8] = []
  splicer.splice(body.span, walked: walked, into: &same)
  precondition(same == body, "a body without edits changed")
  var state = seed &+ 1
  func random(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  let mark = Array("[\"\\\n]".utf8)
  for index in walked.segments.indices where !walked.segments[index].isOuter {
    var pointer: [UInt8] = []
    walked.appendPointer(index, of: body.span, to: &pointer)
    walked.appendPublicPointer(index, of: body.span, to: &pointer)
    precondition(String(validating: pointer, as: UTF8.self) != nil, "a pointer is not UTF-8")
    let text = walked.withText(index, of: body.span) { span in
      var copy: [UInt8] = []
      copy.append(copying: span)
      return copy
    }
    precondition(String(validating: text, as: UTF8.self) != nil, "a text is not UTF-8")
    let start = random(text.count + 1)
    splicer.replace(segment: index, range: start..<start + random(text.count - start + 3), with: mark.span)
  }
  var spliced: [UInt8] = []
  splicer.splice(body.span, walked: walked, into: &spliced)
  if case .failure(let error) = walk(spliced, RuleTable([])) {
    precondition(error.code == .duplicateKey, "a spliced body can't be walked")
  }
}

/// A request's head: a target is taken apart exactly where it can be read in one way alone; and the framing of heads
/// is accepted or not however the bytes are cut, the second one on a connection like the first.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let body = input.byte() & 15
  let length = max(0, count - 5)
  let cuts = [input.cut(length), input.cut(length)].sorted()
  let bytes = input.rest
  check(target: bytes)
  let answers = [[], cuts, Array(bytes.indices)].map { read(bytes, at: $0, body: body) }
    .filter { looksAtPipelinedHeads || !$0.isPipelined }
  for answer in answers {
    require(
      answer.isRefused == answers[0].isRefused && answer.heads == answers[0].heads,
      "a cut changes what is refused")
    for head in answer.heads { require(isPlain(head), "a head that could be read in two ways passed") }
  }
  return 0
}

/// Not so yet: ``FramingGuard`` does not look at a head that comes in one read with the end of the request before it.
/// Until it does, such reads are left out here.
private let looksAtPipelinedHeads = false

private struct Answer {
  var isRefused = false
  /// Whether a request ended in the middle of a read.
  var isPipelined = false
  /// The heads that were passed on and had their end, each as it came.
  var heads: [[UInt8]] = []
}

/// Stands in for the parser: a head ends at its empty line, and a body of always the same length follows it.
private final class Parser {
  let body: Int
  let ends: () -> Void
  var head: [UInt8] = []
  var heads: [[UInt8]] = []
  /// How much of a body is missing; nil: this is a head.
  var missing: Int?
  var isPipelined = false

  init(body: Int, ends: @escaping () -> Void) {
    self.body = body
    self.ends = ends
  }

  func take(_ bytes: [UInt8]) {
    for (index, byte) in bytes.enumerated() {
      if let left = missing {
        missing = left - 1
      } else {
        // Empty lines before a request are skipped (RFC 9112, 2.2).
        head.append(byte)
        if head.suffix(4).elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]),
          head.contains(where: { $0 != 0x0D && $0 != 0x0A })
        {
          heads.append(head)
          head = []
          missing = body
        }
      }
      if missing == 0 {
        missing = nil
        if index < bytes.count - 1 { isPipelined = true }
        ends()
      }
    }
  }
}

private func read(_ bytes: [UInt8], at cuts: [Int], body: Int) -> Answer {
  let context = ChannelHandlerContext()
  let framing = FramingGuard()
  let parser = Parser(body: body) {
    framing.triggerUserOutboundEvent(context: context, event: FramingGuard.NextHead(), promise: nil)
  }
  context.passed = { parser.take($0.readableBytesView) }
  // The parser holds the context, too.
  defer { context.passed = { _ in } }
  var start = 0
  for cut in cuts + [bytes.count] where cut > start {
    framing.channelRead(
      context: context, data: NIOAny(buffer: ByteBuffer(readableBytesView: Array(bytes[start..<cut]))))
    start = cut
  }
  // What had passed of a connection that is refused later depends on the cuts, and means nothing.
  return Answer(
    isRefused: context.isRefused, isPipelined: parser.isPipelined,
    heads: context.isRefused ? [] : parser.heads)
}

/// Line by line, what the guard says that it lets through.
private func isPlain(_ head: [UInt8]) -> Bool {
  var text = head[...]
  while text.first == 0x0D || text.first == 0x0A { text = text.dropFirst() }
  var lines: [ArraySlice<UInt8>] = []
  while let end = text.firstIndex(of: 0x0A) {
    guard end > text.startIndex, text[end - 1] == 0x0D else { return false }
    lines.append(text[..<(end - 1)])
    text = text[(end + 1)...]
  }
  if lines.contains(where: { $0.contains(0) || $0.contains(0x0D) }) { return false }
  return lines.dropFirst().allSatisfy { line in
    guard line.first != 0x20, line.first != 0x09 else { return false }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.startIndex
    return colon == line.startIndex || line[colon - 1] != 0x20 && line[colon - 1] != 0x09
  }
}

private func check(target bytes: [UInt8]) {
  let uri = String(decoding: bytes, as: UTF8.self)
  let path = uri.utf8.prefix { $0 != UInt8(ascii: "?") }
  let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
  let isPlain =
    uri.utf8.first == UInt8(ascii: "/") && uri.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    && !uri.utf8.contains(UInt8(ascii: "#")) && !uri.utf8.contains(UInt8(ascii: "\\"))
    && !path.contains(UInt8(ascii: "%"))
    && !segments.contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    && !segments.dropFirst().dropLast().contains { $0.isEmpty }
  let target = RequestTarget(uri)
  require((target != nil) == isPlain, "a target is read otherwise than byte by byte")
  guard let target else { return }
  require(target.path.utf8.elementsEqual(path), "a path is another one")
  let rest = uri.utf8.dropFirst(path.count + 1)
  require(target.query.utf8.elementsEqual(rest), "a query is another one")
  check(target, routes: ["/", "/openai", "/openai/v2", "/a-b"])
  check(target, routes: ["/openai", "/a"])
}

/// The pipeline with the longest prefix of whole segments, and what is left of the path.
private func check(_ target: RequestTarget, routes prefixes: [String]) {
  let routes = Routes(prefixes.map { PipelineRuntime(host: nil, listen: $0) })
  let path = Array(target.path.utf8)
  let fits = prefixes.filter { prefix in
    prefix == "/" || path.elementsEqual(prefix.utf8) || path.starts(with: Array("\(prefix)/".utf8))
  }
  let best = fits.max { $0.utf8.count < $1.utf8.count }
  let found = routes.match(path: target.path, host: nil)
  require(found?.runtime.pipeline.listen == best, "a path belongs to another pipeline")
  if let found, let best {
    let rest = best == "/" ? path : Array(path.dropFirst(best.utf8.count))
    require(found.path.utf8.elementsEqual(rest), "another path is left")
  }
}

/// Any text is a data URL, holds some, or none; base64 that is read strictly is written the same again; and what is
/// put in place of a URL's data is what its reader finds.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let choice = input.byte()
  let text = input.rest
  checkBase64(text)
  checkURL(text, replacement: Array(text.reversed().prefix(choice)))
  checkSearch(text)
  checkSniffing(text)
  return 0
}

private func checkBase64(_ bytes: [UInt8]) {
  for alphabet in [Base64.Alphabet.standard, .url] {
    for padded in [true, false] {
      var written: [UInt8] = []
      Base64.encode(bytes.span, alphabet: alphabet, padded: padded, into: &written)
      require(
        decode(written, alphabet, padded ? .required : .forbidden, .refused) == bytes,
        "what was written is read otherwise")
      require(padded ? written.count % 4 == 0 : written.last != 0x3D, "the padding is not as asked")
      guard let read = decode(bytes, alphabet, padded ? .required : .forbidden, .refused) else { continue }
      var again: [UInt8] = []
      Base64.encode(read.span, alphabet: alphabet, padded: padded, into: &again)
      require(again == bytes, "two texts stand for one row of bytes")
    }
    // White space and nothing else is looked over.
    let kept = bytes.filter { ![0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
    require(
      decode(bytes, alphabet, .optional, .skipped) == decode(kept, alphabet, .optional, .refused),
      "white space changes what is read")
    let lines = bytes.filter { $0 != 0x0A && $0 != 0x0D }
    require(
      decode(bytes, alphabet, .optional, .lineEndsSkipped) == decode(lines, alphabet, .optional, .refused),
      "line ends change what is read")
  }
}

private func decode(
  _ text: [UInt8], _ alphabet: Base64.Alphabet, _ padding: Base64.Padding, _ space: Base64.WhiteSpace
) -> [UInt8]? {
  var bytes: [UInt8] = [1, 2]
  do {
    try Base64.decode(text.span, alphabet: alphabet, padding: padding, whiteSpace: space, into: &bytes)
  } catch {
    require(bytes == [1, 2] && 0...text.count ~= error.offset, "an error leaves something behind")
    return nil
  }
  require(bytes.starts(with: [1, 2]), "what was there before is gone")
  return Array(bytes.dropFirst(2))
}

private func checkURL(_ text: [UInt8], replacement: [UInt8]) {
  let url: DataURL
  do {
    guard let parsed = try DataURL(parsing: text.span) else { return }
    url = parsed
  } catch {
    require(0...text.count ~= error.offset, "an error stands nowhere")
    return
  }
  require(
    url.data.upperBound == text.count && url.data.lowerBound <= DataURL.maximumHead + text.count, "data")
  require(text[url.data.lowerBound - 1] == UInt8(ascii: ","), "the data begins behind no comma")
  let head = text[..<url.data.lowerBound]
  var decoded: [UInt8] = []
  let isRead = (try? url.decode(text.span, into: &decoded)) != nil
  for bytes in isRead ? [replacement, decoded] : [replacement] {
    var written: [UInt8] = []
    url.encode(bytes.span, like: text.span, into: &written)
    require(written.starts(with: head), "the head changed")
    guard let again = try? DataURL(parsing: written.span) else { fatalError("what was written is no URL") }
    require(
      again.data.lowerBound == url.data.lowerBound && again.isBase64 == url.isBase64
        && again.mediaClass == url.mediaClass && again.charset == url.charset, "another head is read")
    var found: [UInt8] = []
    require((try? again.decode(written.span, into: &found)) != nil, "what was written can't be read")
    require(found == bytes, "what was written is read otherwise")
  }
}

/// Place by place, what the linear search gives.
private func checkSearch(_ text: [UInt8]) {
  var start = 0
  while let found = DataURL.nextBase64(in: text.span, from: start) {
    require(
      found.lowerBound >= start && found.upperBound <= text.count && !found.isEmpty, "a place is nowhere")
    require(found == reference(text, from: start), "another URL comes first")
    do {
      let url = try DataURL(parsing: Array(text[found]).span)
      require(url == nil || url?.isBase64 == true, "what was found is another URL")
    } catch { require(error.code == .malformedHead, "what was found can't be read") }
    start = found.upperBound
  }
  require(reference(text, from: start) == nil, "a URL was not found")
}

private func reference(_ text: [UInt8], from start: Int) -> Range<Int>? {
  let lower = text.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
  guard text.count > start + 4 else { return nil }
  for scheme in start..<text.count - 4 where lower[scheme...].starts(with: "data:".utf8) {
    let limit = min(text.count, scheme + DataURL.maximumHead)
    guard
      let comma = (scheme + 5..<max(limit, scheme + 5)).first(where: { !DataURL.Head.isHeadByte(text[$0]) }),
      text[comma] == UInt8(ascii: ","), comma >= scheme + 12,
      lower[comma - 7..<comma].elementsEqual(";base64".utf8)
    else { continue }
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=%".utf8
    let end = text[(comma + 1)...].firstIndex { !alphabet.contains($0) } ?? text.count
    return scheme..<end
  }
  return nil
}

private func checkSniffing(_ bytes: [UInt8]) {
  if MediaSniff.kind(of: bytes.span, window: .max) == .text(.utf8) {
    require(isUTF8(bytes) && !bytes.contains(0), "text that is none")
  }
  for window in [0, 1, 5, 64] { _ = MediaSniff.kind(of: bytes.span, window: window) }
  let type = MediaClass(mediaType: bytes.span)
  let upper = bytes.map { 0x61...0x7A ~= $0 ? $0 & 0xDF : $0 }
  require(MediaClass(mediaType: upper.span) == type, "upper case is another type")
}

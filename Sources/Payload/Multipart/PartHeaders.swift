/// Reads one part: its headers (RFC 7578, 4.2 to 4.8) and where its content begins.
///
/// Refused are, because receivers differ on them or because nothing looks at them: headers other than
/// Content-Disposition, Content-Type, Content-Transfer-Encoding and Content-Length, and two of one name; lines
/// that end otherwise than with CR and LF, go on in the next or have controls in them; a part without a name; a
/// transfer encoding that changes the bytes; a media type that holds parts of its own; a character set other than
/// UTF-8; a Content-Length that is not the content's.
struct PartHeaders {
  let limits: MultipartBody.Limits
  private var count = 0
  private var disposition: Disposition?
  private var contentType: Range<Int>?
  private var hasEncoding = false
  private var contentLength: Range<Int>?

  init(limits: MultipartBody.Limits) { self.limits = limits }

  /// `range` is what stands between the line end behind one boundary and that before the next.
  mutating func read(
    _ body: Span<UInt8>, _ range: Range<Int>, arena: inout [UInt8]
  ) throws(MultipartError) -> MultipartBody.Part {
    var position = range.lowerBound
    while true {
      let end = try lineEnd(body, from: position, to: range.upperBound)
      if end == position { break }
      try readLine(body, position..<end, arena: &arena)
      position = end + 2
    }
    guard let disposition else {
      throw MultipartError(
        .invalidDisposition, "A part has no Content-Disposition of form-data.", at: range.lowerBound)
    }
    let content = position + 2..<range.upperBound
    try checkLength(body, content)
    let type = contentType.map { MediaClass(mediaType: body.extracting($0)) } ?? .text
    let part = MultipartBody.Part(
      headers: range.lowerBound..<position, content: content, contentType: contentType, mediaClass: type,
      name: disposition.name, filename: disposition.filename,
      extendedFilename: disposition.extendedFilename, contentLength: contentLength)
    try checkCharsetField(part, body, arena)
    return part
  }

  /// Where the line that begins at `start` ends, before its CR and LF.
  private func lineEnd(_ body: Span<UInt8>, from start: Int, to end: Int) throws(MultipartError) -> Int {
    var position = start
    while position < end, position - start <= limits.headerLine {
      switch body[position] {
      case 0x0D where position + 1 < end && body[position + 1] == 0x0A: return position
      case 0x09: break
      case 0x00..<0x20, 0x7F:
        throw MultipartError(
          .malformedHeader, "A part's header has a control or a line end other than CR and LF.", at: position)
      default: break
      }
      position += 1
    }
    guard position < end else {
      throw MultipartError(.malformedHeader, "A part's headers aren't ended by an empty line.", at: start)
    }
    throw MultipartError(
      .headerTooLong, "A part's header is longer than \(limits.headerLine) bytes.", at: start)
  }

  private mutating func readLine(
    _ body: Span<UInt8>, _ line: Range<Int>, arena: inout [UInt8]
  ) throws(MultipartError) {
    count += 1
    guard count <= limits.headers else {
      throw MultipartError(
        .tooManyHeaders, "A part has more than \(limits.headers) headers.", at: line.lowerBound)
    }
    // A line that goes on from the last one begins with white space, so that no token is found in it.
    let colon = FieldSyntax.endOfToken(body, from: line.lowerBound, end: line.upperBound)
    guard colon > line.lowerBound, colon < line.upperBound, body[colon] == UInt8(ascii: ":") else {
      throw MultipartError(
        .malformedHeader, "A part's header is no 'name: value' on one line.", at: line.lowerBound)
    }
    let name = body.extracting(line.lowerBound..<colon)
    let value = FieldSyntax.trimmed(body, colon + 1..<line.upperBound)
    let isFirst: Bool
    if name.isEqual(ignoringCaseTo: "content-disposition") {
      isFirst = disposition == nil
      disposition = try Disposition(body, value, arena: &arena)
    } else if name.isEqual(ignoringCaseTo: "content-type") {
      isFirst = contentType == nil
      try PartContentType.check(body, value)
      contentType = value
    } else if name.isEqual(ignoringCaseTo: "content-transfer-encoding") {
      isFirst = !hasEncoding
      hasEncoding = true
      try checkEncoding(body, value)
    } else if name.isEqual(ignoringCaseTo: "content-length") {
      isFirst = contentLength == nil
      contentLength = value
    } else {
      throw MultipartError(
        .unknownHeader,
        "A part has a header that forms don't have and receivers ignore (RFC 7578, 4.8). Leave it out.",
        at: line.lowerBound)
    }
    guard isFirst else {
      throw MultipartError(.duplicateHeader, "A part has two headers of one name.", at: line.lowerBound)
    }
  }

  /// Those that change no byte (RFC 2045, 6.2).
  private func checkEncoding(_ body: Span<UInt8>, _ value: Range<Int>) throws(MultipartError) {
    let encoding = body.extracting(value)
    guard
      encoding.isEqual(ignoringCaseTo: "binary") || encoding.isEqual(ignoringCaseTo: "8bit")
        || encoding.isEqual(ignoringCaseTo: "7bit")
    else {
      throw MultipartError(
        .unsupportedEncoding, "A part's Content-Transfer-Encoding is not binary, 8bit or 7bit.",
        at: value.lowerBound)
    }
  }

  private func checkLength(_ body: Span<UInt8>, _ content: Range<Int>) throws(MultipartError) {
    guard let contentLength else { return }
    var length: Int?
    if 1...18 ~= contentLength.count, contentLength.allSatisfy({ 0x30...0x39 ~= body[$0] }) {
      length = contentLength.reduce(0) { $0 * 10 + Int(body[$1] - 0x30) }
    }
    guard length == content.count else {
      throw MultipartError(
        .lengthMismatch, "A part's Content-Length is not its content's length.", at: contentLength.lowerBound)
    }
  }

  /// A field of the name `_charset_` says how the others are to be read (RFC 7578, 4.6).
  private func checkCharsetField(
    _ part: MultipartBody.Part, _ body: Span<UInt8>, _ arena: [UInt8]
  ) throws(MultipartError) {
    guard arena.span.extracting(part.name.text).isEqual(ignoringCaseTo: "_charset_") else { return }
    guard PartContentType.isUTF8(body.extracting(part.content)) else {
      throw PartContentType.unsupportedCharset(at: part.content.lowerBound)
    }
  }
}

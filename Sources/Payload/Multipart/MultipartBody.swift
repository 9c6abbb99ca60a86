/// The parts of a `multipart/form-data` body (RFC 7578; RFC 2046, 5.1): where they stand, and what they are called.
///
/// What one receiver could read otherwise than another is refused: a gateway that masks what it reads must read
/// what the receiver reads. The body itself isn't kept; functions that take it are to be given the same again.
public struct MultipartBody: Sendable {
  /// Limits of a body. One that passes one is refused.
  public struct Limits: Sendable {
    /// How many parts.
    public var parts = 256
    /// How many headers a part may have.
    public var headers = 8
    /// How long a header's line may be, in bytes, without CR and LF.
    public var headerLine = 4096

    public init() {}
  }

  /// One part.
  public struct Part: Sendable {
    /// The header lines, each with its CR and LF, without the empty line behind them.
    public let headers: Range<Int>
    /// The content, without the CR and LF that belong to the boundary behind it.
    public let content: Range<Int>
    /// The media type, with its parameters; nil where none is stated, which stands for `text/plain` (RFC 7578, 4.4).
    public let contentType: Range<Int>?
    /// What the media type says that the content is; `text` where none is stated.
    public let mediaClass: MediaClass
    let name: Value
    let filename: Value?
    let extendedFilename: Value?
    /// The value of the part's own Content-Length, which is its content's length.
    let contentLength: Range<Int>?

    /// Whether it has a file's name, and so is a file to most receivers (RFC 7578, 4.2).
    public var isFile: Bool { filename != nil || extendedFilename != nil }
  }

  /// The value of a parameter of the Content-Disposition.
  struct Value: Sendable {
    /// The parameter, from the semicolon before it to its value's end.
    let whole: Range<Int>
    /// From its name on.
    let pair: Range<Int>
    /// Where it stands decoded.
    let text: Range<Int>
  }

  /// In the body's order.
  public let parts: [Part]
  let boundary: MultipartBoundary
  /// Names and file names, decoded.
  private let arena: [UInt8]

  /// Reads a body, all of it, in time linear in its length.
  ///
  /// Refused are: text before the first boundary or behind the last (an empty line may stand there); a body
  /// without its last boundary; the boundary anywhere else than between parts, even inside a line, as some
  /// receivers split there; white space behind a boundary; and headers as ``PartHeaders`` has it. A body without
  /// any part, as browsers send for an empty form, is a body.
  public init(
    parsing body: Span<UInt8>, boundary: MultipartBoundary, limits: Limits = Limits()
  ) throws(MultipartError) {
    var parts: [Part] = []
    var arena: [UInt8] = []
    var start = try Self.firstDelimiter(body, boundary)
    while !Self.isLast(body, behind: start) {
      guard Self.hasLineEnd(body, at: start) else { throw Self.boundaryInContent(at: start) }
      guard parts.count < limits.parts else {
        throw MultipartError(.tooManyParts, "The body has more than \(limits.parts) parts.", at: start)
      }
      guard let delimiter = boundary.search.first(in: body, from: start + 2) else {
        throw MultipartError(.missingEnd, "The boundary that ends the body is missing.", at: body.count)
      }
      // The line end before the boundary must be another one than that behind the last boundary.
      guard delimiter >= start + 4, Self.hasLineEnd(body, at: delimiter - 2) else {
        throw Self.boundaryInContent(at: delimiter)
      }
      var headers = PartHeaders(limits: limits)
      parts.append(try headers.read(body, start + 2..<delimiter - 2, arena: &arena))
      start = delimiter + boundary.search.count
    }
    // Behind the last boundary's two hyphens.
    let end = start + 2
    guard end == body.count || (Self.hasLineEnd(body, at: end) && end + 2 == body.count) else {
      throw MultipartError(
        .textAfterParts, "Something stands behind the boundary that ends the body.", at: end)
    }
    self.parts = parts
    self.boundary = boundary
    self.arena = arena
  }

  /// Where the first boundary ends.
  private static func firstDelimiter(
    _ body: Span<UInt8>, _ boundary: MultipartBoundary
  ) throws(MultipartError) -> Int {
    guard let delimiter = boundary.search.first(in: body, from: 0) else {
      throw MultipartError(.missingEnd, "The boundary that the Content-Type states isn't in the body.", at: 0)
    }
    guard delimiter == 0 || (delimiter == 2 && hasLineEnd(body, at: 0)) else {
      throw MultipartError(.textBeforeParts, "Something stands before the first boundary.", at: 0)
    }
    return delimiter + boundary.search.count
  }

  private static func isLast(_ body: Span<UInt8>, behind position: Int) -> Bool {
    position + 2 <= body.count && body[position] == UInt8(ascii: "-")
      && body[position + 1] == UInt8(ascii: "-")
  }

  private static func hasLineEnd(_ body: Span<UInt8>, at position: Int) -> Bool {
    position + 2 <= body.count && body[position] == 0x0D && body[position + 1] == 0x0A
  }

  private static func boundaryInContent(at position: Int) -> MultipartError {
    MultipartError(
      .boundaryInContent,
      "The boundary stands in a part, or has something beside it on its line; receivers differ on what that is.",
      at: position)
  }

  /// Lends the name of a part's form field, decoded.
  public func withName<R, E: Error>(
    _ part: Int, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try use(arena.span.extracting(parts[part].name.text))
  }

  /// Lends a part's `filename`, decoded; nil where it has none.
  public func withFilename<R, E: Error>(
    _ part: Int, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R? {
    guard let filename = parts[part].filename else { return nil }
    return try use(arena.span.extracting(filename.text))
  }

  /// Lends a part's `filename*` (RFC 8187, once RFC 5987), decoded; nil where it has none. Some receivers read it
  /// rather than `filename`, some don't read it: where a part has both, both are to be looked at.
  public func withExtendedFilename<R, E: Error>(
    _ part: Int, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R? {
    guard let filename = parts[part].extendedFilename else { return nil }
    return try use(arena.span.extracting(filename.text))
  }
}

/// Puts edits into a multipart body: each byte outside an edit stays as it was, but that a part's own
/// Content-Length follows its content.
///
/// Reusable; confined to one thread at a time.
public struct MultipartSplicer {
  private struct Edit {
    /// In the body.
    let range: Range<Int>
    let replacement: Range<Int>
  }

  private enum Place: Sendable {
    /// Bytes of the content, from its beginning; nil: all of it.
    case content(Range<Int>?)
    case name, filename
  }

  private var requests: [(part: Int, place: Place, replacement: Range<Int>)] = []
  private var replacements: [UInt8] = []

  public init() {}

  /// Whether there is nothing to change.
  public var isEmpty: Bool { requests.isEmpty }

  /// Forgets all edits.
  public mutating func reset() {
    requests.removeAll(keepingCapacity: true)
    replacements.removeAll(keepingCapacity: true)
  }

  /// Replaces all of a part's content.
  public mutating func replaceContent(part: Int, with replacement: Span<UInt8>) {
    add(part, .content(nil), replacement)
  }

  /// Replaces bytes `range` of a part's content, counted from its beginning. Edits of one content must not overlap;
  /// their order doesn't matter, but for those that put something in at one place.
  public mutating func replaceContent(part: Int, range: Range<Int>, with replacement: Span<UInt8>) {
    add(part, .content(range), replacement)
  }

  /// Gives a part's form field another name, which is UTF-8 and written as a quoted-string.
  public mutating func replaceName(part: Int, with name: Span<UInt8>) { add(part, .name, name) }

  /// Gives a part another file name, which is UTF-8 and written as a quoted-string. It takes the place of a
  /// `filename*`, too, so that no receiver reads an old one. For a part with a file name (``MultipartBody/Part/isFile``).
  public mutating func replaceFilename(part: Int, with filename: Span<UInt8>) {
    add(part, .filename, filename)
  }

  private mutating func add(_ part: Int, _ place: Place, _ replacement: Span<UInt8>) {
    let start = replacements.count
    replacements.append(copying: replacement)
    requests.append((part, place, start..<replacements.count))
  }

  /// Appends the body with all edits made. `body` is what was parsed.
  ///
  /// Throws, and leaves `output` as it was, where an edit is of something that isn't there, two edits overlap, a
  /// name is no UTF-8 or has a NUL, or the boundary would stand in what the edits make.
  public func splice(
    _ body: Span<UInt8>, parsed: MultipartBody, into output: inout [UInt8]
  ) throws(MultipartError) {
    var texts: [UInt8] = []
    let edits = try placed(parsed, texts: &texts)
    let start = output.count
    output.reserveCapacity(start + body.count + texts.count)
    var copied = 0
    for edit in edits {
      output.append(copying: body.extracting(copied..<edit.range.lowerBound))
      output.append(copying: texts.span.extracting(edit.replacement))
      copied = edit.range.upperBound
    }
    output.append(copying: body.extracting(copied..<body.count))
    guard Self.count(of: parsed.boundary.search, in: output.span, from: start) == parsed.parts.count + 1
    else {
      output.removeSubrange(start...)
      throw MultipartError(
        .boundaryInReplacement,
        "The masked body would have the boundary in a part. Send it with another one.",
        at: 0)
    }
  }

  /// How often the boundary stands in bytes. Counted over the whole, and so where a replacement and what stays beside
  /// it make one together, too.
  private static func count(of search: BoundarySearch, in bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    var count = 0
    while let found = search.first(in: bytes, from: position) {
      count += 1
      position = found + search.count
    }
    return count
  }

  /// The edits in the body's order, with their replacements as they are to be written.
  private func placed(
    _ parsed: MultipartBody, texts: inout [UInt8]
  ) throws(MultipartError) -> [Edit] {
    texts += replacements
    var edits: [Edit] = []
    var growth: [Int: Int] = [:]
    for request in requests {
      guard parsed.parts.indices.contains(request.part) else { throw Self.invalid(at: 0) }
      let part = parsed.parts[request.part]
      let replacement = replacements.span.extracting(request.replacement)
      switch request.place {
      case .content(let range):
        let range = range ?? 0..<part.content.count
        guard range.lowerBound >= 0, range.upperBound <= part.content.count else {
          throw Self.invalid(at: part.content.lowerBound)
        }
        let start = part.content.lowerBound
        edits.append(
          Edit(range: start + range.lowerBound..<start + range.upperBound, replacement: request.replacement))
        growth[request.part, default: 0] += replacement.count - range.count
      case .name:
        let place = part.name.pair
        edits.append(try Self.parameter("name=", place, replacement, &texts))
      case .filename:
        guard let value = part.filename ?? part.extendedFilename else {
          throw Self.invalid(at: part.headers.lowerBound)
        }
        edits.append(try Self.parameter("filename=", value.pair, replacement, &texts))
        if part.filename != nil, let extended = part.extendedFilename {
          edits.append(Edit(range: extended.whole, replacement: 0..<0))
        }
      }
    }
    for (index, growth) in growth {
      let part = parsed.parts[index]
      guard growth != 0, let place = part.contentLength else { continue }
      let start = texts.count
      texts += Array(String(part.content.count + growth).utf8)
      edits.append(Edit(range: place, replacement: start..<texts.count))
    }
    return try Self.ordered(edits)
  }

  /// Edits at one place stay in the order in which they were asked for: with their replacements'.
  private static func ordered(_ edits: [Edit]) throws(MultipartError) -> [Edit] {
    let sorted = edits.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.replacement.lowerBound)
        < ($1.range.lowerBound, $1.range.upperBound, $1.replacement.lowerBound)
    }
    var end = 0
    for edit in sorted {
      guard edit.range.lowerBound >= end else { throw invalid(at: edit.range.lowerBound) }
      end = edit.range.upperBound
    }
    return sorted
  }

  private static func parameter(
    _ name: StaticString, _ place: Range<Int>, _ text: Span<UInt8>, _ texts: inout [UInt8]
  ) throws(MultipartError) -> Edit {
    guard QuotedText.isText(text) else {
      throw MultipartError(
        .invalidText, "The new name of a part is no UTF-8, or has a NUL.", at: place.lowerBound)
    }
    let start = texts.count
    name.withUTF8Buffer { unsafe texts.append(contentsOf: $0) }
    QuotedText.encode(text, into: &texts)
    return Edit(range: place, replacement: start..<texts.count)
  }

  private static func invalid(at position: Int) -> MultipartError {
    MultipartError(
      .invalidEdit, "An edit is of something that the body doesn't have, or two of them overlap.",
      at: position)
  }
}

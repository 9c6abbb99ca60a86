/// Puts edits into a walked body: each byte outside an edit stays as it was.
///
/// Reusable; confined to one thread at a time.
public struct Splicer {
  private struct Edit {
    let segment: Int
    let range: Range<Int>
    let replacement: Range<Int>
  }

  private var edits: [Edit] = []
  private var replacements: [UInt8] = []

  public init() {}

  /// Whether a segment is changed.
  func hasEdit(segment: Int) -> Bool { edits.contains { $0.segment == segment } }

  /// Whether there is nothing to change.
  public var isEmpty: Bool { edits.isEmpty }

  /// Forgets all edits.
  public mutating func reset() {
    edits.removeAll(keepingCapacity: true)
    replacements.removeAll(keepingCapacity: true)
  }

  /// Replaces bytes `range` of a segment's decoded text. A border inside a code point or an escape is moved
  /// outwards, one behind the text's end to the end. Edits of one segment must not overlap; their order does
  /// not matter. A segment whose text is a JSON text (``WalkedBody/Segment/isOuter``) is changed through those
  /// in it.
  public mutating func replace(segment: Int, range: Range<Int>, with replacement: Span<UInt8>) {
    let start = replacements.count
    replacements.append(copying: replacement)
    edits.append(Edit(segment: segment, range: range, replacement: start..<replacements.count))
  }

  /// Appends the body with all edits made.
  public mutating func splice(_ body: Span<UInt8>, walked: WalkedBody, into output: inout [UInt8]) {
    bringOut(walked)
    // A member's name comes before its value in the body and among the segments, so their order is the body's.
    edits.sort { ($0.segment, $0.range.lowerBound) < ($1.segment, $1.range.lowerBound) }
    output.reserveCapacity(output.count + body.count + replacements.count)
    var copied = 0
    var index = 0
    while index < edits.count {
      let segment = walked.segments[edits[index].segment]
      let end = edits[index...].firstIndex { $0.segment != edits[index].segment } ?? edits.count
      place(edits[index..<end], in: segment, of: body.extracting(segment.raw)) { range, text in
        let start = segment.raw.lowerBound + range.lowerBound
        output.append(copying: body.extracting(min(copied, start)..<start))
        output.append(copying: text)
        copied = segment.raw.lowerBound + range.upperBound
      }
      index = end
    }
    output.append(copying: body.extracting(copied..<body.count))
  }

  /// Turns the edits of segments in the text of another one into edits of that one, from the innermost on.
  private mutating func bringOut(_ walked: WalkedBody) {
    func depth(_ segment: Int) -> Int {
      var (segment, depth) = (walked.segments[segment].outer, 0)
      while segment >= 0 { (segment, depth) = (walked.segments[segment].outer, depth + 1) }
      return depth
    }
    var deepest = edits.reduce(0) { max($0, depth($1.segment)) }
    while deepest > 0 {
      edits.sort { ($0.segment, $0.range.lowerBound) < ($1.segment, $1.range.lowerBound) }
      var index = 0
      let inner = edits.filter { depth($0.segment) == deepest }
      edits.removeAll { depth($0.segment) == deepest }
      while index < inner.count {
        let end = inner[index...].firstIndex { $0.segment != inner[index].segment } ?? inner.count
        bringOut(inner[index..<end], walked)
        index = end
      }
      deepest -= 1
    }
  }

  /// The same for edits of one segment.
  private mutating func bringOut(_ inner: ArraySlice<Edit>, _ walked: WalkedBody) {
    guard let first = inner.first else { return }
    let segment = walked.segments[first.segment]
    guard let text = walked.segments[segment.outer].decoded else { return }
    if segment.wrapping != .json { return bringOut(inner, of: segment, walked, text) }
    let raw = walked.arena.span.extracting(text).extracting(segment.raw)
    var made: [Edit] = []
    var encoded: [UInt8] = []
    let start = replacements.count
    place(inner, in: segment, of: raw) { range, text in
      let before = start + encoded.count
      encoded.append(copying: text)
      let outside = segment.raw.lowerBound + range.lowerBound..<segment.raw.lowerBound + range.upperBound
      made.append(Edit(segment: segment.outer, range: outside, replacement: before..<start + encoded.count))
    }
    replacements += encoded
    edits += made
  }

  /// The same for edits of a segment that is all that its outer one holds, in another writing.
  private mutating func bringOut(
    _ inner: ArraySlice<Edit>, of segment: WalkedBody.Segment, _ walked: WalkedBody, _ outer: Range<Int>
  ) {
    guard let own = segment.decoded else { return }
    let text = walked.arena.span.extracting(own)
    var changed: [UInt8] = []
    var copied = 0
    var cursor = (decoded: 0, raw: 0)
    for edit in inner {
      let range = Self.rawRange(of: edit.range, in: segment, text, &cursor)
      let from = max(range.lowerBound, copied)
      changed.append(copying: text.extracting(copied..<from))
      changed += replacements[edit.replacement]
      copied = max(range.upperBound, from)
    }
    changed.append(copying: text.extracting(copied...))
    let start = replacements.count
    let holder = walked.arena.span.extracting(outer)
    switch segment.wrapping {
    case .json: return
    case .base64, .base64url:
      let isPadded = holder.count > 0 && holder[holder.count - 1] == UInt8(ascii: "=")
      Base64.encode(
        changed.span, alphabet: segment.wrapping == .base64 ? .standard : .url,
        padded: isPadded || holder.count % 4 == 0, into: &replacements)
    case .dataURL: (try? DataURL(parsing: holder))?.encode(changed.span, like: holder, into: &replacements)
    }
    edits.append(
      Edit(segment: segment.outer, range: 0..<holder.count, replacement: start..<replacements.count))
  }

  /// Gives, for each edit of one segment, in order, the range of its raw bytes and what takes its place there.
  private func place(
    _ edits: ArraySlice<Edit>, in segment: WalkedBody.Segment, of raw: Span<UInt8>,
    _ put: (Range<Int>, Span<UInt8>) -> Void
  ) {
    var text: [UInt8] = []
    if segment.isNumber {
      // A number with an edit becomes a string: what replaces a part of it is seldom a number.
      text.append(UInt8(ascii: "\""))
      var copied = 0
      for edit in edits {
        let from = max(min(edit.range.lowerBound, raw.count), copied)
        text.append(copying: raw.extracting(copied..<from))
        StringEscapes.encode(replacements.span.extracting(edit.replacement), into: &text)
        copied = max(min(edit.range.upperBound, raw.count), from)
      }
      text.append(copying: raw.extracting(copied..<raw.count))
      text.append(UInt8(ascii: "\""))
      return put(0..<raw.count, text.span)
    }
    var cursor = (decoded: 0, raw: 0)
    var placed = 0
    for edit in edits {
      let range = Self.rawRange(of: edit.range, in: segment, raw, &cursor)
      let start = max(range.lowerBound, placed)
      placed = max(range.upperBound, start)
      text.removeAll(keepingCapacity: true)
      StringEscapes.encode(replacements.span.extracting(edit.replacement), into: &text)
      put(start..<placed, text.span)
    }
  }

  private static func rawRange(
    of range: Range<Int>, in segment: WalkedBody.Segment, _ raw: Span<UInt8>,
    _ cursor: inout (decoded: Int, raw: Int)
  ) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    if segment.isEscaped {
      start = StringEscapes.rawPosition(of: start, in: raw, cursor: &cursor)
      end = StringEscapes.rawPosition(of: end, in: raw, cursor: &cursor)
      if cursor.decoded < range.upperBound, end < raw.count {
        // The border is inside what one escape stands for: all of it goes.
        end += raw[end] == UInt8(ascii: "\\") ? StringEscapes.step(raw, at: end).rawLength : 1
      }
    }
    while start > 0, start < raw.count, raw[start] & 0xC0 == 0x80 { start -= 1 }
    while end < raw.count, raw[end] & 0xC0 == 0x80 { end += 1 }
    start = min(start, raw.count)
    return start..<max(min(end, raw.count), start)
  }
}

extension Array where Element == UInt8 {
  /// Appends a span's bytes.
  @inline(__always)
  mutating func append(copying span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

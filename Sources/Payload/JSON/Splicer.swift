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
  /// not matter.
  public mutating func replace(segment: Int, range: Range<Int>, with replacement: Span<UInt8>) {
    let start = replacements.count
    replacements.append(copying: replacement)
    edits.append(Edit(segment: segment, range: range, replacement: start..<replacements.count))
  }

  /// Appends the body with all edits made.
  public mutating func splice(_ body: Span<UInt8>, walked: WalkedBody, into output: inout [UInt8]) {
    // A member's name comes before its value in the body and among the segments, so their order is the body's.
    edits.sort { ($0.segment, $0.range.lowerBound) < ($1.segment, $1.range.lowerBound) }
    output.reserveCapacity(output.count + body.count + replacements.count)
    var copied = 0
    var index = 0
    while index < edits.count {
      let segment = walked.segments[edits[index].segment]
      let end = edits[index...].firstIndex { $0.segment != edits[index].segment } ?? edits.count
      if segment.isNumber {
        copy(body, copied..<segment.raw.lowerBound, into: &output)
        spliceNumber(body, segment, edits[index..<end], into: &output)
        copied = segment.raw.upperBound
      } else {
        spliceString(body, segment, edits[index..<end], copied: &copied, into: &output)
      }
      index = end
    }
    copy(body, copied..<body.count, into: &output)
  }

  private func spliceString(
    _ body: Span<UInt8>, _ segment: WalkedBody.Segment, _ edits: ArraySlice<Edit>, copied: inout Int,
    into output: inout [UInt8]
  ) {
    let raw = body.extracting(segment.raw)
    var cursor = (decoded: 0, raw: 0)
    for edit in edits {
      var start = edit.range.lowerBound
      var end = edit.range.upperBound
      if segment.isEscaped {
        start = StringEscapes.rawPosition(of: start, in: raw, cursor: &cursor)
        end = StringEscapes.rawPosition(of: end, in: raw, cursor: &cursor)
        if cursor.decoded < edit.range.upperBound, end < raw.count {
          // The border is inside what one escape stands for: all of it goes.
          end += raw[end] == UInt8(ascii: "\\") ? StringEscapes.step(raw, at: end).rawLength : 1
        }
      }
      while start > 0, start < raw.count, raw[start] & 0xC0 == 0x80 { start -= 1 }
      while end < raw.count, raw[end] & 0xC0 == 0x80 { end += 1 }
      let from = max(segment.raw.lowerBound + min(start, raw.count), copied)
      copy(body, copied..<from, into: &output)
      StringEscapes.encode(replacements.span.extracting(edit.replacement), into: &output)
      copied = max(segment.raw.lowerBound + min(end, raw.count), from)
    }
  }

  /// A number with an edit becomes a string: what replaces a part of it is seldom a number.
  private func spliceNumber(
    _ body: Span<UInt8>, _ segment: WalkedBody.Segment, _ edits: ArraySlice<Edit>, into output: inout [UInt8]
  ) {
    output.append(UInt8(ascii: "\""))
    var copied = segment.raw.lowerBound
    for edit in edits {
      let from = max(segment.raw.lowerBound + min(edit.range.lowerBound, segment.raw.count), copied)
      copy(body, copied..<from, into: &output)
      StringEscapes.encode(replacements.span.extracting(edit.replacement), into: &output)
      copied = max(segment.raw.lowerBound + min(edit.range.upperBound, segment.raw.count), from)
    }
    copy(body, copied..<segment.raw.upperBound, into: &output)
    output.append(UInt8(ascii: "\""))
  }

  private func copy(_ body: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]) {
    output.append(copying: body.extracting(range))
  }
}

extension Array where Element == UInt8 {
  /// Appends a span's bytes.
  @inline(__always)
  mutating func append(copying span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

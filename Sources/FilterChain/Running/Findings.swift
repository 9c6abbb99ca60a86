internal import FilterABI

/// A protected value that a detector reported: bytes `start..<end` of one segment's decoded text.
public struct FindingReport: Sendable {
  /// The segment's index in its source; for a stream, the channel's or the whole text's own number.
  public let segment: Int
  public var start: Int
  public var end: Int
  public var kind: Name
  /// 0 to 10000.
  public var confidence: UInt32
  public var detector: Name
  /// What a mask did with it; nil: nothing, it went out as it was.
  public var operation: Name?
  /// By which the same value is recognised; zero until it is known.
  public var fingerprint = InlineArray<16, UInt8>(repeating: 0)
  var hasFingerprint = false
}

extension Array where Element == FindingReport {
  /// Sorts the findings of one segment and merges those that overlap: the surest one's kind covers the whole
  /// stretch, so that no byte that any detector reported is left out.
  mutating func merge(from first: Int) {
    guard count - first > 1 else { return }
    self[first...].sort { ($0.start, -$0.end, $1.confidence) < ($1.start, -$1.end, $0.confidence) }
    var last = first
    for index in first + 1..<count {
      let next = self[index]
      guard next.start < self[last].end else {
        last += 1
        self[last] = next
        continue
      }
      let end = Swift.max(self[last].end, next.end)
      let isSurer =
        (next.confidence, next.end - next.start) > (self[last].confidence, self[last].end - self[last].start)
      if isSurer {
        self[last].kind = next.kind
        self[last].detector = next.detector
        self[last].confidence = next.confidence
      }
      self[last].end = end
    }
    removeSubrange((last + 1)...)
  }
}

/// A replacement that a mask asked for.
public struct EditPlan: Sendable {
  /// As in ``FindingReport/segment``.
  public let segment: Int
  /// Of the segment's decoded text.
  public var range: Range<Int>
  /// In the arena that comes with it.
  public let replacement: Range<Int>
}

/// Moves a range outwards to the borders of code points.
func snap(_ start: Int, _ end: Int, in text: Span<UInt8>) -> Range<Int> {
  var start = start
  var end = end
  while start > 0, start < text.count, text[start] & 0xC0 == 0x80 { start -= 1 }
  while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
  return start..<end
}

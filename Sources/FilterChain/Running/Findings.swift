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
  /// How long the finding was that gave this one its kind.
  private(set) var weight: Int

  init(
    segment: Int, start: Int, end: Int, kind: Name, confidence: UInt32, detector: Name, weight: Int? = nil
  ) {
    self.segment = segment
    self.start = start
    self.end = end
    self.kind = kind
    self.confidence = confidence
    self.detector = detector
    self.weight = weight ?? end - start
  }

  /// Whether another finding that overlaps gives the kind: the surer one, then the longer. Between equals the names
  /// decide, so that it makes no difference in which order they were found.
  private func yields(to other: FindingReport) -> Bool {
    if confidence != other.confidence { return other.confidence > confidence }
    if weight != other.weight { return other.weight > weight }
    if kind != other.kind { return other.kind.text < kind.text }
    return other.detector != detector && other.detector.text < detector.text
  }

  /// Takes in another one that overlaps and does not begin earlier: both stretches become one.
  fileprivate mutating func absorb(_ other: FindingReport) {
    let isLonger = other.end > end
    if operation != nil, !isLonger { return }  // a mask has dealt with all of it
    if operation != nil || isLonger { hasFingerprint = false }
    operation = nil
    end = max(end, other.end)
    guard yields(to: other) else { return }
    if kind != other.kind { hasFingerprint = false }
    kind = other.kind
    detector = other.detector
    confidence = other.confidence
    weight = other.weight
  }
}

extension Array where Element == FindingReport {
  /// Sorts the findings of one text, which begin at `first`, and makes one of those that overlap: the surest one's
  /// kind covers the whole stretch, so that no byte that any detector reported is left out.
  mutating func merge(from first: Int) {
    guard count - first > 1 else { return }
    self[first...].sort { ($0.start, $1.end) < ($1.start, $0.end) }
    var last = first
    for index in first + 1..<count {
      if self[index].start < self[last].end {
        let next = self[index]
        self[last].absorb(next)
      } else {
        last += 1
        if last != index { self[last] = self[index] }
      }
    }
    removeSubrange((last + 1)...)
  }
}

extension Array where Element == sluice_finding {
  /// The ABI's form of findings.
  mutating func fill(_ findings: ArraySlice<FindingReport>) {
    unsafe removeAll(keepingCapacity: true)
    for finding in findings {
      unsafe append(
        sluice_finding(
          size: UInt32(MemoryLayout<sluice_finding>.size), confidence: finding.confidence,
          start: UInt64(finding.start), end: UInt64(finding.end), kind: finding.kind.bytes,
          detector: finding.detector.bytes))
    }
  }
}

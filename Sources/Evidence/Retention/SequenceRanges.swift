/// Sets of sequences as ranges, ascending and apart: `0-16,20,22-35`.
struct SequenceRanges: Equatable, Sendable {
  private(set) var ranges: [ClosedRange<UInt64>] = []

  init() {}

  var isEmpty: Bool { ranges.isEmpty }
  var count: UInt64 { ranges.reduce(0) { $0 + UInt64($1.count) } }

  /// Adds a sequence that is larger than all before it.
  mutating func append(_ sequence: UInt64) {
    if let last = ranges.last, last.upperBound + 1 == sequence {
      ranges[ranges.count - 1] = last.lowerBound...sequence
    } else {
      ranges.append(sequence...sequence)
    }
  }

  mutating func add(_ range: ClosedRange<UInt64>) {
    var one = SequenceRanges()
    one.ranges = [range]
    self = union(one)
  }

  /// Reads ``text``; nil for anything else.
  init?(_ text: some StringProtocol) {
    guard !text.isEmpty else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = UInt64(ends[0]), let last = ends.count == 2 ? UInt64(ends[1]) : first, first <= last,
        last < UInt64(Int64.max), ranges.last.map({ $0.upperBound < first }) ?? true
      else { return nil }
      ranges.append(first...last)
    }
  }

  var text: String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ",")
  }

  func contains(_ sequence: UInt64) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < sequence { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(sequence)
  }

  func union(_ other: SequenceRanges) -> SequenceRanges {
    var result = SequenceRanges()
    for range in (ranges + other.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.ranges.last, range.lowerBound <= last.upperBound + 1 {
        result.ranges[result.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.ranges.append(range)
      }
    }
    return result
  }

  func subtracting(_ other: SequenceRanges) -> SequenceRanges {
    var result = SequenceRanges()
    var next = 0
    for range in ranges {
      var first = range.lowerBound
      while next < other.ranges.count, other.ranges[next].upperBound < first { next += 1 }
      var index = next
      while index < other.ranges.count, other.ranges[index].lowerBound <= range.upperBound {
        if other.ranges[index].lowerBound > first {
          result.ranges.append(first...other.ranges[index].lowerBound - 1)
        }
        first = max(first, other.ranges[index].upperBound + 1)
        index += 1
      }
      if first <= range.upperBound { result.ranges.append(first...range.upperBound) }
    }
    return result
  }

  func intersection(_ other: SequenceRanges) -> SequenceRanges { subtracting(subtracting(other)) }
}

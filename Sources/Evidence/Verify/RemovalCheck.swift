/// Whether the records whose bodies are gone were allowed to go: a record that a checkpoint covers must name each, and
/// none may have been under legal hold when it did.
struct RemovalCheck {
  private var removed = SequenceRanges()
  private var permissions: [(sequence: UInt64, ranges: SequenceRanges)] = []
  private var holds: [String: SequenceRanges] = [:]
  private var againstHold: [String: SequenceRanges] = [:]

  var count: UInt64 { removed.count }

  mutating func takeRemoved(_ sequence: UInt64) { removed.append(sequence) }

  /// An administration record, at `sequence`, that fits its hash.
  mutating func take(_ event: LogEvent, at sequence: UInt64) {
    switch event {
    case .keyRotated: break
    case .sessionHeld(let session, let ranges):
      holds[session] = (holds[session] ?? SequenceRanges()).union(ranges)
    case .sessionReleased(let session): holds[session] = nil
    case .recordsRemoved(let ranges):
      // Nothing that comes later can be spoken of yet.
      var allowed = ranges.intersection(SequenceRanges(below: sequence))
      for (session, held) in holds {
        let wrong = allowed.intersection(held)
        guard !wrong.isEmpty else { continue }
        againstHold[session] = (againstHold[session] ?? SequenceRanges()).union(wrong)
        allowed = allowed.subtracting(held)
      }
      permissions.append((sequence, allowed))
    }
  }

  func finish(coveredSize: UInt64, _ report: inout VerificationReport) {
    guard !removed.isEmpty else { return }
    report.removed = removed.count
    var (signed, unsigned) = (SequenceRanges(), SequenceRanges())
    for (sequence, ranges) in permissions {
      if sequence < coveredSize { signed = signed.union(ranges) } else { unsigned = unsigned.union(ranges) }
    }
    let wrong = removed.subtracting(signed)
    for range in wrong.ranges {
      let one = SequenceRanges(range)
      let names =
        range.count == 1 ? "record \(range.lowerBound)" : "records \(range.lowerBound) to \(range.upperBound)"
      let message: String
      if let session = againstHold.filter({ !one.intersection($0.value).isEmpty }).map(\.key).min() {
        message = "\(names) removed though session \(session) was under legal hold"
      } else if one.subtracting(unsigned).isEmpty {
        message = "\(names) removed, and the record that allows it is covered by no checkpoint"
      } else {
        message = "\(names) removed, and no signed record allows it"
      }
      report.add(.removed, range.lowerBound, range.upperBound, file: "", at: 0, message)
    }
  }
}

extension SequenceRanges {
  init(_ range: ClosedRange<UInt64>) {
    self.init()
    add(range)
  }

  /// Everything below `sequence`.
  init(below sequence: UInt64) {
    self.init()
    if sequence > 0 { add(0...sequence - 1) }
  }
}

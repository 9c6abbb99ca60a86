internal import FilterKit

/// One direction of one exchange: whole texts, and texts that arrive in pieces.
final class PhiDetectSession: DetectSession {
  /// A text of which more is to come.
  private struct Stream {
    let id: UInt64
    var scanner: Scanner
    /// What is still needed of the text: context, and what has not been decided. Its first byte is at `base`.
    var window: [UInt8] = []
    var base = 0
    /// Below this offset of the text everything is decided.
    var decided = 0
  }

  private let detector: PhiDetector
  private var streams: [Stream] = []
  private var scanner: Scanner?

  init(_ detector: PhiDetector) { self.detector = detector }

  deinit {
    if let scanner { detector.giveBack(scanner) }
    for stream in streams { detector.giveBack(stream.scanner) }
  }

  func feed(
    _ segment: borrowing SegmentView, base: UInt64, text: Span<UInt8>, end: Bool,
    findings: borrowing FindingEmitter
  ) throws(FilterError) -> UInt64 {
    if base == 0, end {
      try whole(segment, text, findings)
      return UInt64(text.count)
    }
    let id = segment.id
    let index = streams.firstIndex { $0.id == id } ?? streams.count
    if index == streams.count {
      var scanner = detector.takeScanner()
      scanner.begin()
      streams.append(Stream(id: id, scanner: scanner))
    }
    let safe = try piece(index, text, end: end, findings)
    if end { detector.giveBack(streams.remove(at: index).scanner) }
    return safe
  }

  private func whole(
    _ segment: borrowing SegmentView, _ text: Span<UInt8>, _ findings: borrowing FindingEmitter
  ) throws(FilterError) {
    guard !text.isEmpty else { return }
    var scanner = self.scanner ?? detector.takeScanner()
    self.scanner = nil
    defer { self.scanner = scanner }
    scanner.begin()
    try scanner.scan(text, 0..<text.count)
    for candidate in scanner.found where detector.isWanted(candidate, in: text) {
      try findings.emit(
        start: UInt64(candidate.range.lowerBound), end: UInt64(candidate.range.upperBound),
        kind: candidate.kind,
        confidence: candidate.confidence, detector: candidate.detector)
    }
    if let field = segment.withName({ FieldNames.kind(of: $0) }), text.count <= FieldNames.longest,
      let range = FieldNames.value(field, in: text)
    {
      let candidate = Candidate(range: range, kind: field, confidence: 9000, detector: "phi/field")
      if detector.isWanted(candidate, in: text) {
        try findings.emit(
          start: UInt64(range.lowerBound), end: UInt64(range.upperBound), kind: field, confidence: 9000,
          detector: "phi/field")
      }
    }
  }

  /// Takes a piece of a stream; returns safe_through.
  private func piece(
    _ index: Int, _ text: Span<UInt8>, end: Bool, _ findings: borrowing FindingEmitter
  ) throws(FilterError) -> UInt64 {
    var stream = streams[index]
    streams[index].window = []  // so that the copy is the only owner
    defer { streams[index] = stream }
    for position in text.indices { stream.window.append(text[position]) }
    let window = stream.window
    let view = window.span
    let decided = end ? window.count : decidable(view, stream)
    let from = stream.decided - stream.base
    if from < decided {
      try stream.scanner.scan(view, from..<decided)
      for candidate in stream.scanner.found.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
      where detector.isWanted(candidate, in: view) {
        try findings.emit(
          start: UInt64(candidate.range.lowerBound + stream.base),
          end: UInt64(candidate.range.upperBound + stream.base),
          kind: candidate.kind, confidence: candidate.confidence, detector: candidate.detector)
      }
    }
    stream.decided = max(stream.decided, decided + stream.base)
    let needed = max(stream.decided - stream.base - Scanner.leftContext - 64, 0)
    if needed > 1024 || needed > window.count / 2 {
      stream.window.removeSubrange(..<needed)
      stream.base += needed
      stream.scanner.shift(by: needed)
    }
    return UInt64(stream.decided)
  }

  /// How far a stream's window can be decided: up to the first run at which a value may begin that what is still
  /// to come may change.
  private func decidable(_ window: Span<UInt8>, _ stream: Stream) -> Int {
    var position = max(stream.decided - stream.base, settled(window, from: stream.decided - stream.base))
    while position < window.count {
      if Bytes.isSpace(window[position]) {
        position += 1
      } else if stream.scanner.isInsideKey {
        return position
      } else if let end = Inertness.endOfInertRun(
        window, at: position, from: max(position - Scanner.leftContext, 0))
      {
        position = end
      } else {
        return position
      }
    }
    return position
  }

  /// Everything before this is settled, as enough stands behind it: a number of runs on its line, a number of
  /// bytes, or a few words of the next line.
  private func settled(_ window: Span<UInt8>, from start: Int) -> Int {
    let bytes = window.count - Scanner.rightContext
    var runs = 0
    var position = window.count
    while position > max(start, bytes), runs <= 14 {
      position -= 1
      if Bytes.isSpace(window[position]), position + 1 < window.count, !Bytes.isSpace(window[position + 1]) {
        runs += 1
      }
    }
    return max(position == start ? start : runs > 14 ? position + 1 : position, bytes, start)
  }
}

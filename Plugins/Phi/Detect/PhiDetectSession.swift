internal import FilterKit

/// One direction of one exchange: whole texts, and texts that arrive in pieces.
final class PhiDetectSession: DetectSession {
  /// A text of which more is to come.
  private struct Stream {
    let id: UInt64
    /// What the text so far says; the scanner that reads it belongs to all streams.
    var memory: Scanner.Memory
    /// What is still needed of the text: context, and what has not been decided.
    var window = NormalText()
    /// Below this offset of the normal text everything is decided.
    var decided = 0
  }

  private let detector: PhiDetector
  private var streams: [Stream] = []
  /// The whole text that is looked at, where it is not its own normal form.
  private var normal = NormalText()
  private var arrays = ArrayContext()

  init(_ detector: PhiDetector) { self.detector = detector }

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
    if index == streams.count { streams.append(Stream(id: id, memory: detector.freshMemory())) }
    let safe = try piece(index, segment, text, end: end, findings)
    if end { streams.remove(at: index) }
    return safe
  }

  private func whole(
    _ segment: borrowing SegmentView, _ text: Span<UInt8>, _ findings: borrowing FindingEmitter
  ) throws(FilterError) {
    guard !text.isEmpty else { return }
    guard text.count <= Self.largestAtOnce else { return try long(segment, text, findings) }
    if NormalText.isNormal(text) { return try whole(segment, text, from: nil, findings) }
    var normal = self.normal
    self.normal = NormalText()  // so that the copy is the only owner
    defer { self.normal = normal }
    normal.removeAll()
    normal.append(text, end: true)
    try whole(segment, normal.bytes.span, from: normal, findings)
  }

  private func whole(
    _ segment: borrowing SegmentView, _ text: Span<UInt8>, from normal: NormalText?,
    _ findings: borrowing FindingEmitter
  ) throws(FilterError) {
    var scanner = detector.takeScanner()
    defer { detector.giveBack(scanner) }
    scanner.memory.begin()
    try scanner.scan(text, 0..<text.count, escaped: normal?.escapedSigns ?? EscapedSigns())
    let view = TextView(text, from: 0)
    let thresholds = detector.thresholds(for: segment)
    let named = segment.withName { FieldNames.kind(of: $0) }
    let beside = arrays.kind(of: text, in: segment)
    var field: Candidate?
    if let kind = named ?? FieldNames.kind(ofPointer: segment) ?? beside, text.count <= FieldNames.longest,
      let range = FieldNames.value(kind, in: text)
    {
      let candidate = Candidate(range: range, kind: kind, confidence: 9000, detector: "phi/field")
      field = detector.reported(candidate, view, thresholds)
    }
    for found in scanner.found {
      // A field says what it holds: what the tagger takes its words for is less sure.
      if let field, Self.isByWords(found.kind),
        field.range.lowerBound <= found.range.lowerBound, found.range.upperBound <= field.range.upperBound
      {
        continue
      }
      guard let candidate = detector.reported(found, view, thresholds) else { continue }
      try emit(candidate, at: normal?.origin(of: candidate.range) ?? candidate.range, findings)
    }
    if let field { try emit(field, at: normal?.origin(of: field.range) ?? field.range, findings) }
  }

  /// A text that is larger is read as a stream is, so that what it takes does not grow with it.
  private static let largestAtOnce = 64 << 10
  private static let pieceOfLong = 32 << 10

  private func long(
    _ segment: borrowing SegmentView, _ text: Span<UInt8>, _ findings: borrowing FindingEmitter
  ) throws(FilterError) {
    _ = arrays.kind(of: text, in: segment)
    let index = streams.count
    streams.append(Stream(id: segment.id, memory: detector.freshMemory()))
    defer { streams.remove(at: index) }
    var start = 0
    while start < text.count {
      let end = min(start + Self.pieceOfLong, text.count)
      _ = try piece(index, segment, text.extracting(start..<end), end: end == text.count, findings)
      start = end
    }
  }

  private static func isByWords(_ kind: Kind) -> Bool { kind == "NAME" || kind == "CITY" || kind == "ORG" }

  private func emit(
    _ candidate: Candidate, at range: Range<Int>, _ findings: borrowing FindingEmitter
  ) throws(FilterError) {
    try findings.emit(
      start: UInt64(range.lowerBound), end: UInt64(range.upperBound), kind: candidate.kind,
      confidence: candidate.confidence, detector: candidate.detector)
  }

  /// Takes a piece of a stream; returns safe_through.
  private func piece(
    _ index: Int, _ segment: borrowing SegmentView, _ text: Span<UInt8>, end: Bool,
    _ findings: borrowing FindingEmitter
  ) throws(FilterError) -> UInt64 {
    var stream = streams[index]
    var window = stream.window
    stream.window = NormalText()  // so that the copy is the only owner
    streams[index].window = NormalText()
    defer {
      stream.window = window
      streams[index] = stream
    }
    window.append(text, end: end)
    var scanner = detector.takeScanner()
    defer { detector.giveBack(scanner) }
    try decide(&stream, &scanner, window, detector.thresholds(for: segment), end: end, findings)
    let safe = window.origin(through: stream.decided)
    let needed = max(stream.decided - window.base - Scanner.leftContext - 64, 0)
    if needed > 1024 || needed > window.bytes.count / 2 {
      window.removeFirst(needed)
      stream.memory.shift(by: needed)
    }
    return UInt64(safe)
  }

  /// Reports what begins in the part of a stream's window that can be decided by now.
  private func decide(
    _ stream: inout Stream, _ scanner: inout Scanner, _ window: borrowing NormalText,
    _ thresholds: Thresholds.Local, end: Bool, _ findings: borrowing FindingEmitter
  ) throws(FilterError) {
    let text = window.bytes.span
    let from = stream.decided - window.base
    let decided = end ? text.count : decidable(text, from: from, isInsideKey: stream.memory.isInsideKey)
    guard from < decided else { return }
    stream.decided = decided + window.base
    swap(&stream.memory, &scanner.memory)
    defer { swap(&stream.memory, &scanner.memory) }
    try scanner.scan(text, from..<decided, escaped: window.escapedSigns, base: window.base)
    for found in scanner.found {
      // As far back as a whole text is looked at from there.
      let view = TextView(text, from: max(0, found.range.lowerBound - Scanner.leftContext))
      guard let candidate = detector.reported(found, view, thresholds) else { continue }
      let range = candidate.range.lowerBound + window.base..<candidate.range.upperBound + window.base
      try emit(candidate, at: window.origin(of: range), findings)
    }
  }

  /// What stands behind a run settles it: so many runs, or ``Scanner/rightContext`` bytes. A name needs fewer than a
  /// number, which may be an address's, and a number that is spelled out needs the most.
  private static let runsBehindWord = 9
  private static let runsBehindNumber = 13
  private static let runsBehindSpelled = SpelledRules.mostWords + 2

  /// Where the runs begin, from the left, that are not settled yet.
  private struct Borders {
    var word, number, spelled: Int
  }

  /// How far a stream's window can be decided: up to the first run at which a value may begin that what is still
  /// to come may change.
  private func decidable(_ window: Span<UInt8>, from start: Int, isInsideKey: Bool) -> Int {
    let borders = borders(window, from: start)
    var position = borders.spelled
    while position < window.count {
      if Bytes.isSpace(window[position]) {
        position += 1
      } else if position < borders.number {
        let end = Self.endOfRun(window, at: position)
        if hasSpelledDigit(window, position..<end) { return position }
        position = end
      } else if isInsideKey || detector.custom.matcher != nil {
        // Of what a pipeline's own patterns look for, nothing is known but how long it is.
        return position
      } else if position < borders.word, let end = endOfPlainRun(window, at: position) {
        if hasSpelledDigit(window, position..<end) { return position }
        position = end
      } else if let end = detector.inertness.endOfInertRun(
        window, at: position, from: max(position - Scanner.leftContext, 0))
      {
        position = end
      } else {
        return position
      }
    }
    return position
  }

  private func borders(_ window: Span<UInt8>, from start: Int) -> Borders {
    let lower = max(start, window.count - Scanner.rightContext)
    var runs = 0
    var borders = Borders(word: lower, number: lower, spelled: lower)
    var position = window.count
    while position > lower {
      position -= 1
      guard Bytes.isSpace(window[position]), position + 1 < window.count,
        !Bytes.isSpace(window[position + 1]),
        window.count - position > detector.custom.longest
      else { continue }
      runs += 1
      if runs == Self.runsBehindWord { borders.word = position + 1 }
      if runs == Self.runsBehindNumber { borders.number = position + 1 }
      if runs == Self.runsBehindSpelled {
        borders.spelled = position + 1
        break
      }
    }
    return borders
  }

  private static func endOfRun(_ window: Span<UInt8>, at position: Int) -> Int {
    var end = position
    while end < window.count, !Bytes.isSpace(window[end]) { end += 1 }
    return end
  }

  /// Whether a number that is spelled out may begin in a run.
  private func hasSpelledDigit(_ window: Span<UInt8>, _ run: Range<Int>) -> Bool {
    var position = run.lowerBound
    while position < run.upperBound {
      let start = position
      while position < run.upperBound, Bytes.isLetter(window[position]) { position += 1 }
      if SpelledRules.isDigit(window, start..<position) { return true }
      if position == start { position += 1 }
    }
    return false
  }

  /// The end of a run of nothing but letters and the signs of a sentence; nil where it is another.
  private func endOfPlainRun(_ window: Span<UInt8>, at position: Int) -> Int? {
    var end = position
    while end < window.count, !Bytes.isSpace(window[end]) {
      guard Bytes.isLetter(window[end]) || ".,;'\"!?()".utf8.contains(window[end]) else { return nil }
      end += 1
    }
    return AddressFields.beginsAddress(TextView(window, from: 0), position) ? nil : end
  }
}

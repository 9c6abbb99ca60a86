internal import FilterABI

/// What a detector emits during one call. Checks what the header demands; the first breach ends the exchange.
@safe final class FindingCollector {
  var findings: [FindingReport] = []
  private var kinds = NameCache()
  private var rules = NameCache()
  var segment = 0
  /// How far the text has been fed, and below which offset nothing may begin.
  var fed = 0
  var safe = 0
  private(set) var breach: String?
  private let raw: UnsafeMutablePointer<sluice_finding_emitter>

  init() {
    unsafe raw = .allocate(capacity: 1)
    unsafe raw.initialize(to: sluice_finding_emitter())
  }

  deinit { unsafe raw.deallocate() }

  /// Lends the emitter for one call.
  @inline(__always)
  func collect<R>(_ body: (UnsafePointer<sluice_finding_emitter>) -> R) -> R {
    breach = nil
    unsafe raw.pointee = sluice_finding_emitter(
      size: UInt32(MemoryLayout<sluice_finding_emitter>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      emit: { context, finding in
        guard let context = unsafe context, let finding = unsafe finding else { return SLUICE_ERROR_DENIED }
        return unsafe Unmanaged<FindingCollector>.fromOpaque(context).takeUnretainedValue().take(
          finding.pointee)
      })
    defer {
      unsafe raw.pointee = sluice_finding_emitter(
        size: 0, reserved: 0, context: nil, emit: { _, _ in SLUICE_ERROR_DENIED })
    }
    return unsafe body(UnsafePointer(raw))
  }

  private func take(_ finding: sluice_finding) -> sluice_status {
    guard unsafe finding.size >= UInt32(MemoryLayout<sluice_finding>.size) else {
      return deny("a finding of an unknown size")
    }
    guard unsafe finding.start < finding.end, unsafe finding.end <= UInt64(fed) else {
      return deny("a finding outside the text")
    }
    guard unsafe finding.start >= UInt64(safe) else { return deny("a finding below what it had called safe") }
    guard let kind = unsafe kinds.name(finding.kind, Names.kind),
      let rule = unsafe rules.name(finding.detector, Names.rule)
    else {
      return deny("a finding whose kind or detector has no valid name")
    }
    findings.append(
      unsafe FindingReport(
        segment: segment, start: Int(finding.start), end: Int(finding.end), kind: kind,
        confidence: min(finding.confidence, 10_000), detector: rule, operation: nil))
    return SLUICE_OK
  }

  private func deny(_ what: String) -> sluice_status {
    breach = "The detector emitted \(what)."
    return SLUICE_ERROR_DENIED
  }
}

/// What a mask emits during one call.
@safe final class EditCollector {
  struct Emitted {
    let finding: Int?
    var range: Range<Int>
    let replacement: Range<Int>
    let operation: Name
    let fingerprint: InlineArray<16, UInt8>?
  }

  var edits: [Emitted] = []
  /// The replacements' bytes.
  var arena: [UInt8] = []
  private var operations = NameCache()
  private var text = 0..<0
  private var findings = 0
  private(set) var breach: String?
  private let raw: UnsafeMutablePointer<sluice_edit_emitter>

  init() {
    unsafe raw = .allocate(capacity: 1)
    unsafe raw.initialize(to: sluice_edit_emitter())
  }

  deinit { unsafe raw.deallocate() }

  /// Lends the emitter for one call about the text at `text` with so many findings.
  @inline(__always)
  func collect<R>(text: Range<Int>, findings: Int, _ body: (UnsafePointer<sluice_edit_emitter>) -> R) -> R {
    edits.removeAll(keepingCapacity: true)
    self.text = text
    self.findings = findings
    breach = nil
    unsafe raw.pointee = sluice_edit_emitter(
      size: UInt32(MemoryLayout<sluice_edit_emitter>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      emit: { context, edit in
        guard let context = unsafe context, let edit = unsafe edit else { return SLUICE_ERROR_DENIED }
        return unsafe Unmanaged<EditCollector>.fromOpaque(context).takeUnretainedValue().take(edit.pointee)
      })
    defer {
      unsafe raw.pointee = sluice_edit_emitter(
        size: 0, reserved: 0, context: nil, emit: { _, _ in SLUICE_ERROR_DENIED })
    }
    return unsafe body(UnsafePointer(raw))
  }

  private func take(_ edit: sluice_edit) -> sluice_status {
    guard unsafe edit.size >= UInt32(MemoryLayout<sluice_edit>.size) else {
      return deny("an edit of an unknown size")
    }
    guard unsafe edit.start <= edit.end, unsafe edit.start >= UInt64(text.lowerBound),
      unsafe edit.end <= UInt64(text.upperBound)
    else { return deny("an edit outside the text") }
    guard let operation = unsafe operations.name(edit.operation, Names.rule) else {
      return deny("an edit whose operation has no valid name")
    }
    var finding: Int?
    if unsafe edit.finding != SLUICE_EDIT_NO_FINDING {
      guard unsafe Int(edit.finding) < findings else { return deny("an edit of a finding that there is not") }
      finding = unsafe Int(edit.finding)
    }
    let start = arena.count
    guard unsafe edit.replacement.length <= 1 << 20, unsafe edit.replacement.withSpan({ isUTF8($0) }) else {
      return deny("a replacement that is no text")
    }
    unsafe edit.replacement.withSpan { bytes in for index in bytes.indices { arena.append(bytes[index]) } }
    var fingerprint: InlineArray<16, UInt8>?
    if unsafe edit.fingerprint.length == 16 {
      var copy = InlineArray<16, UInt8>(repeating: 0)
      unsafe edit.fingerprint.withSpan { bytes in for index in bytes.indices { copy[index] = bytes[index] } }
      fingerprint = copy
    }
    edits.append(
      unsafe Emitted(
        finding: finding, range: Int(edit.start)..<Int(edit.end), replacement: start..<arena.count,
        operation: operation, fingerprint: fingerprint))
    return SLUICE_OK
  }

  private func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    var isASCII = true
    for index in bytes.indices where bytes[index] >= 0x80 { isASCII = false }
    if isASCII { return true }
    var copy: [UInt8] = []
    for index in bytes.indices { copy.append(bytes[index]) }
    return String(validating: copy, as: UTF8.self) != nil
  }

  private func deny(_ what: String) -> sluice_status {
    breach = "The mask emitted \(what)."
    return SLUICE_ERROR_DENIED
  }
}

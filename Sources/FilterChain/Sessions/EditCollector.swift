internal import FilterABI

/// What a mask emits during one call. Checks what the header demands; the first breach ends the exchange.
@safe final class EditCollector {
  struct Emitted {
    /// Its place among the findings that were offered.
    let finding: Int?
    let range: Range<Int>
    /// In the arena.
    let replacement: Range<Int>
    let operation: Name
    let fingerprint: InlineArray<16, UInt8>?
  }

  private(set) var edits: [Emitted] = []
  /// The replacements' bytes.
  var arena: [UInt8] = []
  private var text = 0..<0
  private var findings = 0
  private(set) var breach: String?
  private var operations = NameCache()
  private let slot: EmitterSlot

  /// Bytes of one replacement, and of all of one payload.
  private static let longestReplacement = 1 << 20
  private static let largestArena = 64 << 20

  init(_ slot: EmitterSlot) { self.slot = slot }

  /// Lends the emitter for one call about the text at `text` with so many findings.
  @inline(__always)
  func collect<R>(text: Range<Int>, findings: Int, _ body: (UnsafePointer<sluice_edit_emitter>) -> R) -> R {
    edits.removeAll(keepingCapacity: true)
    self.text = text
    self.findings = findings
    breach = nil
    let emitter = unsafe sluice_edit_emitter(
      size: UInt32(MemoryLayout<sluice_edit_emitter>.size), reserved: 0, context: slot.context,
      emit: { context, edit in
        guard let collector = unsafe EmitterSlot.target(context, as: EditCollector.self) else {
          return SLUICE_ERROR_DENIED
        }
        return unsafe collector.take(edit)
      })
    return unsafe slot.lend(emitter, to: self, body)
  }

  private func take(_ raw: UnsafePointer<sluice_edit>?) -> sluice_status {
    guard breach == nil else { return SLUICE_ERROR_DENIED }
    guard let edit = unsafe Sized.read(raw) else { return deny("an edit without a size") }
    guard edits.count <= text.count + findings + 1024 else {
      return deny("more edits than its text has bytes")
    }
    guard unsafe edit.start <= edit.end, unsafe edit.start >= UInt64(text.lowerBound),
      unsafe edit.end <= UInt64(text.upperBound)
    else { return deny("an edit outside the text") }
    guard let operation = unsafe operations.name(edit.operation, Names.operation) else {
      return deny("an edit whose operation is no valid name")
    }
    var finding: Int?
    if unsafe edit.finding != SLUICE_EDIT_NO_FINDING {
      guard unsafe Int(edit.finding) < findings else { return deny("an edit of a finding that there is not") }
      finding = unsafe Int(edit.finding)
    }
    guard unsafe edit.replacement.length <= UInt64(Self.longestReplacement),
      unsafe arena.count + Int(edit.replacement.length) <= Self.largestArena
    else { return deny("a replacement that is too long") }
    guard unsafe edit.replacement.withSpan({ Self.isUTF8($0) }) else {
      return deny("a replacement that is no text")
    }
    var fingerprint: InlineArray<16, UInt8>?
    switch unsafe edit.fingerprint.length {
    case 0: break
    case 16:
      var copy = InlineArray<16, UInt8>(repeating: 0)
      unsafe edit.fingerprint.withSpan { bytes in for index in bytes.indices { copy[index] = bytes[index] } }
      fingerprint = copy
    default: return deny("a fingerprint that has not 16 bytes")
    }
    let start = arena.count
    unsafe edit.replacement.withSpan { arena.append($0) }
    edits.append(
      unsafe Emitted(
        finding: finding, range: Int(edit.start)..<Int(edit.end), replacement: start..<arena.count,
        operation: operation, fingerprint: fingerprint))
    return SLUICE_OK
  }

  private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    var all: UInt8 = 0
    for index in bytes.indices { all |= bytes[index] }
    if all < 0x80 { return true }
    return unsafe bytes.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) != nil }
  }

  private func deny(_ what: String) -> sluice_status {
    breach = "The mask emitted \(what)."
    return SLUICE_ERROR_DENIED
  }
}

public import FilterABI

/// An edit as a mask filter asked for it.
public struct TestEdit: Equatable, Sendable {
  public let range: Range<Int>
  public let replacement: String
  public let operation: String
  public let finding: Int?
  public let fingerprint: [UInt8]
}

private final class EditBox { var edits: [TestEdit] = [] }

extension Instance where S == MaskStage {
  var table: UnsafePointer<sluice_mask> { unsafe rawTable.assumingMemoryBound(to: sluice_mask.self) }

  /// The edits of one text, which begins at `base` of its segment; findings are given in its own offsets.
  public func edits(
    _ text: String, _ findings: [TestFinding], pointer: String = "/messages/0/content", base: Int = 0,
    direction: UInt32 = SLUICE_DIRECTION_REQUEST
  ) throws(FilterFailure) -> [TestEdit] {
    let arena = Arena()
    let box = EditBox()
    defer { withExtendedLifetime((arena, box)) {} }
    var session: UnsafeMutableRawPointer?
    let table = unsafe self.table.pointee
    unsafe try checked { unsafe table.open(raw, arena.exchange(direction), &session, $0) }
    defer { unsafe table.close(session) }
    var emitter = unsafe sluice_edit_emitter(
      size: size(sluice_edit_emitter.self), reserved: 0, context: Unmanaged.passUnretained(box).toOpaque(),
      emit: { context, edit in
        guard let box = unsafe object(context, as: EditBox.self), let edit = unsafe edit?.pointee else {
          return SLUICE_ERROR_DENIED
        }
        unsafe box.edits.append(
          TestEdit(
            range: Int(edit.start)..<Int(edit.end), replacement: edit.replacement.string,
            operation: edit.operation.string,
            finding: edit.finding == SLUICE_EDIT_NO_FINDING ? nil : Int(edit.finding),
            fingerprint: edit.fingerprint.array))
        return SLUICE_OK
      })
    let moved = findings.map { finding in
      TestFinding(
        finding.range.lowerBound + base..<finding.range.upperBound + base, finding.kind,
        confidence: finding.confidence)
    }
    unsafe try checked { error in
      unsafe table.edit(
        session, arena.segment(pointer: pointer), UInt64(base), arena.bytes(text), arena.findings(moved),
        &emitter,
        error)
    }
    return box.edits
  }

  /// The text after its edits, merged as mask.h says: sorted, longer first, overlapping ones with the first's text.
  public func masked(
    _ text: String, _ findings: [TestFinding], pointer: String = "/messages/0/content",
    direction: UInt32 = SLUICE_DIRECTION_REQUEST
  ) throws(FilterFailure) -> String {
    let edits = try edits(text, findings, pointer: pointer, direction: direction).sorted {
      ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
    }
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var at = 0
    for edit in edits where edit.range.lowerBound >= at {
      output += bytes[at..<edit.range.lowerBound] + Array(edit.replacement.utf8)
      at = edit.range.upperBound
    }
    return String(decoding: output + bytes[at...], as: UTF8.self)
  }
}

private final class FindingBox { var findings: [TestFinding] = [] }

extension Instance where S == DetectStage {
  var table: UnsafePointer<sluice_detect> { unsafe rawTable.assumingMemoryBound(to: sluice_detect.self) }

  /// The findings of a text that is fed in pieces, and the safe_through after each.
  public func detect(
    _ pieces: [[UInt8]], pointer: String = "/messages/0/content", role: UInt32 = SLUICE_ROLE_USER
  ) throws(FilterFailure) -> (findings: [TestFinding], safe: [UInt64]) {
    let arena = Arena()
    let box = FindingBox()
    defer { withExtendedLifetime((arena, box)) {} }
    var session: UnsafeMutableRawPointer?
    let table = unsafe self.table.pointee
    unsafe try checked { unsafe table.open(raw, arena.exchange(), &session, $0) }
    defer { unsafe table.close(session) }
    var emitter = unsafe Self.emitter(into: box)
    let segment = unsafe arena.segment(role: role, pointer: pointer, flags: SLUICE_SEGMENT_STREAMED)
    var base: UInt64 = 0
    var safe: [UInt64] = []
    for (index, piece) in pieces.enumerated() {
      var through: UInt64 = 0
      let isLast: UInt32 = index == pieces.count - 1 ? 1 : 0
      unsafe try checked { error in
        unsafe table.feed(session, segment, base, arena.bytes(piece), isLast, &emitter, &through, error)
      }
      base += UInt64(piece.count)
      safe.append(through)
    }
    return (box.findings, safe)
  }

  /// The findings of several whole texts of one session, each with its pointer.
  public func detect(texts: [(pointer: String, text: String)]) throws(FilterFailure) -> [[TestFinding]] {
    let arena = Arena()
    let box = FindingBox()
    defer { withExtendedLifetime((arena, box)) {} }
    var session: UnsafeMutableRawPointer?
    let table = unsafe self.table.pointee
    unsafe try checked { unsafe table.open(raw, arena.exchange(), &session, $0) }
    defer { unsafe table.close(session) }
    var emitter = unsafe Self.emitter(into: box)
    var found: [[TestFinding]] = []
    for (index, text) in texts.enumerated() {
      var through: UInt64 = 0
      box.findings = []
      unsafe try checked { error in
        unsafe table.feed(
          session, arena.segment(id: UInt64(index), pointer: text.pointer, name: ""), 0,
          arena.bytes(text.text), 1,
          &emitter, &through, error)
      }
      found.append(box.findings)
    }
    return found
  }

  private static func emitter(into box: FindingBox) -> sluice_finding_emitter {
    unsafe sluice_finding_emitter(
      size: size(sluice_finding_emitter.self), reserved: 0, context: Unmanaged.passUnretained(box).toOpaque(),
      emit: { context, finding in
        guard let box = unsafe object(context, as: FindingBox.self), let finding = unsafe finding?.pointee
        else {
          return SLUICE_ERROR_DENIED
        }
        unsafe box.findings.append(
          TestFinding(
            Int(finding.start)..<Int(finding.end), finding.kind.string, confidence: finding.confidence))
        return SLUICE_OK
      })
  }

  public var maximumHold: UInt64 { unsafe table.pointee.maximum_hold(raw) }
}

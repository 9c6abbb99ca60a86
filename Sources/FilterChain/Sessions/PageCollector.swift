internal import FilterABI

/// Takes what a sink hands over in one call, checks and copies it.
@safe final class PageCollector {
  private(set) var configuration: [UInt8]?
  private(set) var logs: [String] = []
  private(set) var records: [HeldRecord] = []
  private(set) var checkpoints: [[UInt8]] = []
  private(set) var sessions: [HeldSession] = []
  /// What the call answered.
  private(set) var status = SLUICE_OK
  private var fault: String?
  private let raw = UnsafeMutablePointer<sluice_read_receiver>.allocate(capacity: 1)

  /// No name of a log, a session, a person or a pipeline is longer, in bytes.
  private static let longestName = 1024
  /// Nor has a session more kinds of findings, or approvals in more states.
  private static let mostNames = 256
  /// No checkpoint is: three lines and a few signatures.
  private static let longestNote = 1 << 16

  init() {
    unsafe raw.initialize(
      to: sluice_read_receiver(
        size: UInt32(MemoryLayout<sluice_read_receiver>.size), reserved: 0,
        context: Unmanaged.passUnretained(self).toOpaque(),
        configuration: { context, json in
          unsafe PageCollector.of(context).take { page in
            page.configuration = unsafe json.copied
            return nil
          }
        },
        log: { context, name in
          unsafe PageCollector.of(context).take { page in
            guard let name = unsafe name.exactText(upTo: PageCollector.longestName), !name.isEmpty else {
              return "The sink names a log in no text of at most \(PageCollector.longestName) bytes."
            }
            page.logs.append(name)
            return nil
          }
        },
        record: { context, record in
          unsafe PageCollector.of(context).take { unsafe $0.add(record) }
        },
        checkpoint: { context, note in
          unsafe PageCollector.of(context).take { page in
            guard unsafe note.length <= UInt64(PageCollector.longestNote) else {
              return "The sink hands over a checkpoint of more than \(PageCollector.longestNote) bytes."
            }
            page.checkpoints.append(unsafe note.copied)
            return nil
          }
        },
        session: { context, session in
          unsafe PageCollector.of(context).take { unsafe $0.add(session) }
        }))
  }

  deinit { unsafe raw.deallocate() }

  /// To be handed to a call while this object is alive.
  var receiver: UnsafePointer<sluice_read_receiver> { unsafe UnsafePointer(raw) }

  func check(_ status: sluice_status, _ detail: ErrorDetail) throws(SinkInstance.Failure) {
    self.status = status
    if let fault { throw SinkInstance.Failure(message: fault, isTemporary: false) }
    guard status == SLUICE_OK else {
      throw SinkInstance.Failure(message: detail.lastMessage, isTemporary: status == SLUICE_ERROR_UNAVAILABLE)
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> PageCollector {
    guard let context = unsafe context else { preconditionFailure("the plugin passed NULL for a context") }
    return unsafe Unmanaged<PageCollector>.fromOpaque(context).takeUnretainedValue()
  }

  /// Runs one taking, which returns what is wrong. After a fault nothing more is taken.
  private func take(_ body: (PageCollector) -> String?) -> sluice_status {
    guard fault == nil else { return SLUICE_ERROR_DENIED }
    fault = body(self)
    return fault == nil ? SLUICE_OK : SLUICE_ERROR_DENIED
  }

  private func add(_ pointer: UnsafePointer<sluice_held_record>?) -> String? {
    guard let record = unsafe Sized.read(pointer) else {
      return "The sink hands over a record without a size."
    }
    let leaf = unsafe record.leaf.copied
    guard leaf.isEmpty || leaf.count == 32 else {
      return "The sink hands over a hash that is not of 32 bytes."
    }
    let sequence = unsafe record.sequence
    if let last = records.last, sequence < last.sequence { return "The sink's records are out of order." }
    records.append(
      HeldRecord(
        sequence: sequence, json: unsafe record.json.copied, leaf: leaf,
        isRemoved: unsafe record.flags & SLUICE_HELD_REMOVED != 0))
    return nil
  }

  private func add(_ pointer: UnsafePointer<sluice_held_session>?) -> String? {
    guard let held = unsafe Sized.read(pointer) else {
      return "The sink hands over a session without a size."
    }
    guard let id = unsafe held.id.exactText(upTo: Self.longestName), !id.isEmpty,
      let subject = unsafe held.subject.exactText(upTo: Self.longestName),
      let pipeline = unsafe held.pipeline.exactText(upTo: Self.longestName),
      let kinds = unsafe held.kinds.texts(count: Self.mostNames, length: Self.longestName),
      let approvals = unsafe held.approvals.texts(count: Self.mostNames, length: Self.longestName)
    else {
      return "The sink hands over a session whose names are no text of at most \(Self.longestName) bytes."
    }
    sessions.append(
      unsafe HeldSession(
        id: id, subject: subject, pipeline: pipeline, firstSequence: held.first_sequence,
        firstTime: held.first_time, lastTime: held.last_time, records: held.records,
        exchanges: held.exchanges,
        denied: held.denied, isClosed: held.flags & SLUICE_HELD_CLOSED != 0,
        kinds: kinds, approvals: approvals, score: held.score <= 100 ? Int(held.score) : nil))
    return nil
  }
}

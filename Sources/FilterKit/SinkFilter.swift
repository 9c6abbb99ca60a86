internal import FilterABI

/// A filter that keeps evidence somewhere (sink.h).
public protocol SinkFilter: Filter {
  /// The highest level that its sessions ever acknowledge.
  var promises: DurabilityLevel { get }
  /// Begins keeping the log of that name. May block.
  func open(log: String, acknowledger: Acknowledger) throws(FilterError) -> any SinkSession
  /// Looks whether all is there that the sink needs, and changes nothing. May block. Throws `configuration`, with
  /// the option at fault, where it will not be there without somebody's doing, and `unavailable` where it may be
  /// later.
  func probe() throws(FilterError)
}

extension SinkFilter {
  public func probe() throws(FilterError) {}
}

/// How safely a record is held.
public enum DurabilityLevel: UInt32, Sendable {
  case received, written, stable, replicated
}

/// One record: its number, and a span of its JSON while the call lasts.
@safe public struct RecordList: ~Copyable {
  let raw: sluice_array

  public var count: Int { unsafe Int(clamping: raw.count) }

  /// The number of the record at `index`.
  public func sequence(_ index: Int) -> UInt64 {
    unsafe raw.element(index, as: sluice_record.self)?.pointee.sequence ?? 0
  }

  /// Lends the JSON of the record at `index`.
  public func withJSON<R, E: Error>(_ index: Int, _ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    guard let record = unsafe raw.element(index, as: sluice_record.self) else {
      return unsafe try sluice_bytes.literal("").withSpan(body)
    }
    return try unsafe record.pointee.json.withSpan(body)
  }
}

/// Takes acknowledgements, from any thread, until the session is closed.
@safe public struct Acknowledger: @unchecked Sendable {
  // Unchecked: the host's table is immutable and valid until close.
  let raw: UnsafePointer<sluice_acknowledger>

  /// Every record up to and including `sequence` is held at `level`.
  public func acknowledge(through sequence: UInt64, level: DurabilityLevel) {
    _ = unsafe raw.pointee.acknowledge(raw.pointee.context, sequence, level.rawValue)
  }
}

/// A log that is being kept. Calls come from one thread and may block.
public protocol SinkSession: AnyObject {
  /// The next sequence that is needed; 0 where nothing of this log is held.
  func recover() throws(FilterError) -> UInt64
  /// Takes records; returns how many from the first on, and after how many milliseconds to offer the rest.
  func append(_ records: borrowing RecordList) throws(FilterError) -> (accepted: Int, retryAfter: UInt64)
  /// Makes durable and acknowledges what was taken.
  func flush() throws(FilterError)
  /// Takes a checkpoint (a C2SP signed note), and returns once it is held as safely as the records that it covers,
  /// which were flushed before. The same one may come again, and is kept once.
  func checkpoint(_ note: Span<UInt8>) throws(FilterError)
  /// The size of the largest checkpoint that is held; 0 where there is none; nil where the sink keeps none at all.
  func recoverCheckpoint() throws(FilterError) -> UInt64?
}

extension SinkSession {
  public func checkpoint(_ note: Span<UInt8>) throws(FilterError) {}
  public func recoverCheckpoint() throws(FilterError) -> UInt64? { nil }
}

final class SinkBox {
  let filter: any SinkFilter
  init(_ filter: any SinkFilter) { self.filter = filter }
}

private final class SinkSessionBox {
  let session: any SinkSession
  init(_ session: any SinkSession) { self.session = session }
}

func makeSinkTable<F: SinkFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { SinkBox($0) }
  let table = UnsafeMutablePointer<sluice_sink>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_sink(
      size: UInt32(MemoryLayout<sluice_sink>.size), reserved: 0, filter: filter,
      promises: { unsafe unbox(unsafe $0, as: SinkBox.self).filter.promises.rawValue },
      open: { instance, log, acknowledger, session, error in
        unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: SinkBox.self).filter
          let opened = unsafe try filter.open(
            log: log.text, acknowledger: unsafe Acknowledger(raw: acknowledger!))
          unsafe session?.pointee = Unmanaged.passRetained(SinkSessionBox(opened)).toOpaque()
        }
      },
      recover: { session, next, error in
        unsafe reporting(error) { () throws(FilterError) in
          unsafe next?.pointee = try unbox(unsafe session, as: SinkSessionBox.self).session.recover()
        }
      },
      append: { session, records, result, error in
        unsafe reporting(error) { () throws(FilterError) in
          let taken = unsafe try unbox(unsafe session, as: SinkSessionBox.self).session.append(
            RecordList(raw: records))
          unsafe result?.pointee.accepted = UInt64(max(taken.accepted, 0))
          unsafe result?.pointee.retry_after = taken.retryAfter
        }
      },
      flush: { session, error in
        unsafe reporting(error) { () throws(FilterError) in
          unsafe try unbox(unsafe session, as: SinkSessionBox.self).session.flush()
        }
      },
      close: { unsafe releaseBox($0) },
      probe: { instance, error in
        unsafe reporting(error) { () throws(FilterError) in
          unsafe try unbox(unsafe instance, as: SinkBox.self).filter.probe()
        }
      },
      checkpoint: { session, note, error in
        unsafe reporting(error) { () throws(FilterError) in
          let session = unsafe unbox(unsafe session, as: SinkSessionBox.self).session
          unsafe try note.withSpan { (note) throws(FilterError) in try session.checkpoint(note) }
        }
      },
      recover_checkpoint: { session, held, error in
        unsafe reporting(error) { () throws(FilterError) in
          let session = unsafe unbox(unsafe session, as: SinkSessionBox.self).session
          guard let size = try session.recoverCheckpoint() else {
            throw FilterError(.unsupported, "This sink keeps no checkpoints.")
          }
          unsafe held?.pointee = size
        }
      }))
  return UnsafeRawPointer(table)
}

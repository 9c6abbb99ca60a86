internal import FilterABI
public import PipelineModel
internal import Synchronization

/// A `sink` filter. All calls block, and come from one thread at a time.
@safe public final class SinkInstance: @unchecked Sendable {  // the session is used by one thread at a time
  let filter: FilterInstance
  private let table: sluice_sink
  /// The highest level that it ever acknowledges, as sink.h numbers them: 0 received to 3 replicated.
  public let promise: UInt32
  private var session: UnsafeMutableRawPointer?
  private var isOpen = false
  private let detail = ErrorDetail()
  private let acknowledgements: AcknowledgementBox

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_sink.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters, mayBlock: true)
    promise = unsafe table.promises?(filter.pointer) ?? 0
    guard promise <= SLUICE_LEVEL_REPLICATED else {
      throw PluginError(
        .unsupported, "the filter \(filter.name) promises a level that this host does not know")
    }
    acknowledgements = AcknowledgementBox(promise: promise)
  }

  deinit { close() }

  /// The stage's kind and filter, e.g. `sink/file`.
  public var name: String { filter.name }
  public var stage: Stage { filter.stage }

  /// Why a sink did not do what it was asked.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let message: String
    /// Whether trying again later may help; otherwise the sink is down until it is configured anew.
    public let isTemporary: Bool
    public var description: String { message }
  }

  private func check(_ status: sluice_status) throws(Failure) {
    guard status != SLUICE_OK else { return }
    throw failure(detail.lastMessage, isTemporary: status == SLUICE_ERROR_UNAVAILABLE)
  }

  private func failure(_ message: String, isTemporary: Bool = false) -> Failure {
    filter.counters.addFailure()
    return Failure(message: message, isTemporary: isTemporary)
  }

  /// Begins keeping the log of that name. `onAcknowledge` may be called from any thread until ``close()`` returns:
  /// every record up to the sequence, that one included, is held at the level. Sequences never decrease for a level,
  /// and none is above what was offered.
  public func open(
    log: String, onAcknowledge: @escaping @Sendable (_ sequence: UInt64, _ level: UInt32) -> Void
  ) throws(Failure) {
    guard !isOpen else { throw failure("The sink is open already.") }
    acknowledgements.begin(onAcknowledge)
    let status = unsafe log.withABI { log in
      unsafe detail.call {
        unsafe table.open?(filter.pointer, log, acknowledgements.pointer, &session, $0)
          ?? SLUICE_ERROR_UNSUPPORTED
      }
    }
    if status != SLUICE_OK { acknowledgements.end() }
    try check(status)
    isOpen = true
  }

  /// The next sequence that the sink needs.
  public func recover() throws(Failure) -> UInt64 {
    try mustBeOpen()
    var next: UInt64 = 0
    try check(unsafe detail.call { unsafe table.recover?(session, &next, $0) ?? SLUICE_ERROR_UNSUPPORTED })
    acknowledgements.offered(upTo: next)
    return next
  }

  /// Offers records from `first` on; returns how many were taken, and after how many milliseconds to offer more
  /// (0: as the host likes).
  public func append(first: UInt64, records: [[UInt8]]) throws(Failure) -> (accepted: Int, retryAfter: UInt64)
  {
    try mustBeOpen()
    var work = FilterWork()
    defer { filter.counters.add(work, stripe: 0) }
    work.calls = 1
    var joined: [UInt8] = []
    joined.reserveCapacity(records.reduce(0) { $0 + $1.count })
    for record in records { joined.append(contentsOf: record) }
    work.bytes = joined.count
    acknowledgements.offered(upTo: first + UInt64(records.count))
    var result = sluice_append_result(
      size: UInt32(MemoryLayout<sluice_append_result>.size), reserved: 0, accepted: 0, retry_after: 0)
    try check(
      unsafe joined.withUnsafeBufferPointer { buffer in
        var start = 0
        let images = unsafe records.enumerated().map { index, record in
          defer { start += record.count }
          return unsafe sluice_record(
            size: UInt32(MemoryLayout<sluice_record>.size), reserved: 0, sequence: first + UInt64(index),
            json: sluice_bytes(UnsafeBufferPointer(rebasing: buffer[start..<start + record.count])))
        }
        return unsafe images.withUnsafeBufferPointer { images in
          unsafe detail.call {
            unsafe table.append?(session, sluice_array(images), &result, $0) ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      })
    guard result.accepted <= UInt64(records.count) else {
      throw failure("The sink says that it took more records than it was offered.")
    }
    return (Int(result.accepted), result.retry_after)
  }

  /// Makes durable, and acknowledges, what was taken.
  public func flush() throws(Failure) {
    try mustBeOpen()
    try check(unsafe detail.call { unsafe table.flush?(session, $0) ?? SLUICE_ERROR_UNSUPPORTED })
  }

  /// Looks whether all is there that the sink needs. Open or not. Throws an error that names the option at fault, or
  /// `failed` where it may be there later.
  public func probe() throws(PluginError) {
    let status = unsafe detail.call { unsafe table.probe?(filter.pointer, $0) ?? SLUICE_OK }
    guard status != SLUICE_OK else { return }
    throw PluginError(
      status == SLUICE_ERROR_UNAVAILABLE ? .failed : .configuration, detail.lastMessage,
      pointer: detail.lastPointer)
  }

  /// Gives a checkpoint, whose records have been flushed.
  public func checkpoint(_ note: [UInt8]) throws(Failure) {
    try mustBeOpen()
    try check(
      unsafe note.withUnsafeBufferPointer { note in
        unsafe detail.call {
          unsafe table.checkpoint?(session, sluice_bytes(note), $0) ?? SLUICE_ERROR_UNSUPPORTED
        }
      })
  }

  /// The size of the largest checkpoint that the sink holds; nil where it keeps none at all.
  public func recoverCheckpoint() throws(Failure) -> UInt64? {
    try mustBeOpen()
    guard unsafe table.checkpoint != nil, unsafe table.recover_checkpoint != nil else { return nil }
    var held: UInt64 = 0
    let status = unsafe detail.call {
      unsafe table.recover_checkpoint?(session, &held, $0) ?? SLUICE_ERROR_UNSUPPORTED
    }
    if status == SLUICE_ERROR_UNSUPPORTED { return nil }
    try check(status)
    return held
  }

  /// Ends the session, where there is one.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    unsafe table.close?(session)
    unsafe session = nil
    acknowledgements.end()
  }

  private func mustBeOpen() throws(Failure) {
    guard isOpen else { throw failure("The sink is not open.") }
  }
}

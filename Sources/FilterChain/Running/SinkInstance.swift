internal import FilterABI
public import PipelineModel
internal import Synchronization

/// A `sink` filter. All calls but the initialiser block, and come from one thread.
@safe public final class SinkInstance: @unchecked Sendable {
  // Unchecked: the session is only used by the one thread that opened it.
  let filter: FilterInstance
  private let table: UnsafePointer<sluice_sink>
  private var session: UnsafeMutableRawPointer?
  private let acknowledger: UnsafeMutablePointer<sluice_acknowledger>
  private var onAcknowledge: (@Sendable (UInt64, UInt32) -> Void)?
  private let detail = ErrorDetail()

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_sink.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: true)
    unsafe acknowledger = .allocate(capacity: 1)
    unsafe acknowledger.initialize(to: sluice_acknowledger())
  }

  deinit { unsafe acknowledger.deallocate() }

  /// The stage's kind and filter, e.g. `sink/file`.
  public var name: String { filter.name }
  public var stage: Stage { filter.stage }

  /// Why a sink did not do what it was asked.
  public struct Failure: Error, Sendable {
    public let message: String
    /// Whether trying again later may help; otherwise the sink is down until it is configured anew.
    public let isTemporary: Bool
  }

  private func check(_ status: sluice_status) throws(Failure) {
    guard status != SLUICE_OK else { return }
    filter.counters.failures.add(1, ordering: .relaxed)
    throw Failure(message: detail.lastMessage, isTemporary: status == SLUICE_ERROR_UNAVAILABLE)
  }

  /// Begins keeping the log of that name. `onAcknowledge` may be called from any thread until ``close()``.
  public func open(
    log: String, onAcknowledge: @escaping @Sendable (_ sequence: UInt64, _ level: UInt32) -> Void
  ) throws(Failure) {
    self.onAcknowledge = onAcknowledge
    unsafe acknowledger.pointee = sluice_acknowledger(
      size: UInt32(MemoryLayout<sluice_acknowledger>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      acknowledge: { context, sequence, level in
        guard let context = unsafe context else { return SLUICE_ERROR_INTERNAL }
        unsafe Unmanaged<SinkInstance>.fromOpaque(context).takeUnretainedValue().onAcknowledge?(
          sequence, level)
        return SLUICE_OK
      })
    var opened: UnsafeMutableRawPointer?
    try check(
      unsafe log.withABI { log in
        unsafe detail.call {
          unsafe table.pointee.open?(filter.pointer, log, acknowledger, &opened, $0)
            ?? SLUICE_ERROR_UNSUPPORTED
        }
      })
    unsafe session = opened
  }

  /// The next sequence that the sink needs.
  public func recover() throws(Failure) -> UInt64 {
    var next: UInt64 = 0
    try check(
      unsafe detail.call { unsafe table.pointee.recover?(session, &next, $0) ?? SLUICE_ERROR_UNSUPPORTED })
    return next
  }

  /// Offers records from `first` on; returns how many were taken, and after how many milliseconds to offer more.
  public func append(first: UInt64, records: [[UInt8]]) throws(Failure) -> (accepted: Int, retryAfter: UInt64)
  {
    var joined: [UInt8] = []
    var ends: [Int] = []
    for record in records {
      joined.append(contentsOf: record)
      ends.append(joined.count)
    }
    filter.counters.count(bytes: joined.count)
    var result = sluice_append_result(
      size: UInt32(MemoryLayout<sluice_append_result>.size), reserved: 0, accepted: 0, retry_after: 0)
    try check(
      unsafe joined.withUnsafeBufferPointer { buffer in
        var start = 0
        let images = unsafe ends.enumerated().map { index, end in
          defer { start = end }
          return unsafe sluice_record(
            size: UInt32(MemoryLayout<sluice_record>.size), reserved: 0, sequence: first + UInt64(index),
            json: sluice_bytes(UnsafeBufferPointer(rebasing: buffer[start..<end])))
        }
        return unsafe images.withUnsafeBufferPointer { images in
          unsafe detail.call {
            unsafe table.pointee.append?(session, sluice_array(images), &result, $0)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      })
    return (Int(clamping: result.accepted), result.retry_after)
  }

  /// Makes durable, and acknowledges, what was taken.
  public func flush() throws(Failure) {
    try check(unsafe detail.call { unsafe table.pointee.flush?(session, $0) ?? SLUICE_ERROR_UNSUPPORTED })
  }

  public func close() {
    unsafe table.pointee.close?(session)
    unsafe session = nil
  }
}

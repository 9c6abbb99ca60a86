internal import FilterABI

/// A log that a sink keeps for a test.
@safe public final class TestSink {
  /// The acknowledgements, in their order.
  public private(set) var acknowledged: [(sequence: UInt64, level: UInt32)] = []
  private let instance: Instance<SinkStage>
  private let arena = Arena()
  private var session: UnsafeMutableRawPointer?
  private var acknowledger: UnsafePointer<sluice_acknowledger>?

  public init(_ instance: Instance<SinkStage>, log: String) throws(FilterFailure) {
    self.instance = instance
    unsafe acknowledger = arena.place(
      sluice_acknowledger(
        size: size(sluice_acknowledger.self), reserved: 0, context: Unmanaged.passUnretained(self).toOpaque(),
        acknowledge: { context, sequence, level in
          guard let sink = unsafe object(context, as: TestSink.self) else { return SLUICE_ERROR_STALE }
          sink.acknowledged.append((sequence, level))
          return SLUICE_OK
        }))
    var opened: UnsafeMutableRawPointer?
    let table = unsafe instance.table.pointee
    unsafe try checked { unsafe table.open(instance.raw, arena.bytes(log), acknowledger, &opened, $0) }
    unsafe session = opened
  }

  deinit { close() }

  public func close() {
    if let session = unsafe session { unsafe instance.table.pointee.close(session) }
    unsafe session = nil
  }

  /// The highest sequence acknowledged as stable.
  public var stable: UInt64? { acknowledged.last { $0.level == SLUICE_LEVEL_STABLE }?.sequence }

  public func recover() throws(FilterFailure) -> UInt64 {
    var next: UInt64 = .max
    unsafe try checked { unsafe instance.table.pointee.recover(session, &next, $0) }
    return next
  }

  @discardableResult
  public func append(_ records: [(sequence: UInt64, json: String)]) throws(FilterFailure) -> UInt64 {
    let arena = Arena()
    defer { withExtendedLifetime(arena) {} }
    let list = unsafe records.map { record in
      unsafe sluice_record(
        size: size(sluice_record.self), reserved: 0, sequence: record.sequence, json: arena.bytes(record.json)
      )
    }
    var result = sluice_append_result(
      size: size(sluice_append_result.self), reserved: 0, accepted: 0, retry_after: 0)
    unsafe try checked { unsafe instance.table.pointee.append(session, arena.array(list), &result, $0) }
    return result.accepted
  }

  public func flush() throws(FilterFailure) {
    unsafe try checked { unsafe instance.table.pointee.flush(session, $0) }
  }
}

extension Instance where S == SinkStage {
  var table: UnsafePointer<sluice_sink> { unsafe rawTable.assumingMemoryBound(to: sluice_sink.self) }

  /// The highest level that is ever acknowledged.
  public var promises: UInt32 { unsafe table.pointee.promises(raw) }
}

internal import FilterABI
internal import JSONTree
public import PipelineModel

/// A place where evidence is kept, opened for reading it back (sink_read.h). One thread at a time; calls block.
@safe public final class SinkSource: @unchecked Sendable {  // as SinkInstance
  private let filter: FilterInstance
  private let table: sluice_sink_read
  private let detail = ErrorDetail()

  private static let extensionID = "sluice.sink.read/1"
  /// What a plugin's configuration for a place may take, in bytes.
  private static let longestConfiguration = 1 << 16

  /// Opens a place by its URL, whose scheme names the sink: `postgres://auditor@db/evidence`. Connects to nothing yet.
  public convenience init(location: String, library: PluginLibrary) throws(PluginError) {
    guard let end = location.firstRange(of: "://")?.lowerBound, end > location.startIndex else {
      throw PluginError(
        .configuration, "'\(location.printable)' is no URL such as postgres://auditor@db/evidence")
    }
    let named = Stage(sink: String(location[..<end]), configuration: .object([]), place: location)
    let found = unsafe try library.plugin(for: named).filter(
      named, sluice_sink_read.self, extensionID: Self.extensionID)
    let pages = PageCollector()
    let detail = ErrorDetail()
    let status = unsafe location.withABI { location in
      unsafe detail.call {
        unsafe found.stage.configure?(found.raw, location, pages.receiver, $0) ?? SLUICE_ERROR_UNSUPPORTED
      }
    }
    guard status == SLUICE_OK else { throw PluginError(.configuration, detail.lastMessage) }
    guard let text = pages.configuration, text.count <= Self.longestConfiguration,
      let configuration = try? JSONReader.read(text)
    else {
      throw PluginError(.failed, "the sink '\(named.filter.printable)' gives no configuration for that place")
    }
    try self.init(
      stage: Stage(sink: named.filter, configuration: configuration, place: location), library: library)
  }

  /// Opens the place where a pipeline's own sink keeps its records.
  public init(stage: Stage, library: PluginLibrary) throws(PluginError) {
    let plugin = try library.plugin(for: stage)
    let found = unsafe try plugin.filter(stage, sluice_sink_read.self, extensionID: Self.extensionID)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: library.host, counters: FilterCounters(), mayBlock: true)
  }

  /// The logs that are held there.
  public func logs() throws(SinkInstance.Failure) -> [String] {
    let pages = PageCollector()
    let status = unsafe detail.call {
      unsafe table.logs?(filter.pointer, pages.receiver, $0) ?? SLUICE_ERROR_UNSUPPORTED
    }
    try pages.check(status, detail)
    return pages.logs
  }

  /// Begins reading a log.
  public func open(log: String) throws(SinkInstance.Failure) -> SinkReading {
    var reader: UnsafeMutableRawPointer?
    let status = unsafe log.withABI { log in
      unsafe detail.call { unsafe table.open?(filter.pointer, log, &reader, $0) ?? SLUICE_ERROR_UNSUPPORTED }
    }
    guard status == SLUICE_OK else {
      throw SinkInstance.Failure(message: detail.lastMessage, isTemporary: status == SLUICE_ERROR_UNAVAILABLE)
    }
    return unsafe SinkReading(self, table, reader)
  }
}

/// A log in a sink, being read. One thread at a time; calls block.
@safe public final class SinkReading {
  private let source: SinkSource  // outlives its readers
  private let table: sluice_sink_read
  private let reader: UnsafeMutableRawPointer?
  private let detail = ErrorDetail()

  init(_ source: SinkSource, _ table: sluice_sink_read, _ reader: UnsafeMutableRawPointer?) {
    self.source = source
    unsafe self.table = unsafe table
    unsafe self.reader = unsafe reader
  }

  deinit { unsafe table.close?(reader) }

  /// Whether the sink keeps an index of sessions.
  public var hasSessions: Bool { unsafe table.sessions != nil }

  /// A page of records, and where the next one begins; nil: it was the last.
  public func records(_ query: SinkQuery) throws(SinkInstance.Failure) -> (
    records: [HeldRecord], next: UInt64?
  ) {
    let pages = PageCollector()
    let next = unsafe try page(query, pages, table.records)
    if let broken = pages.records.first(where: { $0.sequence < query.from || $0.sequence >= query.end }) {
      throw SinkInstance.Failure(
        message: "The sink hands over record \(broken.sequence), which was not asked for.", isTemporary: false
      )
    }
    return (pages.records, next)
  }

  /// A page of checkpoints' notes. None where the sink keeps none.
  public func checkpoints(_ query: SinkQuery) throws(SinkInstance.Failure) -> (
    notes: [[UInt8]], next: UInt64?
  ) {
    guard unsafe table.checkpoints != nil else { return ([], nil) }
    let pages = PageCollector()
    let next = unsafe try page(query, pages, table.checkpoints)
    return (pages.checkpoints, next)
  }

  /// A page of sessions; nil where the sink has no index of them.
  public func sessions(_ query: SinkQuery) throws(SinkInstance.Failure) -> (
    sessions: [HeldSession], next: UInt64?
  )? {
    guard unsafe table.sessions != nil else { return nil }
    let pages = PageCollector()
    do throws(SinkInstance.Failure) {
      let next = unsafe try page(query, pages, table.sessions)
      return (pages.sessions, next)
    } catch {
      if pages.status == SLUICE_ERROR_UNSUPPORTED { return nil }
      throw error
    }
  }

  private typealias PageFunction =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<sluice_read_query>?, UnsafePointer<sluice_read_receiver>?,
      UnsafeMutablePointer<UInt64>?, UnsafeMutablePointer<sluice_error>?
    ) -> sluice_status

  private func page(_ query: SinkQuery, _ pages: PageCollector, _ function: PageFunction?) throws(SinkInstance
    .Failure)
    -> UInt64?
  {
    var next = SLUICE_READ_END
    let status = unsafe query.withABI { raw in
      unsafe detail.call {
        unsafe function?(reader, raw, pages.receiver, &next, $0) ?? SLUICE_ERROR_UNSUPPORTED
      }
    }
    try pages.check(status, detail)
    guard next > query.from else {
      throw SinkInstance.Failure(message: "The sink's pages do not come to an end.", isTemporary: false)
    }
    return next == SLUICE_READ_END ? nil : next
  }
}

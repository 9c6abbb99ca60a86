internal import Evidence
internal import FilterChain

/// A sink that is read back, as its URL names it. One thread; calls block.
final class SinkPlace: HeldEvidence, RecordSource {
  /// The log that is read.
  let log: String
  private let reading: SinkReading

  /// Nil where `place` is no URL, and so a folder. What follows a `#` picks one of several logs.
  static func open(_ place: String) throws -> SinkPlace? {
    guard let scheme = place.firstRange(of: "://"), !place[..<scheme.lowerBound].contains("/") else {
      return nil
    }
    let parts = place.split(separator: "#", maxSplits: 1)
    let library = PluginLibrary(
      directories: PluginFolder.all, services: Services.offline(), trust: PluginFolder.trust())
    let source: SinkSource
    do { source = try SinkSource(location: String(parts[0]), library: library) } catch {
      throw CommandFailure(message: "\(parts[0]): \(error.message)", code: 2)
    }
    let wanted = parts.count > 1 ? String(parts[1]) : nil
    do {
      let log = try pick(wanted, of: try source.logs())
      return SinkPlace(log: log, reading: try source.open(log: log))
    } catch let error as SinkInstance.Failure {
      throw CommandFailure(message: error.message, code: 2)
    }
  }

  private static func pick(_ wanted: String?, of logs: [String]) throws -> String {
    if let wanted {
      guard logs.contains(wanted) else {
        throw CommandFailure(
          message: "there is no log '\(wanted)'"
            + (logs.isEmpty ? "; the sink holds none" : "; there are \(logs.joined(separator: ", "))"),
          code: 2)
      }
      return wanted
    }
    guard let log = logs.first else { throw CommandFailure(message: "the sink holds no log yet", code: 2) }
    guard logs.count == 1 else {
      throw CommandFailure(
        message: "the sink holds several logs: add one after a #: \(logs.joined(separator: ", "))", code: 2)
    }
    return log
  }

  private init(log: String, reading: SinkReading) {
    self.log = log
    self.reading = reading
  }

  private func explain(_ failure: SinkInstance.Failure) -> EvidenceError {
    EvidenceError(.sink, failure.message)
  }

  func forEachHeld(
    from sequence: UInt64, _ body: (HeldItem) throws(EvidenceError) -> Bool
  ) throws(EvidenceError) {
    var query = SinkQuery()
    query.from = sequence
    try forEachPage(query) { (record) throws(EvidenceError) in
      try body(
        HeldItem(
          sequence: record.sequence, json: record.json, leaf: HashValue(record.leaf),
          isRemoved: record.isRemoved))
    }
  }

  func read(
    from sequence: UInt64, session: String?, exchange: String?, _ body: (StoredRecord) -> Bool
  ) throws(EvidenceError) {
    var query = SinkQuery()
    query.from = sequence
    query.session = session ?? ""
    query.exchange = exchange ?? ""
    try forEachPage(query) { (held) throws(EvidenceError) in
      // What retention removed is not there to be shown.
      guard !held.json.isEmpty else { return true }
      guard let record = StoredRecord(held.json) else {
        throw EvidenceError(
          .damaged, "record \(held.sequence) in the sink is no record; run `sluice evidence verify`")
      }
      if let session, record.session != session { return true }
      if let exchange, record.exchange != exchange { return true }
      return body(record)
    }
  }

  private func forEachPage(
    _ query: SinkQuery, _ body: (HeldRecord) throws(EvidenceError) -> Bool
  ) throws(EvidenceError) {
    var query = query
    while true {
      let page: (records: [HeldRecord], next: UInt64?)
      do { page = try reading.records(query) } catch { throw explain(error) }
      for record in page.records where try !body(record) { return }
      guard let next = page.next else { return }
      query.from = next
    }
  }

  func checkpoints(from place: UInt64) throws(EvidenceError) -> (notes: [[UInt8]], next: UInt64?) {
    var query = SinkQuery()
    query.from = place
    do { return try reading.checkpoints(query) } catch { throw explain(error) }
  }

  /// Every session, from the sink's own index where it has one, else by reading the records.
  func sessions() throws(EvidenceError) -> [SessionSummary] {
    var sessions: [SessionSummary] = []
    var query = SinkQuery()
    while true {
      let page: (sessions: [HeldSession], next: UInt64?)?
      do { page = try reading.sessions(query) } catch { throw explain(error) }
      guard let page else { return try collectSessions() }
      sessions += page.sessions.map(SessionSummary.init)
      guard let next = page.next else { return sessions }
      query.from = next
    }
  }

  private func collectSessions() throws(EvidenceError) -> [SessionSummary] {
    var collector = SessionCollector()
    try read(from: 0, session: nil, exchange: nil) { record in
      collector.add(record)
      return true
    }
    return collector.sessions
  }
}

extension SessionSummary {
  fileprivate init(_ held: HeldSession) {
    self.init(
      id: held.id, subject: held.subject.isEmpty ? nil : held.subject,
      pipeline: held.pipeline.isEmpty ? nil : held.pipeline,
      times: held.firstTime...max(held.firstTime, held.lastTime), records: Int(clamping: held.records),
      exchanges: Int(clamping: held.exchanges), denied: Int(clamping: held.denied), isClosed: held.isClosed,
      score: held.score, kinds: Set(held.kinds), approvals: Set(held.approvals),
      firstSequence: held.firstSequence)
  }
}

/// One session as its records tell it.
public struct SessionSummary: Sendable, Equatable {
  public let id: String
  /// Who asked; nil where no record says so.
  public internal(set) var subject: String?
  public internal(set) var pipeline: String?
  /// When its first and its last record were made, nanoseconds since 1970 UTC.
  public internal(set) var firstTime: UInt64
  public internal(set) var lastTime: UInt64
  public internal(set) var records = 0
  /// How many requests it had, and how many of its exchanges were denied.
  public internal(set) var exchanges = 0
  public internal(set) var denied = 0
  public internal(set) var isClosed = false
  /// The highest score that a decision names, 0 to 100; nil where none was made.
  public internal(set) var score: Int?
  /// What was found in its requests and answers, e.g. `NAME`.
  public internal(set) var kinds: Set<String> = []
  /// The states of its approvals: `pending`, `approved`, `denied`, `expired`, `consumed`,
  /// `break-glass`.
  public internal(set) var approvals: Set<String> = []
  /// Its first record's sequence.
  public internal(set) var firstSequence: UInt64
}

extension SessionSummary {
  /// As an index that somebody else keeps tells it.
  public init(
    id: String, subject: String?, pipeline: String?, times: ClosedRange<UInt64>, records: Int, exchanges: Int,
    denied: Int, isClosed: Bool, score: Int?, kinds: Set<String>, approvals: Set<String>,
    firstSequence: UInt64
  ) {
    self.init(id: id, firstTime: times.lowerBound, lastTime: times.upperBound, firstSequence: firstSequence)
    (self.subject, self.pipeline, self.records, self.exchanges) = (subject, pipeline, records, exchanges)
    (self.denied, self.isClosed, self.score) = (denied, isClosed, score)
    (self.kinds, self.approvals) = (kinds, approvals)
  }
}

extension EvidenceReader {
  /// Every session, in the order in which they began. Memory grows with their number, not with the records.
  public func sessions() throws(EvidenceError) -> [SessionSummary] {
    var collector = SessionCollector()
    try forEach { record in
      collector.add(record)
      return true
    }
    return collector.sessions
  }
}

/// Gathers sessions from records that come in the log's order, wherever they are read.
public struct SessionCollector: Sendable {
  private var indices: [String: Int] = [:]
  /// In the order in which they began.
  public private(set) var sessions: [SessionSummary] = []

  public init() {}

  public mutating func add(_ record: StoredRecord) {
    guard let id = record.session else { return }
    let index = indices[id] ?? sessions.count
    if index == sessions.count {
      indices[id] = index
      sessions.append(
        SessionSummary(id: id, firstTime: record.time, lastTime: record.time, firstSequence: record.sequence))
    }
    sessions[index].add(record)
  }
}

extension SessionSummary {
  fileprivate mutating func add(_ record: StoredRecord) {
    records += 1
    lastTime = max(lastTime, record.time)
    switch RecordType(rawValue: record.type) {
    case .sessionOpened:
      subject = record.string("subject") ?? record.string("principal", "subject") ?? subject
      pipeline = record.string("pipeline") ?? pipeline
    case .sessionClosed: isClosed = true
    case .request:
      exchanges += 1
      if subject == nil { subject = record.string("principal", "subject") }
      if pipeline == nil { pipeline = record.string("pipeline") }
      addKinds(record)
    case .decision:
      if record.string("verdict") == "deny" { denied += 1 }
      if let number = record.integer("score") { score = max(score ?? 0, number) }
      if let state = record.string("approval", "state") {
        approvals.remove("pending")
        approvals.insert(state)
      }
    case .approvalAsked: approvals.insert("pending")
    case .response: addKinds(record)
    default: break
    }
  }

  private mutating func addKinds(_ record: StoredRecord) {
    guard let findings = record.member("findings") else { return }
    var found: [String] = []
    JSONScanner.forEachElement(of: record.json.span, findings.lowerBound) { element in
      guard let kind = JSONScanner.member("kind", of: record.json.span, element.lowerBound) else { return }
      found.append(String(decoding: record.json[kind].dropFirst().dropLast(), as: UTF8.self))
    }
    kinds.formUnion(found)
  }
}

/// Which sessions are wanted: each condition that is there must hold.
public struct SessionFilter: Sendable {
  public var subject: String?
  public var pipeline: String?
  /// Of a finding.
  public var kind: String?
  /// The least score, 0 to 100, that one of its decisions must have.
  public var score: Int?
  /// An approval's state.
  public var approval: String?
  /// It must have had a record at or after `since` and before `until`; nanoseconds since 1970.
  public var since: UInt64?
  public var until: UInt64?

  public init() {}

  /// Whether any condition is set.
  public var isEmpty: Bool {
    subject == nil && pipeline == nil && kind == nil && score == nil && approval == nil && since == nil
      && until == nil
  }

  public func holds(_ session: SessionSummary) -> Bool {
    if let subject, session.subject?.lowercased() != subject.lowercased() { return false }
    if let pipeline, session.pipeline != pipeline { return false }
    if let kind, !session.kinds.contains(kind.uppercased()) { return false }
    if let score, session.score ?? -1 < score { return false }
    if let approval, !session.approvals.contains(approval) { return false }
    if let since, session.lastTime < since { return false }
    if let until, session.firstTime >= until { return false }
    return true
  }
}

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
  /// Its first record's sequence.
  public internal(set) var firstSequence: UInt64
}

extension EvidenceReader {
  /// Every session, in the order in which they began. Memory grows with their number, not with the records.
  public func sessions() throws(EvidenceError) -> [SessionSummary] {
    var indices: [String: Int] = [:]
    var sessions: [SessionSummary] = []
    try forEach { record in
      guard let id = record.session else { return true }
      let index = indices[id] ?? sessions.count
      if index == sessions.count {
        indices[id] = index
        sessions.append(
          SessionSummary(
            id: id, firstTime: record.time, lastTime: record.time, firstSequence: record.sequence))
      }
      sessions[index].add(record)
      return true
    }
    return sessions
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
    case .decision:
      if record.string("verdict") == "deny" { denied += 1 }
    default: break
    }
  }
}

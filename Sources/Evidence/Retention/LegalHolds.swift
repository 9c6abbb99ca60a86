/// Which sessions are held now, as the log's own records say.
public struct LegalHold: Sendable, Equatable {
  public let session: String
  /// Why, in the words of whoever set it; who that was; and when, nanoseconds since 1970.
  public let reason: String
  public let subject: String
  public let since: UInt64
}

extension EvidenceReader {
  /// Every session that is under legal hold, in the order of their names.
  public func holds() throws(EvidenceError) -> [LegalHold] {
    var holds: [String: LegalHold] = [:]
    try forEach { record in
      guard record.type == RecordType.administration.rawValue else { return true }
      let event = record.string("event")
      guard event == LogEvent.held || event == LogEvent.released, let session = record.string("session")
      else {
        return true
      }
      holds[session] =
        event == LogEvent.released
        ? nil
        : LegalHold(
          session: session, reason: record.string("reason") ?? "", subject: record.string("subject") ?? "",
          since: record.time)
      return true
    }
    return holds.values.sorted { $0.session < $1.session }
  }

  /// Which records belong to a session, as a hold names them: `3-9,12`. Empty where there are none.
  public func sequences(ofSession session: String) throws(EvidenceError) -> String {
    var ranges = SequenceRanges()
    try forEach(session: session) { record in
      ranges.append(record.sequence)
      return true
    }
    return ranges.text
  }
}

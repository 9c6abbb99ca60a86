internal import Evidence

/// How long records and sealed originals are kept, in seconds; nil: for ever.
struct RetentionPolicy: Sendable {
  var records: Int64?
  var originals: Int64?

  /// How often a gateway looks, in seconds.
  static let interval: Int64 = 3600

  var isEmpty: Bool { records == nil && originals == nil }

  /// Removes what is older, but for what is held.
  func apply(
    _ log: EvidenceLog, _ store: SealedStore?, reason: String, subject: String
  ) throws(EvidenceError) -> RemovalReport {
    var report = RemovalReport()
    if let records {
      report = try log.removeRecords(before: Self.cutoff(records), reason: reason, subject: subject)
    }
    if let originals, let store {
      let removed = try log.removeOriginals(
        store, before: Self.cutoff(originals), reason: reason, subject: subject)
      report.add(originalsOf: removed)
    }
    return report
  }

  private static func cutoff(_ age: Int64) -> UInt64 { UInt64(max(0, secondsNow() - age)) * 1_000_000_000 }
}

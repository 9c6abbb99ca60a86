/// Whether every sealed original that a record names is there and is what the record names, or was removed as a record
/// allows: by its day, and not against a hold. The log itself is proved first; this takes its records for true.
struct OriginalsCheck {
  /// One removal: what came before `day` and was of no session in `held`.
  private struct Removal {
    var sequence: UInt64
    var day: String
    var held: Set<String>
  }

  private let reader: EvidenceReader
  private let files: SealedReader
  private var removals: [Removal] = []

  init(data path: String, log: String) throws(EvidenceError) {
    reader = try EvidenceReader(directory: log)
    files = try SealedReader(directory: path, identities: [])
  }

  /// [blocking] Reads the log twice and every original once.
  mutating func run(_ report: inout VerificationReport) throws(EvidenceError) {
    try findRemovals()
    var found = report
    var count = 0
    try reader.forEach { record in
      guard let reference = SealedReference(of: record) else { return true }
      count += 1
      do throws(EvidenceError) {
        _ = try files.contents(reference)
      } catch {
        if error.code != .notFound || !isAllowed(record, reference) {
          found.add(
            .original, record.sequence, file: reference.path, at: 0,
            "the original of record \(record.sequence): \(error.message)"
              + (error.code == .notFound ? ", and no record allows that" : ""))
        }
      }
      return found.problems.count < VerificationReport.problemLimit
    }
    report = found
    report.notes.append("\(count) sealed originals were compared with their records")
  }

  private mutating func findRemovals() throws(EvidenceError) {
    var held: Set<String> = []
    var removals: [Removal] = []
    try reader.forEach { record in
      guard record.type == RecordType.administration.rawValue else { return true }
      switch record.string("event") {
      case LogEvent.held: if let session = record.string("session") { held.insert(session) }
      case LogEvent.released: if let session = record.string("session") { held.remove(session) }
      case "originals.removed":
        if let day = record.string("before") {
          removals.append(Removal(sequence: record.sequence, day: day, held: held))
        }
      default: break
      }
      return true
    }
    self.removals = removals
  }

  private func isAllowed(_ record: StoredRecord, _ reference: SealedReference) -> Bool {
    guard let name = SealedName(path: reference.path) else { return false }
    return removals.contains { removal in
      removal.sequence > record.sequence && name.day < removal.day
        && !(record.session.map(removal.held.contains) ?? false)
    }
  }
}

extension Verifier {
  /// Compares every sealed original in the data directory with the records of its log, and adds what is wrong to
  /// `report`, which ``verify(directory:)`` made of that log. [blocking]
  public func verifyOriginals(data: String, log: String, _ report: inout VerificationReport) {
    do throws(EvidenceError) {
      var check = try OriginalsCheck(data: data, log: log)
      try check.run(&report)
    } catch {
      if report.obstacle == nil { report.obstacle = error.message }
    }
  }
}

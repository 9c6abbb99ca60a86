/// One call of append, waiting for the writer.
struct QueueEntry: Sendable {
  var drafts: [RecordDraft]
  var bytes: Int
  var durability: Durability
  var completion: @Sendable (Result<UInt64, EvidenceError>) -> Void
}

/// What lies between the threads that append and the one that writes.
struct LogQueue: Sendable {
  var entries: [QueueEntry] = []
  var bytes = 0
  var isClosing = false
  /// A new signing key lies ready.
  var mustAdoptKey = false
  /// Somebody waits for a checkpoint that covers what is there.
  var mustCheckpoint = false
  /// Set once; from then on nothing is taken.
  var failure: EvidenceError?

  /// Takes an entry or says why not.
  mutating func add(_ entry: QueueEntry, limit: Int) -> EvidenceError? {
    if let failure { return failure }
    if isClosing { return EvidenceError(.closed, "the evidence log is closed") }
    guard entries.isEmpty || bytes + entry.bytes <= limit else {
      return EvidenceError(
        .backlogged, "\(entries.count) appends wait for the disk; it is too slow for the traffic")
    }
    entries.append(entry)
    bytes += entry.bytes
    return nil
  }
}

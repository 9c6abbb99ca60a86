internal import FilterKit

/// One log, being kept. All calls come from one thread.
///
///     recover -> next          behind the newest batch that the bucket holds
///     append, append, ...      records gather; a full batch is put, and acknowledged
///     flush                    what has gathered is put, and acknowledged
///
/// While there is little to put and it is young, `append` takes nothing and says when to offer it again, so that
/// the records wait in the host's log and one object holds many.
final class S3SinkSession: SinkSession {
  /// A host that offers this much is behind: nothing is gained by waiting.
  private static let plenty = (bytes: 1 << 20, records: 1000)
  /// Bytes of lines in a batch where the store has no conditional puts, so that a batch which has to be made again
  /// is whole before a host asks for a flush.
  private static let smallBatch = 3 << 20

  private let options: S3Options
  private let names: ObjectNames
  private let bucket: Bucket
  private let writer: BatchWriter
  private let acknowledger: Acknowledger

  /// The number that the next record must have.
  private var next: UInt64 = 0
  private var isRecovered = false
  /// A log that holds nothing begins with whatever number it is given.
  private var holdsNothing = true
  private var batch: RecordLines?
  /// The leaf of the last record that the bucket holds: the host gives that record again, and it must be the same.
  private var lastLeaf: [UInt8] = []
  /// Where the batch has to end; see ``WriterClaim``.
  private var border: UInt64?
  /// On the clock that nobody sets: when the records that wait were first offered.
  private var waitingSince: UInt64?

  init(
    options: S3Options, names: ObjectNames, client: StoreClient, acknowledger: Acknowledger
  ) {
    self.options = options
    self.names = names
    self.acknowledger = acknowledger
    bucket = Bucket(client: client, storage: options.storage)
    writer = BatchWriter(bucket: bucket, names: names, compresses: options.compresses)
  }

  // MARK: Recovery

  func recover() throws(FilterError) -> UInt64 {
    (isRecovered, batch, border, waitingSince) = (false, nil, nil, nil)
    let newest: String?
    do throws(StoreFailure) {
      try writer.begin()
      newest = try Listing(bucket: bucket, folder: names.records, number: names.first(of:)).newest()
    } catch {
      if error.message == WriterClaim.followed.message { throw FilterError(.internal, error.message) }
      throw error.asFilterError
    }
    (next, holdsNothing, lastLeaf) = (0, true, [])
    if let newest { hold(try writer.stored(key: newest)) }
    // A list may lag behind what is there; a key does not.
    while let following = try followingBatch() { hold(following) }
    border = writer.border(first: next)
    isRecovered = true
    guard next > 0 else { return 0 }
    acknowledger.acknowledge(through: next - 1, level: options.level)
    return next - 1
  }

  private func hold(_ lines: RecordLines) {
    (next, holdsNothing) = (lines.next, false)
    lastLeaf = Array(lines.leaf(of: lines.next - 1))
  }

  private func followingBatch() throws(FilterError) -> RecordLines? {
    for key in names.bothForms(first: next) {
      if let lines = try writer.storedIfThere(key: key) { return lines }
    }
    return nil
  }

  // MARK: Appending

  func append(_ records: borrowing RecordList) throws(FilterError) -> (accepted: Int, retryAfter: UInt64) {
    guard isRecovered else { throw FilterError(.unavailable, "The s3 sink has to recover first.") }
    let new = try check(records)
    if let wait = patience(bytes: new.bytes, records: new.count) { return (0, wait) }
    for index in 0..<records.count where holdsNothing || records.sequence(index) >= next {
      try records.withJSON(index) { (json) throws(FilterError) in try take(json, records.sequence(index)) }
    }
    return (records.count, 0)
  }

  /// Looks at the whole of what is offered before any of it is taken. What is held already may come again: once is
  /// enough. Returns what is new.
  private func check(_ records: borrowing RecordList) throws(FilterError) -> (count: Int, bytes: Int) {
    var due = holdsNothing ? nil : next
    var (count, bytes) = (0, 0)
    for index in 0..<records.count {
      let sequence = records.sequence(index)
      if let due, sequence < due {
        if sequence + 1 == next {
          try records.withJSON(index) { (json) throws(FilterError) in try compare(json) }
        }
        continue
      }
      guard sequence == due ?? sequence, sequence < .max else {
        throw FilterError(.input, "Record \(due ?? 0) is due, and \(sequence) was given: the log has a gap.")
      }
      let length = records.withJSON(index) { isOneLine($0) ? $0.count : -1 }
      guard length >= 0, length < RecordLines.limit else {
        throw FilterError(
          .input, "Record \(sequence) is no canonical JSON object, or is longer than 256 MiB.")
      }
      (count, bytes) = (count + 1, bytes + length)
      due = sequence + 1
    }
    return (count, bytes)
  }

  /// Two gateways may have one log's id, where one is a copy of the other: then their records differ.
  private func compare(_ json: Span<UInt8>) throws(FilterError) {
    guard batch == nil, !lastLeaf.isEmpty else { return }
    var leaf: [UInt8] = []
    Digests.appendLeaf(of: json, to: &leaf)
    guard leaf == lastLeaf else {
      throw FilterError(
        .internal,
        "The bucket's record \(next - 1) is not this gateway's: another one with a log of the same id writes there, or it was changed. Give this one a log of its own."
      )
    }
  }

  /// How many milliseconds the records should wait for more; nil: they are taken now.
  private func patience(bytes: Int, records: Int) -> UInt64? {
    let now = WireTime.monotonic()
    guard batch == nil, records > 0, records < min(Self.plenty.records, options.batchRecords),
      bytes < min(Self.plenty.bytes, options.batchSize)
    else {
      waitingSince = nil
      return nil
    }
    let began = waitingSince ?? now
    guard now < began + options.batchAge else {
      waitingSince = nil
      return nil
    }
    waitingSince = began
    return began + options.batchAge - now
  }

  private func take(_ json: Span<UInt8>, _ sequence: UInt64) throws(FilterError) {
    if let batch, border == nil, batch.bytes.count + json.count >= size { try put() }
    if batch == nil { batch = RecordLines(first: sequence) }
    batch?.append(json)
    (next, holdsNothing) = (sequence + 1, false)
    if let border {
      if sequence >= border { try put() }
    } else if batch?.count ?? 0 >= options.batchRecords {
      try put()
    }
  }

  private var size: Int { writer.isConditional ? options.batchSize : min(options.batchSize, Self.smallBatch) }

  func flush() throws(FilterError) {
    waitingSince = nil
    guard batch != nil else { return }
    if let border, next <= border {
      isRecovered = false
      throw FilterError(
        .unavailable,
        "A batch of an earlier run up to record \(border) may still be on its way: the sink waits for the rest of its records."
      )
    }
    try put()
  }

  // MARK: Checkpoints

  func checkpoint(_ note: Span<UInt8>) throws(FilterError) {
    let note = Array(copying: note)
    guard let size = checkpointSize(note) else {
      throw FilterError(.input, "What was given as a checkpoint is no signed note with a size.")
    }
    do throws(StoreFailure) {
      // Named by its digest, so a second put of it changes nothing.
      try bucket.put(
        names.checkpoint(note, size: size), note, type: "text/plain",
        replacing: writer.isConditional ? .never : .always)
    } catch {
      if error.kind != .exists { throw error.asFilterError }
    }
  }

  func recoverCheckpoint() throws(FilterError) -> UInt64? {
    do throws(StoreFailure) {
      let newest = try Listing(bucket: bucket, folder: names.checkpoints, number: names.size(of:)).newest()
      return newest.flatMap(names.size(of:)) ?? 0
    } catch { throw error.asFilterError }
  }

  private func put() throws(FilterError) {
    guard let batch else { return }
    do throws(FilterError) { try writer.put(batch) } catch {
      // The host recovers next, and gives the records again.
      isRecovered = false
      throw error
    }
    (self.batch, border) = (nil, nil)
    hold(batch)
    acknowledger.acknowledge(through: batch.next - 1, level: options.level)
  }
}

/// The second line of a checkpoint (C2SP tlog-checkpoint).
func checkpointSize(_ note: [UInt8]) -> UInt64? {
  let lines = note.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
  guard lines.count == 3, (1...20).contains(lines[1].count),
    lines[1].allSatisfy({ (0x30...0x39).contains($0) })
  else { return nil }
  return UInt64(String(decoding: lines[1], as: UTF8.self))
}

/// A JSON object on one line.
private func isOneLine(_ json: Span<UInt8>) -> Bool {
  guard json.count >= 2, json[0] == UInt8(ascii: "{"), json[json.count - 1] == UInt8(ascii: "}") else {
    return false
  }
  for index in json.indices where json[index] < 0x20 { return false }
  return true
}

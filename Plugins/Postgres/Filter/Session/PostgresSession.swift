internal import FilterKit

/// One log, being kept. All calls come from one thread, and all of libpq is used on it.
///
///     recover -> next        connects, takes the log's lock, migrates, looks what is there
///     append, append, ...    BEGIN, then one statement a batch, sent without waiting for answers
///     flush                  COMMIT, every answer, then "held up to next - 1"
///
/// Any failure ends the connection, and with it what was not committed: nothing half-done is ever gone on with.
final class PostgresSession: SinkSession {
  /// Bytes that one transaction holds before it is committed in any case.
  private static let transactionBytes = 16 << 20

  private let options: PostgresOptions
  private let log: String
  private let acknowledger: Acknowledger
  private let host: Host
  private var retention: Retention?

  private var connection: Connection?
  /// The number that the next record must have.
  private var next: UInt64 = 0
  /// What the open transaction holds: how many rows each of its statements must touch, -1 where it does not matter.
  private var pending: [Int] = []
  private var pendingBytes = 0
  /// Months whose partitions are known to be there, as `2026-11`.
  private var months: Set<[UInt8]> = []

  init(options: PostgresOptions, log: String, acknowledger: Acknowledger, host: Host) {
    self.options = options
    self.log = log
    self.acknowledger = acknowledger
    self.host = host
    retention = options.retention.map { Retention(options, $0) }
  }

  // MARK: Recovery

  func recover() throws(FilterError) -> UInt64 {
    try guarded { () throws(PostgresFailure) in
      drop()
      let connection = try Connection(options, for: .writing, name: "sluice \(log)")
      try prepare(connection)
      let held = try connection.run("SELECT max(sequence) FROM hashes WHERE log = $1", [.text(log)])
      next = held.integer(0, 0).map { UInt64($0) + 1 } ?? 0
      self.connection = connection
    }
    // What is visible was committed, with the same settings as now. Whether it reached a standby, only the next commit
    // tells.
    if next > 0 { acknowledger.acknowledge(through: next - 1, level: .stable) }
    return next
  }

  private func prepare(_ connection: Connection) throws(PostgresFailure) {
    try connection.run(
      """
      SELECT set_config('synchronous_commit', 'on', false), set_config('lock_timeout', '10s', false),
        set_config('idle_in_transaction_session_timeout', '120s', false), set_config('timezone', 'UTC', false),
        set_config('tcp_keepalives_idle', '30', false), set_config('tcp_user_timeout', '60000', false)
      """)
    let check = ServerCheck(connection, options)
    try check.checkServer()
    try Migrator(connection, options).run()
    try check.checkRights()
    try lock(connection)
  }

  /// Two gateways can't write one log into one schema: the lock lasts as long as the connection.
  private func lock(_ connection: Connection) throws(PostgresFailure) {
    let taken = try connection.run(
      "SELECT pg_try_advisory_lock(hashtextextended('sluice log ' || $1 || ' ' || $2, 0))",
      [.text(options.schema), .text(log)])
    guard taken.isTrue(0, 0) else {
      throw PostgresFailure(
        .connection,
        "another connection keeps this log in the schema \(options.schema): a second gateway, or the one that was before, whose end the server has not noticed yet"
      )
    }
  }

  // MARK: Appending

  func append(_ records: borrowing RecordList) throws(FilterError) -> (accepted: Int, retryAfter: UInt64) {
    guard connection != nil else {
      throw FilterError(.unavailable, "The postgres sink has to recover first.")
    }
    var batch = Batch(log: log)
    for index in 0..<records.count {
      let sequence = records.sequence(index)
      // What is held already may come again: once is enough.
      if sequence < next + UInt64(batch.count) { continue }
      guard sequence == next + UInt64(batch.count), sequence <= UInt64(Int64.max) else {
        throw FilterError(
          .input, "Record \(next + UInt64(batch.count)) is due, and \(sequence) was given: the log has a gap."
        )
      }
      records.withJSON(index) { batch.add(Int64(sequence), $0) }
    }
    guard batch.count > 0 else { return (records.count, 0) }
    try guarded { () throws(PostgresFailure) in try send(batch) }
    if pendingBytes >= Self.transactionBytes { try flush() }
    return (records.count, 0)
  }

  private func send(_ batch: Batch) throws(PostgresFailure) {
    guard let connection else { throw PostgresFailure(.connection, "the connection is gone") }
    for month in batch.months where !months.contains(month) {
      // Before the records' transaction: a statement that waits for its answer has no place in a pipeline.
      try commit()
      try connection.run("SELECT ensure_month($1::timestamptz)", [.text(month + Array("-15T00:00:00Z".utf8))])
      months.insert(month)
    }
    if pending.isEmpty {
      try connection.beginPipeline()
      try connection.send("BEGIN", [])
      pending.append(-1)
    }
    try connection.send(Batch.statement, batch.parameters)
    pending.append(batch.count)
    for hold in batch.holds {
      try connection.send(Batch.holdStatement, hold)
      pending.append(1)
    }
    pendingBytes += batch.bytes
    next += UInt64(batch.count)
  }

  func flush() throws(FilterError) {
    try guarded { () throws(PostgresFailure) in try commit() }
    guard var retention else { return }
    retention.runIfDue(host)
    self.retention = retention
  }

  /// Commits what was sent, and acknowledges it.
  private func commit() throws(PostgresFailure) {
    guard !pending.isEmpty, let connection else { return }
    try connection.send("COMMIT", [])
    let wanted = pending
    var isCommitted = false
    try connection.endPipeline(wanted.count + 1) { (index, answer) throws(PostgresFailure) in
      if index == wanted.count {
        isCommitted = answer.command == "COMMIT"
      } else if wanted[index] >= 0, answer.touched != wanted[index] {
        throw PostgresFailure(
          .foreign,
          "records of this log are there that this sink did not write, though nobody else may: see who did")
      }
    }
    guard isCommitted else { throw PostgresFailure(.connection, "the server rolled a transaction back") }
    (pending, pendingBytes) = ([], 0)
    acknowledger.acknowledge(through: next - 1, level: options.isReplicated ? .replicated : .stable)
  }

  // MARK: Checkpoints

  func recoverCheckpoint() throws(FilterError) -> UInt64? {
    var held: UInt64 = 0
    try guarded { () throws(PostgresFailure) in
      let found = try connection?.run("SELECT max(size) FROM checkpoints WHERE log = $1", [.text(log)])
      held = found?.integer(0, 0).map { UInt64($0) } ?? 0
    }
    return held
  }

  func checkpoint(_ note: Span<UInt8>) throws(FilterError) {
    // origin, size, root: the size is the second line.
    let lines = Array(copying: note).split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count > 3, let size = Int64(String(decoding: lines[1], as: UTF8.self)), size >= 0 else {
      throw FilterError(.input, "A checkpoint is a signed note whose second line is the log's size.")
    }
    try guarded { () throws(PostgresFailure) in
      try commit()
      guard let connection else { throw PostgresFailure(.connection, "the connection is gone") }
      try connection.run(
        """
        INSERT INTO checkpoints (log, size, note, digest) VALUES ($1, $2, $3, sha256(convert_to($3, 'UTF8')))
        ON CONFLICT DO NOTHING
        """, [.text(log), .integer(size), .text(Array(copying: note))])
    }
  }

  // MARK: Failures

  private func guarded(_ body: () throws(PostgresFailure) -> Void) throws(FilterError) {
    do throws(PostgresFailure) { try body() } catch {
      drop()
      throw error.explained(options, isProbe: false)
    }
  }

  private func drop() {
    connection = nil
    (pending, pendingBytes) = ([], 0)
    months = []
  }
}

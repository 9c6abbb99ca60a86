internal import CPostgres
internal import Glibc

/// One connection to Postgres. Belongs to one thread at a time; every call returns by a deadline.
///
/// libpq is used in its non-blocking form, as its blocking one waits for ever for a server that is stopped.
@safe final class PostgresConnection: @unchecked Sendable {  // handed from thread to thread, never shared
  /// Seconds.
  static let connectTime: Int64 = 5
  private static let answerTime: Int64 = 10
  /// Milliseconds: the server gives a statement up by itself before this side does.
  private static let statementTimeout = 8_000
  private static let lockTimeout = 5_000

  private let raw: OpaquePointer

  /// - Parameter url: a connection URI of libpq's, or its keywords and values.
  init(_ url: String) throws(PostgresFailure) {
    let parameters = try PostgresParameters(url)
    guard let raw = unsafe parameters.start() else {
      throw PostgresFailure("libpq is out of memory")
    }
    unsafe self.raw = unsafe raw
    _ = unsafe PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
    unsafe PQsetNoticeProcessor(raw, { _, _ in }, nil)
    try connect()
    guard unsafe PQsetnonblocking(raw, 1) == 0 else { throw lost() }
    try script(
      """
      SET statement_timeout = \(Self.statementTimeout); SET lock_timeout = \(Self.lockTimeout);
      SET idle_in_transaction_session_timeout = 15000; SET search_path = sluice, pg_temp; SET synchronous_commit = on
      """)
  }

  deinit { unsafe PQfinish(raw) }

  private func connect() throws(PostgresFailure) {
    let deadline = Deadline(seconds: Self.connectTime)
    var state = PGRES_POLLING_WRITING
    while state != PGRES_POLLING_OK {
      switch state {
      case PGRES_POLLING_WRITING: try wait(for: Int16(POLLOUT), deadline)
      case PGRES_POLLING_READING: try wait(for: Int16(POLLIN), deadline)
      default: throw PostgresFailure(connecting: unsafe String(cString: PQerrorMessage(raw)))
      }
      unsafe state = PQconnectPoll(raw)
    }
  }

  /// Whether a new transaction may begin on it.
  var isIdle: Bool {
    unsafe PQstatus(raw) == CONNECTION_OK && PQtransactionStatus(raw) == PQTRANS_IDLE
  }

  // MARK: Statements

  /// Runs statements that are constants of this program. No parameters.
  func script(_ text: String) throws(PostgresFailure) {
    guard unsafe PQsendQuery(raw, text) == 1 else { throw lost() }
    try flush()
    _ = try finish()
  }

  /// Runs one statement with `$1`, `$2`, … in it.
  func run(_ statement: String, _ arguments: [StoredValue]) throws(PostgresFailure) -> StatementResult {
    let sent = unsafe PostgresArguments.lend(arguments) { types, values, lengths, formats in
      unsafe PQsendQueryParams(
        raw, statement, Int32(arguments.count), types, values, lengths, formats, 0)
    }
    guard sent == 1 else { throw lost() }
    try flush()
    return try finish()
  }

  private func finish() throws(PostgresFailure) -> StatementResult {
    var result = StatementResult()
    var failure: PostgresFailure?
    while let answer = unsafe try next() {
      defer { unsafe PQclear(answer) }
      switch unsafe PQresultStatus(answer) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK: result = unsafe StatementResult(answer)
      default: if failure == nil { failure = unsafe PostgresFailure(answer: answer) }
      }
    }
    if let failure { throw failure }
    return result
  }

  private func next() throws(PostgresFailure) -> OpaquePointer? {
    let deadline = Deadline(seconds: Self.answerTime)
    while unsafe PQisBusy(raw) == 1 {
      try wait(for: Int16(POLLIN), deadline)
      guard unsafe PQconsumeInput(raw) == 1 else { throw lost() }
    }
    return unsafe PQgetResult(raw)
  }

  private func flush() throws(PostgresFailure) {
    let deadline = Deadline(seconds: Self.answerTime)
    while true {
      let left = unsafe PQflush(raw)
      if left == 0 { return }
      guard left == 1 else { throw lost() }
      try wait(for: Int16(POLLOUT | POLLIN), deadline)
      guard unsafe PQconsumeInput(raw) == 1 else { throw lost() }
    }
  }

  private func wait(for events: Int16, _ deadline: Deadline) throws(PostgresFailure) {
    while true {
      var entry = pollfd(fd: unsafe PQsocket(raw), events: events, revents: 0)
      let left = deadline.milliseconds
      guard left > 0 else { throw PostgresFailure("it does not answer in time") }
      guard entry.fd >= 0 else { throw lost() }
      let count = unsafe poll(&entry, 1, left)
      if count > 0 { return }
      if count < 0, errno != EINTR { throw lost() }
    }
  }

  private func lost() -> PostgresFailure {
    PostgresFailure(connecting: unsafe String(cString: PQerrorMessage(raw)))
  }

  // MARK: Notifications

  /// Waits for a notification, `milliseconds` at most. Whether there was one, or several.
  func waitForNotification(milliseconds: Int32) throws(PostgresFailure) -> Bool {
    var entry = pollfd(fd: unsafe PQsocket(raw), events: Int16(POLLIN), revents: 0)
    guard entry.fd >= 0 else { throw lost() }
    guard unsafe poll(&entry, 1, milliseconds) >= 0 || errno == EINTR else { throw lost() }
    guard unsafe PQconsumeInput(raw) == 1 else { throw lost() }
    var isThere = false
    while let notification = unsafe PQnotifies(raw) {
      unsafe PQfreemem(notification)
      isThere = true
    }
    return isThere
  }
}

/// The end of a time that is waited.
private struct Deadline {
  private let end: Int64

  init(seconds: Int64) { end = Self.now() + seconds * 1000 }

  var milliseconds: Int32 { Int32(clamping: max(0, end - Self.now())) }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension StatementResult {
  /// Copies an answer out.
  @unsafe fileprivate init(_ answer: OpaquePointer) {
    let count = unsafe PQnfields(answer)
    columns = (0..<count).map { unsafe String(cString: PQfname(answer, $0)) }
    changes = unsafe Int(String(cString: PQcmdTuples(answer))) ?? 0
    rows = unsafe (0..<PQntuples(answer)).map { row in
      (0..<count).map { column in unsafe Self.value(answer, row, column) }
    }
  }

  /// The types of the store's columns, by their numbers in pg_type.
  private static let integers: Set<UInt32> = [16, 20, 21, 23]
  private static let bytes: UInt32 = 17

  @unsafe private static func value(_ answer: OpaquePointer, _ row: Int32, _ column: Int32) -> StoredValue {
    guard unsafe PQgetisnull(answer, row, column) == 0 else { return .null }
    let text = unsafe String(cString: PQgetvalue(answer, row, column))
    let type = unsafe PQftype(answer, column)
    if integers.contains(type) { return .integer(Int64(text) ?? (text == "t" ? 1 : 0)) }
    guard type == bytes else { return .text(text) }
    // `\x` and hexadecimal digits.
    let digits = Array(text.utf8.dropFirst(2))
    func digit(_ letter: UInt8) -> UInt8 { letter < 0x40 ? letter & 0x0F : (letter & 0x07) + 9 }
    return .blob(
      stride(from: 0, to: digits.count - 1, by: 2).map { digit(digits[$0]) << 4 | digit(digits[$0 + 1]) })
  }
}

internal import CPostgres
internal import Glibc

/// A connection to the database. Used by one thread at a time; every call returns by a deadline.
///
/// libpq is used in its non-blocking form, as its blocking one waits for ever for a server that is stopped.
@safe final class PostgresConnection: @unchecked Sendable {  // handed from thread to thread by the pool
  private let raw: OpaquePointer
  /// How long connecting may take, in milliseconds.
  private static let connectTime: Int64 = 5_000
  /// How long a statement may take, in milliseconds: the server counts.
  static let statementTime: Int64 = 5_000
  /// What is waited beyond that, for a server that is gone.
  private static let graceTime: Int64 = 2_000

  init(_ place: PostgresLocation) throws {
    unsafe raw = try PostgresParameters(place).start()
    unsafe PQsetNoticeProcessor(raw, { _, _ in }, nil)
    try connect()
    guard unsafe PQsetnonblocking(raw, 1) == 0 else { throw failure() }
  }

  deinit { unsafe PQfinish(raw) }

  private func connect() throws(PostgresFailure) {
    let deadline = Deadline(milliseconds: Self.connectTime)
    var state = PGRES_POLLING_WRITING
    while state != PGRES_POLLING_OK {
      switch state {
      case PGRES_POLLING_WRITING: try wait(for: Int16(POLLOUT), deadline)
      case PGRES_POLLING_READING: try wait(for: Int16(POLLIN), deadline)
      default: throw failure()
      }
      unsafe state = PQconnectPoll(raw)
    }
  }

  private func wait(for events: Int16, _ deadline: Deadline) throws(PostgresFailure) {
    guard try isReady(for: events, deadline) else {
      throw PostgresFailure(kind: .connection, message: "it does not answer in time")
    }
  }

  /// Whether the socket could be read from or written to by then.
  private func isReady(for events: Int16, _ deadline: Deadline) throws(PostgresFailure) -> Bool {
    while true {
      var entry = pollfd(fd: unsafe PQsocket(raw), events: events, revents: 0)
      guard entry.fd >= 0 else { throw failure() }
      let count = unsafe poll(&entry, 1, deadline.left)
      if count > 0 { return true }
      if count < 0 && errno != EINTR { throw failure() }
      if deadline.left == 0 { return false }
    }
  }

  /// Runs one statement with its arguments.
  func run(_ sql: String, _ arguments: [StoredValue] = []) throws(PostgresFailure) -> StatementResult {
    let parameters = PostgresArguments(arguments)
    let isSent = unsafe parameters.lend { types, values, lengths, formats in
      unsafe PQsendQueryParams(raw, sql, Int32(arguments.count), types, values, lengths, formats, 1)
    }
    guard isSent == 1 else { throw failure() }
    try flush()
    return try answer()
  }

  /// Runs several statements that are no data: a migration's.
  func script(_ sql: String) throws(PostgresFailure) {
    guard unsafe PQsendQuery(raw, sql) == 1 else { throw failure() }
    try flush()
    _ = try answer()
  }

  private func answer() throws(PostgresFailure) -> StatementResult {
    let deadline = Deadline(milliseconds: Self.statementTime + Self.graceTime)
    var result = StatementResult()
    var first: PostgresFailure?
    while true {
      while unsafe PQisBusy(raw) == 1 {
        try wait(for: Int16(POLLIN), deadline)
        guard unsafe PQconsumeInput(raw) == 1 else { throw failure() }
      }
      guard let one = unsafe PQgetResult(raw) else { break }
      let answer = unsafe PostgresAnswer(one)
      if let failure = answer.failure { first = first ?? failure } else { result = try answer.result() }
    }
    if let first { throw first }
    return result
  }

  /// Writes what waits to be written; reads meanwhile, as the server may have to get rid of answers first.
  private func flush() throws(PostgresFailure) {
    let deadline = Deadline(milliseconds: Self.statementTime + Self.graceTime)
    while true {
      let left = unsafe PQflush(raw)
      if left == 0 { return }
      guard left == 1 else { throw failure() }
      try wait(for: Int16(POLLOUT | POLLIN), deadline)
      guard unsafe PQconsumeInput(raw) == 1 else { throw failure() }
    }
  }

  /// What others have said within so long; waits no longer than for the first.
  func notifications(milliseconds: Int64) throws(PostgresFailure) -> Set<String> {
    if try isReady(for: Int16(POLLIN), Deadline(milliseconds: milliseconds)) {
      guard unsafe PQconsumeInput(raw) == 1 else { throw failure() }
    }
    var said: Set<String> = []
    while let one = unsafe PQnotifies(raw) {
      unsafe said.insert(String(cString: one.pointee.extra))
      unsafe PQfreemem(one)
    }
    return said
  }

  private func failure() -> PostgresFailure {
    let text = unsafe PQerrorMessage(raw).map { unsafe String(cString: $0) } ?? ""
    return PostgresFailure(kind: .connection, message: PostgresAnswer.line(text))
  }
}

/// An instant by which something must have happened.
struct Deadline {
  private let end: Int64

  init(milliseconds: Int64) { end = Self.now() + milliseconds }

  /// How much is left, for `poll`.
  var left: Int32 { Int32(clamping: max(0, end - Self.now())) }

  static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

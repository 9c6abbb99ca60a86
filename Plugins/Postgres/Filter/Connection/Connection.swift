internal import CPostgres
internal import FilterKit
internal import Glibc

/// A connection to the server. Belongs to one thread; every call returns by a deadline.
///
/// libpq is used in its non-blocking form, as its blocking one waits for ever for a server that is stopped.
@safe final class Connection {
  enum Purpose { case writing, reading }

  private let raw: OpaquePointer
  /// Seconds that one answer may take.
  private let timeout: Int64
  /// How long connecting may take, in seconds.
  private static let connectTime: Int64 = 10

  /// Connects. The password is read anew.
  init(_ options: PostgresOptions, for purpose: Purpose, name: String) throws(PostgresFailure) {
    let parameters = try ConnectionParameters(options, for: purpose, name: name)
    guard let raw = unsafe parameters.start() else {
      throw PostgresFailure(.connection, "libpq is out of memory")
    }
    unsafe self.raw = unsafe raw
    // The server counts its own time-out; this one is for a server that is gone.
    timeout = options.timeout + 5
    // Errors then carry their SQLSTATE, whatever language the server speaks.
    _ = unsafe PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
    unsafe PQsetNoticeProcessor(raw, { _, _ in }, nil)
    try connect()
    guard unsafe PQsetnonblocking(raw, 1) == 0 else { throw connectionFailure() }
    try run(
      "SELECT set_config('search_path', $1 || ', pg_temp', false), set_config('statement_timeout', $2, false)",
      [.text(options.schema), .text("\(options.timeout)s")])
  }

  deinit { unsafe PQfinish(raw) }

  private func connect() throws(PostgresFailure) {
    // Several addresses may have to be tried, each within connect_timeout.
    let deadline = Deadline(seconds: Self.connectTime * 3)
    var state = PGRES_POLLING_WRITING
    while state != PGRES_POLLING_OK {
      switch state {
      case PGRES_POLLING_WRITING: try wait(for: Int16(POLLOUT), deadline)
      case PGRES_POLLING_READING: try wait(for: Int16(POLLIN), deadline)
      default: throw connectionFailure(isConnecting: true)
      }
      unsafe state = PQconnectPoll(raw)
    }
  }

  /// Waits until the socket can be read from or written to.
  private func wait(for events: Int16, _ deadline: Deadline) throws(PostgresFailure) {
    while true {
      let left = deadline.milliseconds
      guard left > 0 else { throw PostgresFailure(.timeOut, "it does not answer in time") }
      var entry = pollfd(fd: unsafe PQsocket(raw), events: events, revents: 0)
      guard entry.fd >= 0 else { throw connectionFailure() }
      let count = unsafe poll(&entry, 1, left)
      if count > 0 { return }
      if count < 0 && errno != EINTR { throw connectionFailure() }
    }
  }

  // MARK: Statements

  /// Runs one statement with parameters and gives its rows. Not while a pipeline is open.
  @discardableResult
  func run(_ statement: StaticString, _ parameters: [Parameter] = []) throws(PostgresFailure) -> Rows {
    try send(statement, parameters)
    return try finish()
  }

  /// Runs statements that are no constants: identifiers in them must have been checked. No parameters.
  func script(_ text: [UInt8]) throws(PostgresFailure) {
    let terminated = text + [0]
    let sent = unsafe terminated.withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe PQsendQuery(raw, $0.baseAddress) }
    }
    guard sent == 1 else { throw connectionFailure() }
    try flushOutput()
    _ = try finish()
  }

  func script(_ text: String) throws(PostgresFailure) { try script(Array(text.utf8)) }

  /// Sends one statement without waiting for its answer.
  func send(_ statement: StaticString, _ parameters: [Parameter]) throws(PostgresFailure) {
    let sent = unsafe Parameter.lend(parameters) { types, values, lengths, formats in
      statement.withUTF8Buffer { text in
        // A literal ends with a NUL.
        unsafe text.withMemoryRebound(to: CChar.self) { text in
          unsafe PQsendQueryParams(
            raw, text.baseAddress, Int32(parameters.count), types, values, lengths, formats, 1)
        }
      }
    }
    guard sent == 1 else { throw connectionFailure() }
    try flushOutput()
  }

  /// Takes every answer that is due until the statement is over; throws the first failure.
  private func finish() throws(PostgresFailure) -> Rows {
    var rows = Rows()
    var failure: PostgresFailure?
    while let result = try nextResult() {
      if let found = result.failure { failure = failure ?? found } else { rows = Rows(result) }
    }
    if let failure { throw failure }
    return rows
  }

  /// The next answer, or nil where the statement (in a pipeline: one of its statements) is over.
  func nextResult() throws(PostgresFailure) -> Answer? {
    let deadline = Deadline(seconds: timeout)
    while unsafe PQisBusy(raw) == 1 {
      try wait(for: Int16(POLLIN), deadline)
      guard unsafe PQconsumeInput(raw) == 1 else { throw connectionFailure() }
    }
    guard let result = unsafe PQgetResult(raw) else { return nil }
    return unsafe Answer(result)
  }

  /// Writes what waits to be written; reads meanwhile, as the server may have to get rid of answers first.
  private func flushOutput() throws(PostgresFailure) {
    let deadline = Deadline(seconds: timeout)
    while true {
      let left = unsafe PQflush(raw)
      if left == 0 { return }
      guard left == 1 else { throw connectionFailure() }
      try wait(for: Int16(POLLOUT | POLLIN), deadline)
      guard unsafe PQconsumeInput(raw) == 1 else { throw connectionFailure() }
    }
  }

  // MARK: Pipelines

  /// From here on statements are sent one after the other without waiting; ``endPipeline(_:)`` takes the answers.
  func beginPipeline() throws(PostgresFailure) {
    guard unsafe PQenterPipelineMode(raw) == 1 else { throw connectionFailure() }
  }

  /// Takes the answers of all that was sent, in their order, and ends the pipeline.
  /// - Parameter body: is given each statement's answer, by its place.
  func endPipeline(
    _ count: Int, _ body: (Int, borrowing Answer) throws(PostgresFailure) -> Void
  ) throws(PostgresFailure) {
    guard unsafe PQpipelineSync(raw) == 1 else { throw connectionFailure() }
    try flushOutput()
    for index in 0..<count {
      while let answer = try nextResult() {
        if let failure = answer.failure { throw failure }
        try body(index, answer)
      }
    }
    guard let sync = try nextResult(), sync.isSync else {
      throw PostgresFailure(.connection, "the server's answers are out of order")
    }
    guard unsafe PQexitPipelineMode(raw) == 1 else { throw connectionFailure() }
  }

  // MARK: Reading row by row

  /// Runs a statement and lends its rows one by one, so that memory holds no more than one, until `body` returns
  /// false.
  func forEachRow(
    _ statement: StaticString, _ parameters: [Parameter],
    _ body: (borrowing Answer) throws(FilterError) -> Bool
  ) throws(PostgresFailure) -> FilterError? {
    try send(statement, parameters)
    guard unsafe PQsetSingleRowMode(raw) == 1 else { throw connectionFailure() }
    var stopped = false
    var thrown: FilterError?
    var failure: PostgresFailure?
    while let answer = try nextResult() {
      if let found = answer.failure {
        // What a cancelled statement says is what was asked of it.
        if !stopped { failure = failure ?? found }
      } else if !stopped, answer.count > 0 {
        do throws(FilterError) { stopped = try !body(answer) } catch {
          thrown = error
          stopped = true
        }
        if stopped { cancel() }
      }
    }
    if let failure { throw failure }
    return thrown
  }

  private func cancel() {
    guard let handle = unsafe PQgetCancel(raw) else { return }
    defer { unsafe PQfreeCancel(handle) }
    var text = [CChar](repeating: 0, count: 256)
    _ = unsafe PQcancel(handle, &text, Int32(text.count))
  }

  // MARK: Failures

  private func connectionFailure(isConnecting: Bool = false) -> PostgresFailure {
    let text = unsafe PQerrorMessage(raw).map { unsafe String(cString: $0) } ?? ""
    return isConnecting
      ? ConnectionMessage.failure(text) : PostgresFailure(.connection, ConnectionMessage.first(text))
  }
}

/// An instant by which something must have happened.
struct Deadline {
  private let end: Int64

  init(seconds: Int64) { end = Self.now() + seconds * 1000 }

  /// How much is left, for `poll`.
  var milliseconds: Int32 { Int32(clamping: max(0, end - Self.now())) }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

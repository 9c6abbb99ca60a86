internal import FilterKit

/// A log in the database, being read. One thread. Its connection is read-only.
final class PostgresReader: SinkReader {
  /// Sequences that one page looks at, at most: the server sorts them.
  private static let window: UInt64 = 1024

  private let connection: Connection
  private let log: String
  private let options: PostgresOptions

  /// The names of the logs, found by skipping from one to the next in the index.
  static func logs(_ connection: Connection, _ options: PostgresOptions) throws(PostgresFailure) -> [String] {
    try prepare(connection, options)
    let found = try connection.run(
      """
      WITH RECURSIVE list AS (
        (SELECT log FROM hashes ORDER BY log LIMIT 1)
        UNION ALL SELECT (SELECT log FROM hashes h WHERE h.log > list.log ORDER BY log LIMIT 1) FROM list
        WHERE list.log IS NOT NULL)
      SELECT log FROM list WHERE log IS NOT NULL
      """)
    return (0..<found.count).compactMap { found.text($0, 0) }
  }

  init(_ connection: Connection, _ log: String, _ options: PostgresOptions) throws(PostgresFailure) {
    self.connection = connection
    self.log = log
    self.options = options
    try Self.prepare(connection, options)
  }

  /// Whether anything of the log is, or was, in the database: hashes outlive records.
  func isThere() throws(PostgresFailure) -> Bool {
    let found = try connection.run(
      """
      SELECT (EXISTS (SELECT FROM hashes WHERE log = $1) OR EXISTS (SELECT FROM records WHERE log = $1)
        OR EXISTS (SELECT FROM checkpoints WHERE log = $1))::int
      """, [.text(log)])
    return found.integer(0, 0) == 1
  }

  private static func prepare(_ connection: Connection, _ options: PostgresOptions) throws(PostgresFailure) {
    try connection.run("SELECT set_config('default_transaction_read_only', 'on', false)")
    let check = ServerCheck(connection, options)
    let version = try check.version()
    guard version >= ServerCheck.newest else { throw check.tooOld(version) }
  }

  // MARK: Records

  func records(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    let isFiltered =
      query.session != nil || query.exchange != nil || query.subject != nil || query.pipeline != nil
      || query.notBefore > 0 || query.before != .max
    return isFiltered ? try matches(query, receiver) : try everything(query, receiver)
  }

  /// A window of sequences: hashes and records side by side, so that one without the other shows.
  private func everything(_ query: borrowing ReadQuery, _ receiver: borrowing ReadReceiver)
    throws(FilterError)
    -> UInt64?
  {
    let from = query.from
    guard from <= UInt64(Int64.max) else { return nil }
    let size = min(Self.window, UInt64(query.maximumCount))
    let end = min(query.end, from.addingReportingOverflow(size).partialValue, UInt64(Int64.max))
    var page = Page(query.maximumBytes)
    try rows(
      """
      SELECT sequence, h.leaf, r.record, CASE WHEN r.record IS NULL THEN EXISTS (
        SELECT FROM removals m WHERE m.log = $1 AND sequence BETWEEN m.first AND m.last) END
      FROM (SELECT sequence, leaf FROM hashes WHERE log = $1 AND sequence >= $2 AND sequence < $3) AS h
      FULL JOIN (SELECT sequence, record FROM records WHERE log = $1 AND sequence >= $2 AND sequence < $3) AS r
        USING (sequence)
      ORDER BY sequence
      """, [.text(log), .integer(Int64(from)), .integer(Int64(end))]
    ) { (row) throws(FilterError) in
      guard page.takes(row) else { return false }
      try Self.hand(row, to: receiver)
      return true
    }
    if page.isFull { return page.next }
    if end >= query.end { return nil }
    if page.next != nil { return end }
    // Nothing was in the window: go on where something is.
    var later: Rows?
    try translated { () throws(PostgresFailure) in
      later = try connection.run(
        """
        SELECT least((SELECT min(sequence) FROM hashes WHERE log = $1 AND sequence >= $2),
          (SELECT min(sequence) FROM records WHERE log = $1 AND sequence >= $2))
        """, [.text(log), .integer(Int64(end))])
    }
    return later?.integer(0, 0).map { UInt64($0) }
  }

  private static func hand(_ row: borrowing Answer, to receiver: borrowing ReadReceiver) throws(FilterError) {
    let sequence = UInt64(row.integer(0) ?? 0)
    try row.withBytes(1) { (leaf) throws(FilterError) in
      if row.isNull(2) {
        return try receiver.hashOnly(sequence: sequence, leaf: leaf, isAccountedFor: row.integer(3) == 1)
      }
      try row.withBytes(2) { (json) throws(FilterError) in
        try receiver.record(sequence: sequence, json: json, leaf: leaf)
      }
    }
  }

  /// By what the records say, through the indexes.
  private func matches(_ query: borrowing ReadQuery, _ receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    guard query.from <= UInt64(Int64.max) else { return nil }
    var page = Page(query.maximumBytes)
    let limit = query.maximumCount
    var count = 0
    try rows(
      """
      SELECT sequence, NULL, record FROM records
      WHERE log = $1 AND sequence >= $2 AND sequence < $3
        AND ($4 = '' OR facts ? 'session' AND facts ->> 'session' = $4)
        AND ($5 = '' OR facts ? 'exchange' AND facts ->> 'exchange' = $5)
        AND ($6 = '' OR facts ? 'person' AND facts ->> 'person' = $6)
        AND ($7 = '' OR facts ->> 'pipeline' = $7)
        AND time >= to_timestamp($8::bigint / 1000000.0) - interval '1 second'
        AND ($9::bigint = 0 OR time <= to_timestamp($9::bigint / 1000000.0) + interval '1 second')
      ORDER BY sequence LIMIT $10
      """,
      [
        .text(log), .integer(Int64(query.from)), .integer(Int64(clamping: query.end)),
        .text(query.session ?? ""),
        .text(query.exchange ?? ""), .text(query.subject ?? ""), .text(query.pipeline ?? ""),
        .integer(Int64(clamping: query.notBefore / 1000)),
        .integer(query.before == .max ? 0 : Int64(clamping: query.before / 1000)), .integer(Int64(limit)),
      ]
    ) { (row) throws(FilterError) in
      guard page.takes(row) else { return false }
      count += 1
      try Self.hand(row, to: receiver)
      return true
    }
    return page.isFull || count >= limit ? page.next : nil
  }

  // MARK: Checkpoints and sessions

  func checkpoints(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    guard query.from <= UInt64(Int64.max) else { return nil }
    var count = 0
    var last: UInt64 = 0
    // All of one size stand on one page.
    try rows(
      """
      SELECT size, note FROM checkpoints WHERE log = $1 AND size >= $2
      ORDER BY size FETCH FIRST $3 ROWS WITH TIES
      """, [.text(log), .integer(Int64(query.from)), .integer(Int64(query.maximumCount))]
    ) { (row) throws(FilterError) in
      last = UInt64(row.integer(0) ?? 0)
      count += 1
      try row.withBytes(1) { (note) throws(FilterError) in try receiver.checkpoint(note) }
      return true
    }
    return count < query.maximumCount ? nil : last + 1
  }

  func sessions(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    guard query.from <= UInt64(Int64.max) else { return nil }
    var count = 0
    var last: UInt64 = 0
    try rows(
      """
      SELECT facts ->> 'session', min(sequence), (extract(epoch FROM min(time)) * 1000000)::bigint,
        (extract(epoch FROM max(time)) * 1000000)::bigint, count(*),
        count(*) FILTER (WHERE facts ->> 'type' = 'request'),
        count(*) FILTER (WHERE facts ->> 'type' = 'decision' AND facts ->> 'verdict' = 'deny'),
        bool_or(facts ->> 'type' = 'session.closed'), max(facts ->> 'person'), max(facts ->> 'pipeline'),
        max((facts ->> 'risk')::integer),
        array_to_string(array(SELECT DISTINCT kind FROM unnest(array_agg(facts -> 'kinds')) AS one,
          jsonb_array_elements_text(one) AS kind ORDER BY 1), ' '),
        array_to_string(array_agg(DISTINCT facts ->> 'approval'), ' ')
      FROM records WHERE log = $1 AND facts ? 'session'
      GROUP BY facts ->> 'session' HAVING min(sequence) >= $2
      ORDER BY min(sequence) LIMIT $3
      """, [.text(log), .integer(Int64(query.from)), .integer(Int64(query.maximumCount))]
    ) { (row) throws(FilterError) in
      var session = HeldSession(id: row.text(0) ?? "")
      session.firstSequence = UInt64(row.integer(1) ?? 0)
      session.firstTime = UInt64(clamping: row.integer(2) ?? 0) &* 1000
      session.lastTime = UInt64(clamping: row.integer(3) ?? 0) &* 1000
      session.records = UInt64(row.integer(4) ?? 0)
      session.exchanges = UInt64(row.integer(5) ?? 0)
      session.denied = UInt64(row.integer(6) ?? 0)
      session.isClosed = row.integer(7) == 1
      session.subject = row.text(8) ?? ""
      session.pipeline = row.text(9) ?? ""
      session.score = row.integer(10).map { UInt32(clamping: $0) }
      session.kinds = (row.text(11) ?? "").split(separator: " ").map(String.init)
      session.approvals = Self.settled((row.text(12) ?? "").split(separator: " ").map(String.init))
      last = session.firstSequence
      count += 1
      try receiver.session(session)
      return true
    }
    return count < query.maximumCount ? nil : last + 1
  }

  /// An approval that was asked for and then decided is no longer pending.
  private static func settled(_ states: [String]) -> [String] {
    states.count > 1 ? states.filter { $0 != "pending" } : states
  }

  // MARK: Failures

  private func rows(
    _ statement: StaticString, _ parameters: [Parameter],
    _ body: (borrowing Answer) throws(FilterError) -> Bool
  ) throws(FilterError) {
    var thrown: FilterError?
    try translated { () throws(PostgresFailure) in
      thrown = try connection.forEachRow(statement, parameters, body)
    }
    if let thrown { throw thrown }
  }

  private func translated(_ body: () throws(PostgresFailure) -> Void) throws(FilterError) {
    do throws(PostgresFailure) { try body() } catch { throw error.explained(options, isProbe: false) }
  }
}

/// A page being filled: it ends before a row of another sequence once it has its bytes.
private struct Page {
  private let maximum: Int
  private var bytes = 0
  private var last: UInt64?
  private(set) var isFull = false

  init(_ maximum: Int) { self.maximum = maximum }

  /// Where the next page begins.
  var next: UInt64? { last.map { $0 + 1 } }

  mutating func takes(_ row: borrowing Answer) -> Bool {
    let sequence = UInt64(row.integer(0) ?? 0)
    if bytes >= maximum, let last, sequence != last {
      isFull = true
      return false
    }
    last = sequence
    bytes += row.withBytes(2) { $0.count }
    return true
  }
}

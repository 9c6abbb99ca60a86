internal import FilterKit
internal import Glibc

/// Records on their way into the database, as the arrays of one statement.
struct Batch {
  private let log: String
  private var sequences = ArrayValue()
  private var times = ArrayValue()
  private var records = ArrayValue()
  /// As `2026-11`.
  private(set) var months: Set<[UInt8]> = []
  /// Sessions put under legal hold, or let go, as parameters of ``holdStatement``.
  private(set) var holds: [[Parameter]] = []

  /// Each sequence is kept once by the key of `hashes`, and a record goes only where its hash went.
  static let statement: StaticString = """
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[]) AS list (sequence, time, record)),
    kept AS (
      INSERT INTO hashes (log, sequence, leaf)
      SELECT $1, sequence, sha256('\\x00'::bytea || convert_to(record, 'UTF8')) FROM given
      ON CONFLICT DO NOTHING RETURNING sequence)
    INSERT INTO records (log, sequence, time, record)
    SELECT $1, sequence, time::timestamptz, record FROM given JOIN kept USING (sequence)
    """

  static let holdStatement: StaticString = """
    INSERT INTO legal_hold (session, held, reason, log, sequence) VALUES ($1, $2::bigint <> 0, $3, $4, $5)
    """

  init(log: String) { self.log = log }

  var count: Int { sequences.count }
  var bytes: Int { records.size }
  var parameters: [Parameter] {
    [.text(log), .integers(sequences), .texts(times), .texts(records)]
  }

  mutating func add(_ sequence: Int64, _ json: Span<UInt8>) {
    let envelope = RecordEnvelope(json)
    let time = envelope.time ?? Self.now()
    months.insert(Array(time[..<7]))
    sequences.append(sequence)
    times.append(time)
    records.append(json)
    guard envelope.isAdministration, let hold = RecordEnvelope.hold(json) else { return }
    // No text of the database holds a NUL.
    let reason = hold.reason.filter { $0 != "\0" }
    holds.append([
      .text(hold.session), .integer(hold.isHeld ? 1 : 0), .text(reason), .text(log), .integer(sequence),
    ])
  }

  /// For records without a time of their own.
  private static func now() -> [UInt8] {
    var clock = time_t(0)
    unsafe Glibc.time(&clock)
    var parts = unsafe tm()
    unsafe gmtime_r(&clock, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = unsafe strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return text[..<length].map { UInt8(bitPattern: $0) }
  }
}

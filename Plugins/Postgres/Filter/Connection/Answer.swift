internal import CPostgres
internal import FilterKit

/// One answer of the server.
@safe struct Answer: ~Copyable {
  private let raw: OpaquePointer

  @unsafe init(_ raw: OpaquePointer) { unsafe self.raw = unsafe raw }

  deinit { unsafe PQclear(raw) }

  /// How many rows.
  var count: Int { Int(unsafe PQntuples(raw)) }
  var columns: Int { Int(unsafe PQnfields(raw)) }
  /// The end of a pipeline.
  var isSync: Bool { unsafe PQresultStatus(raw) == PGRES_PIPELINE_SYNC }
  /// How many rows the statement touched.
  var touched: Int { unsafe Int(String(cString: PQcmdTuples(raw))) ?? 0 }
  /// What was done: `COMMIT`, or `ROLLBACK` where a COMMIT could not be had.
  var command: String { unsafe String(cString: PQcmdStatus(raw)) }

  var failure: PostgresFailure? {
    switch unsafe PQresultStatus(raw) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_PIPELINE_SYNC: return nil
    case PGRES_PIPELINE_ABORTED: return PostgresFailure(.connection, "an earlier statement failed")
    default:
      let state = field(Int32(UInt8(ascii: "C")))
      // Without a state it comes from libpq: the connection is gone.
      guard !state.isEmpty else {
        let text = unsafe String(cString: PQresultErrorMessage(raw))
        return PostgresFailure(.connection, ConnectionMessage.first(text))
      }
      // What is wrong with data may quote it.
      let mayQuote = state.hasPrefix("22") || state.hasPrefix("23")
      let message = mayQuote ? "it refuses what it was given" : field(Int32(UInt8(ascii: "M")))
      return PostgresFailure(state == "57014" ? .timeOut : .refused, message, state: state)
    }
  }

  private func field(_ code: Int32) -> String {
    unsafe PQresultErrorField(raw, code).map { unsafe String(cString: $0) } ?? ""
  }

  func isNull(_ column: Int, row: Int = 0) -> Bool { unsafe PQgetisnull(raw, Int32(row), Int32(column)) == 1 }

  /// Lends a value's bytes; none where it is null.
  func withBytes<R, E: Error>(
    _ column: Int, row: Int = 0, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    let start = unsafe PQgetvalue(raw, Int32(row), Int32(column))
    let length = Int(unsafe PQgetlength(raw, Int32(row), Int32(column)))
    let buffer = unsafe UnsafeBufferPointer(
      start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : length)
    return unsafe try body(Span(_unsafeElements: buffer))
  }

  func text(_ column: Int, row: Int = 0) -> String? {
    isNull(column, row: row)
      ? nil : withBytes(column, row: row) { String(decoding: Array(copying: $0), as: UTF8.self) }
  }

  /// A whole number of 1, 2, 4 or 8 bytes, as the binary format has it; a boolean is of one byte.
  func integer(_ column: Int, row: Int = 0) -> Int64? {
    guard !isNull(column, row: row) else { return nil }
    return withBytes(column, row: row) { bytes -> Int64? in
      guard (1...8).contains(bytes.count) else { return nil }
      var value: UInt64 = bytes[0] & 0x80 != 0 ? .max : 0
      for index in bytes.indices { value = value << 8 | UInt64(bytes[index]) }
      return Int64(bitPattern: value)
    }
  }
}

/// The rows of a short answer, copied out: each value's bytes, nil for null.
struct Rows {
  private(set) var rows: [[[UInt8]?]] = []

  init() {}

  init(_ answer: borrowing Answer) {
    for row in 0..<answer.count {
      var values: [[UInt8]?] = []
      for column in 0..<answer.columns {
        values.append(
          answer.isNull(column, row: row) ? nil : answer.withBytes(column, row: row) { Array(copying: $0) })
      }
      rows.append(values)
    }
  }

  var count: Int { rows.count }

  func text(_ row: Int, _ column: Int) -> String? {
    guard row < rows.count, let bytes = rows[row][column] else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  func integer(_ row: Int, _ column: Int) -> Int64? {
    guard row < rows.count, let bytes = rows[row][column], (1...8).contains(bytes.count) else { return nil }
    var value: UInt64 = bytes[0] & 0x80 != 0 ? .max : 0
    for byte in bytes { value = value << 8 | UInt64(byte) }
    return Int64(bitPattern: value)
  }

  func isTrue(_ row: Int, _ column: Int) -> Bool { integer(row, column) == 1 }
}

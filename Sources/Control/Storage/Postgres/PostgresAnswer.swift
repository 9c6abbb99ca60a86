internal import CPostgres

/// One answer of the database.
@safe struct PostgresAnswer: ~Copyable {
  private let raw: OpaquePointer

  @unsafe init(_ raw: OpaquePointer) { unsafe self.raw = unsafe raw }

  deinit { unsafe PQclear(raw) }

  var failure: PostgresFailure? {
    switch unsafe PQresultStatus(raw) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
    default:
      let state = field(UInt8(ascii: "C"))
      guard !state.isEmpty else {
        let text = unsafe String(cString: PQresultErrorMessage(raw))
        return PostgresFailure(kind: .connection, message: Self.line(text))
      }
      // What is wrong with data may quote it.
      let mayQuote = state.hasPrefix("22") || state.hasPrefix("23")
      let message = mayQuote ? "it refuses what it was given" : field(UInt8(ascii: "M"))
      return PostgresFailure(kind: .refused, message: message, state: state)
    }
  }

  private func field(_ code: UInt8) -> String {
    unsafe PQresultErrorField(raw, Int32(code)).map { unsafe String(cString: $0) } ?? ""
  }

  /// The rows, copied out.
  func result() throws(PostgresFailure) -> StatementResult {
    var result = StatementResult()
    result.changes = unsafe Int(String(cString: PQcmdTuples(raw))) ?? 0
    let width = unsafe PQnfields(raw)
    result.columns = (0..<width).map { unsafe String(cString: PQfname(raw, $0)) }
    for row in 0..<(unsafe PQntuples(raw)) {
      var values: [StoredValue] = []
      for column in 0..<width { values.append(try value(row, column)) }
      result.rows.append(values)
    }
    return result
  }

  private func value(_ row: Int32, _ column: Int32) throws(PostgresFailure) -> StoredValue {
    if unsafe PQgetisnull(raw, row, column) == 1 { return .null }
    let start = unsafe UnsafeRawPointer(PQgetvalue(raw, row, column))
    let bytes = unsafe [UInt8](
      UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(raw, row, column))))
    switch unsafe PQftype(raw, column) {
    case 16, 20, 21, 23:  // bool, int8, int2, int4
      var value: UInt64 = (bytes.first ?? 0) & 0x80 != 0 ? .max : 0
      for byte in bytes { value = value << 8 | UInt64(byte) }
      return .integer(Int64(bitPattern: value))
    case 17: return .blob(bytes)
    case 19, 25, 705, 1043:  // name, text, unknown, varchar
      return .text(String(decoding: bytes, as: UTF8.self))
    case 1700: return .integer(try Self.whole(bytes))
    case 2278: return .null  // void
    default:
      throw PostgresFailure(kind: .refused, message: "a column is of a type that the store has none of")
    }
  }

  /// A `numeric` that is a whole number, as sums are: digits of base 10,000 after a header.
  private static func whole(_ bytes: [UInt8]) throws(PostgresFailure) -> Int64 {
    let failure = PostgresFailure(kind: .refused, message: "a sum is no whole number of 64 bits")
    let words = stride(from: 0, to: bytes.count - 1, by: 2).map {
      Int64(bytes[$0]) << 8 | Int64(bytes[$0 + 1])
    }
    guard words.count >= 4, words.count == 4 + Int(words[0]), words[2] == 0 || words[2] == 0x4000,
      words[0] == 0 || words[1] < 5
    else { throw failure }
    var value: Int64 = 0
    for place in 0..<(words[0] == 0 ? 0 : Int(words[1]) + 1) {
      let digit = 4 + place < words.count ? words[4 + place] : 0
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10_000)
      let (sum, isOver) = product.addingReportingOverflow(digit)
      guard !tooLarge, !isOver else { throw failure }
      value = sum
    }
    return words[2] == 0 ? value : -value
  }

  /// The newest line of what libpq says, without its ends; at most 300 characters.
  static func line(_ text: String) -> String {
    let lines = text.split(separator: "\n")
    let line = lines.last { $0.hasPrefix("connection to server") } ?? lines.first ?? "the connection is gone"
    return String(line.prefix(300))
  }
}

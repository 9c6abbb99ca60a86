internal import Evidence

/// Writes records in a form that something else reads. Records come in the log's order.
protocol Exporter {
  /// What stands before the first record.
  mutating func begin() -> String
  mutating func add(_ record: StoredRecord) -> String
  /// What stands behind the last one.
  mutating func end() -> String
}

/// Each record as it is, one canonical JSON object a line.
struct LinesExporter: Exporter {
  func begin() -> String { "" }
  func add(_ record: StoredRecord) -> String { String(decoding: record.json, as: UTF8.self) + "\n" }
  func end() -> String { "" }
}

internal import Evidence
internal import JSONTree

/// RFC 4180, one line a record, every field in quotation marks.
///
/// A spreadsheet takes a cell that begins with one of `= + - @`, a tab or a carriage return for a formula, and texts in
/// records come from strangers: such a cell begins with an apostrophe instead, which spreadsheets show as text.
struct CSVExporter: Exporter {
  static let columns = [
    "sequence", "time", "type", "session", "exchange", "subject", "pipeline", "model", "method", "path",
    "verdict",
    "error", "score", "approval", "status", "outcome", "findings", "kinds", "bytes", "event", "detail",
  ]

  func begin() -> String { Self.line(Self.columns) }

  func add(_ record: StoredRecord) -> String {
    let data = (try? JSONReader.read(record.data)) ?? .null
    let findings = data["findings"]?.array ?? []
    let kinds = Set(findings.compactMap { $0["kind"]?.string }).sorted()
    func text(_ name: String) -> String {
      guard let value = data[name] else { return "" }
      return value.string ?? value.line
    }
    let detail = ["reason", "records", "comment", "rule", "host"].compactMap { data[$0]?.string }.joined(
      separator: " ")
    return Self.line([
      String(record.sequence), record.timeText, record.type, record.session ?? "", record.exchange ?? "",
      data["principal"]?["subject"]?.string ?? text("subject"), text("pipeline"), text("model"),
      text("method"),
      text("path"), text("verdict"), text("error"), text("score"),
      data["approval"]?["state"]?.string ?? data["state"]?.string ?? "", text("status"), text("outcome"),
      data["findings"] == nil ? "" : String(findings.count), kinds.joined(separator: " "), text("bytes"),
      text("event"), detail,
    ])
  }

  func end() -> String { "" }

  private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  static func cell(_ text: String) -> String {
    // Blanks in front don't keep a spreadsheet from it.
    let first = text.unicodeScalars.first { $0 != " " }
    let isFormula =
      first.map {
        "=+-@\t\r\n|".unicodeScalars.contains($0) || $0 == "\u{FF1D}" || $0 == "\u{FF0B}" || $0 == "\u{FF0D}"
          || $0 == "\u{FF20}"
      } ?? false
    let escaped = text.unicodeScalars.reduce(into: "") { result, scalar in
      if scalar == "\"" {
        result += "\"\""
      } else if scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" {
        result.unicodeScalars.append(scalar)
      }
    }
    return "\"\(isFormula ? "'" : "")\(escaped)\""
  }
}

internal import Evidence
internal import JSONTree

/// One page that stands alone, for an auditor: no script, nothing from outside, and it prints well. What a mask put in
/// is marked. Everything from a record is escaped, and the page's own policy forbids it to load or run anything.
struct HTMLExporter: Exporter {
  private let title: String
  /// What `verify` says of the log, in lines.
  private let verification: String
  private let isWhole: Bool
  private var sessions: [(summary: SessionSummary, body: String)] = []
  private var places: [String: Int] = [:]
  private var others = ""
  private var collector = SessionCollector()
  private var count = 0

  /// The page is put together in memory.
  static let recordLimit = 50_000

  init(title: String, verification: String, isWhole: Bool) {
    self.title = title
    self.verification = verification
    self.isWhole = isWhole
  }

  func begin() -> String { "" }

  mutating func add(_ record: StoredRecord) -> String {
    count += 1
    collector.add(record)
    let row = HTMLRecord(record).html
    guard let session = record.session else {
      others += row
      return ""
    }
    if let place = places[session] {
      sessions[place].body += row
    } else if let summary = collector.sessions.last {
      places[session] = sessions.count
      sessions.append((summary, row))
    }
    return ""
  }

  func end() -> String {
    let summaries = collector.sessions
    let range = [summaries.map(\.firstTime).min(), summaries.map(\.lastTime).max()].compactMap { $0 }
      .map { Terminal.time(Int64($0 / 1_000_000_000)) }.joined(separator: " – ")
    var page = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escape(title))</title>
      <style>\(HTMLStyle.text)</style>
      </head>
      <body>
      <header>
      <p class="mark">Sluice · evidence</p>
      <h1>\(HTML.escape(title))</h1>
      <p class="range">\(HTML.escape(range)) · \(count) records · \(summaries.count) sessions</p>
      <section class="seal \(isWhole ? "whole" : "broken")">
      <h2>\(isWhole ? "The log is whole" : "The log could not be proved whole")</h2>
      <pre>\(HTML.escape(verification))</pre>
      </section>
      </header>
      <main>

      """
    for (index, summary) in summaries.enumerated() {
      page += Self.session(summary, sessions[index].body)
    }
    if !others.isEmpty {
      page +=
        "<details class=\"session\"><summary><b>The installation</b> "
        + "<span>policies, keys, approvals, holds</span></summary>\n\(others)</details>\n"
    }
    if count == 0 { page += "<p>No record is like that.</p>\n" }
    return page + """
      </main>
      <footer>Masked texts as recorded; <mark>marked</mark> is what a mask put in. Verify the log itself with
      <code>sluice evidence verify</code>; one record with <code>sluice evidence prove</code>.</footer>
      </body>
      </html>

      """
  }

  private static func session(_ session: SessionSummary, _ body: String) -> String {
    let kinds = session.kinds.sorted().map { "<span class=\"kind\">\(HTML.escape($0))</span>" }.joined()
    let denied = session.denied > 0 ? "<span class=\"denied\">\(session.denied) denied</span>" : ""
    return """
      <details class="session" id="\(HTML.escape(session.id))">
      <summary><b>\(HTML.escape(session.subject ?? "?"))</b>
      <span>\(HTML.escape(session.pipeline ?? "?")) · \(Terminal.time(Int64(session.firstTime / 1_000_000_000))) · \
      \(session.exchanges) exchanges\(session.score.map { " · highest score \($0)" } ?? "")</span>
      \(denied)\(kinds)<code>\(HTML.escape(session.id))</code></summary>
      \(body)</details>

      """
  }
}

/// Text in HTML.
enum HTML {
  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default:
        // Neither control characters nor those that turn a line's direction round.
        let value = scalar.value
        let isOdd =
          value < 0x20 || (0x7F..<0xA0).contains(value) || (0x202A...0x202E).contains(value)
          || (0x2066...0x2069).contains(value)
        result.unicodeScalars.append(isOdd ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }

  /// Escaped, with what a mask put in marked.
  static func marked(_ text: String) -> String {
    escape(text).replacing(#/\[[A-Z][A-Z0-9_]*\]/#) { "<mark>\($0.output)</mark>" }
  }
}

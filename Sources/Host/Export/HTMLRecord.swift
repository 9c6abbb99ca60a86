internal import Evidence
internal import JSONTree

/// One record on an auditor's page.
struct HTMLRecord {
  private let record: StoredRecord
  private let data: JSONValue

  init(_ record: StoredRecord) {
    self.record = record
    data = (try? JSONReader.read(record.data)) ?? .null
  }

  var html: String {
    """
    <article class="\(HTML.escape(record.type.replacing(".", with: "-")))">
    <h3><a id="r\(record.sequence)" href="#r\(record.sequence)">\(record.sequence)</a> \(HTML.escape(record.type))
    <time>\(HTML.escape(record.timeText))</time></h3>
    \(content)\(findings)</article>

    """
  }

  private var content: String {
    switch record.type {
    case "request":
      facts([
        ("who", data["principal"]?["subject"]), ("established", data["principal"]?["established"]),
        ("model", data["model"]), ("path", data["path"]), ("client", data["client"]),
        ("policy", data["policy"]?["version"]), ("original", data["sealed"]?["path"]),
      ]) + speech(data["transcript"]?.string, isAnswer: false)
    case "decision":
      verdict
        + facts([
          ("score", data["score"]), ("error", data["error"]), ("rule", data["rule"]),
          ("stage", data["stage"]),
          ("approval", data["approval"]?["state"]),
        ]) + reasons + people
    case "response":
      facts([
        ("outcome", data["outcome"]), ("status", data["status"]), ("bytes", data["bytes"]),
        ("original", data["sealed"]?["path"]),
      ])
        + (data["channels"]?.array ?? []).map {
          Self.quote("model", $0["text"]?.string ?? "")
        }.joined() + speech(data["transcript"]?.string, isAnswer: true)
    case "removed":
      "<p class=\"quiet\">Removed by retention. What is left is its hash: "
        + "<code>\(HTML.escape(data["leaf"]?.string ?? ""))</code></p>"
    default:
      facts((data.members ?? []).filter { $0.name != "plugins" }.map { ($0.name, $0.value) })
    }
  }

  private var verdict: String {
    let verdict = data["verdict"]?.string ?? ""
    return "<p class=\"verdict \(verdict == "allow" ? "allow" : "deny")\">\(HTML.escape(verdict))</p>"
  }

  private var reasons: String {
    let items = (data["reasons"]?.array ?? []).map {
      "<li>+\($0["points"]?.integer ?? 0) \(HTML.escape($0["code"]?.string ?? "")) (\($0["count"]?.integer ?? 0))</li>"
    }
    return items.isEmpty ? "" : "<ul>\(items.joined())</ul>"
  }

  private var people: String {
    (data["approval"]?["decisions"]?.array ?? []).map { decision in
      let verdict = decision["verdict"]?.string ?? ""
      return
        "<p class=\"person\"><b>\(HTML.escape(decision["subject"]?.string ?? ""))</b> (\(HTML.escape(decision["established"]?.string ?? ""))) "
        + "\(HTML.escape(verdict)): \(HTML.escape(decision["comment"]?.string ?? ""))</p>"
    }.joined()
  }

  private func speech(_ transcript: String?, isAnswer: Bool) -> String {
    guard let transcript else { return "" }
    return TranscriptText.turns(of: transcript, isAnswer: isAnswer).map { Self.quote($0.speaker, $0.text) }
      .joined()
  }

  private static func quote(_ speaker: String, _ text: String) -> String {
    guard !text.isEmpty else { return "" }
    let name = speaker.isEmpty ? "" : "<cite>\(HTML.escape(speaker))</cite>"
    return "<blockquote>\(name)<p>\(HTML.marked(text))</p></blockquote>"
  }

  private var findings: String {
    let rows = (data["findings"]?.array ?? []).map { finding in
      "<tr><td><span class=\"kind\">\(HTML.escape(finding["kind"]?.string ?? ""))</span></td>"
        + "<td><code>\(HTML.escape(finding["pointer"]?.string ?? ""))</code></td>"
        + "<td>\(finding["length"]?.integer ?? 0) bytes</td><td>\(HTML.escape(finding["operator"]?.string ?? ""))</td>"
        + "<td>\(HTML.escape(finding["detector"]?.string ?? ""))</td><td>\(finding["confidence"]?.number ?? 0)</td></tr>"
    }
    guard !rows.isEmpty else { return "" }
    return "<details><summary>\(rows.count) findings</summary><table>\(rows.joined())</table></details>\n"
  }

  private func facts(_ facts: [(name: String, value: JSONValue?)]) -> String {
    let items = facts.compactMap { name, value -> String? in
      guard let value, value != .null else { return nil }
      let text = value.string ?? value.line
      return text.isEmpty ? nil : "<div><dt>\(HTML.escape(name))</dt><dd>\(HTML.marked(text))</dd></div>"
    }
    return items.isEmpty ? "" : "<dl>\(items.joined())</dl>\n"
  }
}

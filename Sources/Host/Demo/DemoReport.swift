internal import Evidence
internal import Foundation
internal import Glibc

/// Shows what happened to the sample, side by side.
enum DemoReport {
  /// - Returns: what leaked, to the model or to the client; it should be nothing.
  static func show(sent: String, seen: String, raw: String, answer: (raw: String, text: String)) -> [String] {
    let columns = columnWidth()
    Terminal.print("")
    row([Terminal.bold("What the client sent"), Terminal.bold("What the model saw")], columns)
    rows(sent, seen, columns)
    Terminal.print("")
    Terminal.print(
      Terminal.bold("What came back")
        + ", streamed; the model made up a name, a number and a date of its own:")
    for line in wrapped(answer.text, columns * 2) { Terminal.print("  " + Terminal.markPlaceholders(line)) }
    Terminal.print("")
    let leaked =
      DemoPipeline.planted.filter { raw.contains($0) || answer.raw.contains($0) }
      + DemoPipeline.invented.filter { answer.raw.contains($0) }
    if leaked.isEmpty {
      Terminal.print(
        Terminal.green("✓")
          + " none of the \(DemoPipeline.planted.count) planted values reached the model, and none came back")
    } else {
      Terminal.print(
        Terminal.red("✗")
          + " \(leaked.count) planted value\(leaked.count == 1 ? "" : "s") leaked: \(leaked.joined(separator: ", "))"
      )
    }
    return leaked
  }

  static func showSettings(base: String, key: String, data: String) {
    Terminal.print(
      """

      \(Terminal.bold("Try it yourself"))
        curl \(base)/v1/chat/completions \\
          -H 'Authorization: Bearer \(key)' -H 'Content-Type: application/json' \\
          -d '{"model":"stand-in","messages":[{"role":"user","content":"Patient John Carter, SSN 536-22-8719"}]}'

      \(Terminal.bold("Cursor"))       Settings → Models → OpenAI API key: \(key)
                   Override OpenAI base URL: \(base)/v1   (Cursor's servers must be able to reach it)
      \(Terminal.bold("Claude Code"))  speaks Anthropic's API, which this version does not serve yet; with a tool that translates:
                   export OPENAI_BASE_URL=\(base)/v1 OPENAI_API_KEY=\(key)

      \(Terminal.bold("Look inside"))
        sluice evidence verify \(data)/log
        sluice evidence sessions \(data)/log
        curl \(base.replacing("/openai", with: ""))/metrics

      Serving until Ctrl-C.
      """)
  }

  private static func columnWidth() -> Int {
    var size = winsize()
    let width = unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 60 ? Int(size.ws_col) : 120
    return (min(width, 160) - 5) / 2
  }

  private static func rows(_ left: String, _ right: String, _ width: Int) {
    let (left, right) = (wrapped(left, width), wrapped(right, width))
    for index in 0..<max(left.count, right.count) {
      row([index < left.count ? left[index] : "", index < right.count ? right[index] : ""], width)
    }
  }

  private static func row(_ cells: [String], _ width: Int) {
    let visible = cells[0].replacing(#/\u{1B}\[[0-9;]*m/#, with: "").count
    Terminal.print(
      "  " + cells[0] + String(repeating: " ", count: max(0, width - visible)) + " │ "
        + Terminal.markPlaceholders(cells[1]))
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, line.count + word.count + 1 > width {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      lines.append(line)
    }
    return lines
  }
}

extension DemoReport {
  /// Verifies the evidence and shows what is on record of the sample.
  static func showEvidence(_ folder: String) -> Bool {
    let report = Verifier().verify(directory: folder)
    let isWhole = report.verdict == .whole
    Terminal.print(
      (isWhole ? Terminal.green("✓") : Terminal.red("✗"))
        + " evidence: \(report.description.split(separator: "\n").first ?? "")")
    guard let reader = try? EvidenceReader(directory: folder) else { return false }
    try? reader.forEach { record in
      if record.type == "request" || record.type == "decision" || record.type == "response" {
        Terminal.print(
          "  record \(record.sequence)  \(record.type.padding(9))\(record.exchange.map { " " + $0 } ?? "")")
      }
      return true
    }
    return isWhole
  }
}

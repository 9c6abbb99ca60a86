internal import Evidence
internal import JSONTree

/// Shows records to people.
enum RecordText {
  /// One record with all its fields.
  static func show(_ record: StoredRecord) {
    Terminal.print(
      Terminal.bold("\(record.sequence) \(record.type)")
        + "  \(record.timeText)\(record.exchange.map { "  " + $0 } ?? "")")
    guard let data = try? JSONReader.read(record.data) else { return }
    for member in data.members ?? [] where member.name != "plugins" {
      switch member.name {
      case "findings":
        for finding in member.value.array ?? [] {
          Terminal.print(
            "  finding  \(finding["kind"]?.string ?? "") at \(finding["pointer"]?.string ?? ""), \(finding["length"]?.integer ?? 0) bytes, \(finding["operator"]?.string ?? ""), by \(finding["detector"]?.string ?? "") (\(finding["confidence"]?.number ?? 0))"
          )
        }
      case "transcript":
        Terminal.print("  transcript  \(Terminal.markPlaceholders(member.value.string ?? ""))")
      default:
        Terminal.print(
          "  \(member.name)  \(Terminal.markPlaceholders(member.value.string ?? member.value.line))")
      }
    }
  }

  /// What one record adds to a conversation.
  static func replay(_ record: StoredRecord) {
    guard let data = try? JSONReader.read(record.data) else { return }
    let time = Terminal.dim(String(record.timeText.dropFirst(11).prefix(8)))
    switch record.type {
    case "request":
      Terminal.print(
        "\(time) \(Terminal.bold(data["principal"]?["subject"]?.string ?? "?")) → \(data["model"]?.string ?? "")  \(data["findings"]?.array?.count ?? 0) masked"
      )
      let body = (data["transcript"]?.string).flatMap { try? JSONReader.read(Array($0.utf8)) }
      for message in body?["messages"]?.array ?? [] {
        let text = message["content"]?.string ?? message["content"]?.line ?? ""
        Terminal.print("         \(message["role"]?.string ?? ""): \(Terminal.markPlaceholders(text))")
      }
    case "decision":
      let verdict = data["verdict"]?.string ?? ""
      Terminal.print(
        "\(time) \(verdict == "allow" ? Terminal.green(verdict) : Terminal.red(verdict))\(data["score"]?.integer.map { ", score \($0)" } ?? "")\(data["error"]?.string.map { ", \($0)" } ?? "")"
      )
      for decision in data["approval"]?["decisions"]?.array ?? [] {
        Terminal.print(
          "         \(decision["verdict"]?.string ?? "") by \(decision["subject"]?.string ?? "") \(decision["comment"]?.string ?? "")"
        )
      }
    case "response":
      for channel in data["channels"]?.array ?? [] {
        Terminal.print(
          "\(time) \(Terminal.bold("model")): \(Terminal.markPlaceholders(channel["text"]?.string ?? ""))")
      }
      let body = (data["transcript"]?.string).flatMap { try? JSONReader.read(Array($0.utf8)) }
      for choice in body?["choices"]?.array ?? [] {
        Terminal.print(
          "\(time) \(Terminal.bold("model")): \(Terminal.markPlaceholders(choice["message"]?["content"]?.string ?? ""))"
        )
      }
      if data["outcome"]?.string != "complete" { Terminal.print("\(time) \(data["outcome"]?.string ?? "")") }
    default: Terminal.print("\(time) \(record.type)")
    }
  }
}

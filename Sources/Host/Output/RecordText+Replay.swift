internal import Evidence
internal import JSONTree

extension RecordText {
  /// What one record adds to a conversation.
  static func replay(_ record: StoredRecord) {
    guard let data = try? JSONReader.read(record.data) else { return }
    let time = Terminal.dim(String(record.timeText.dropFirst(11).prefix(8)))
    switch record.type {
    case "request":
      let subject = Terminal.bold(data["principal"]?["subject"]?.string ?? "?")
      Terminal.print(
        "\(time) \(subject) → \(data["model"]?.string ?? "")  \(data["findings"]?.array?.count ?? 0) masked")
      say(data["transcript"]?.string ?? "", isAnswer: false)
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
          "\(time) \(Terminal.bold("model")): \(Terminal.markPlaceholders(Terminal.plain(channel["text"]?.string ?? "")))"
        )
      }
      if let transcript = data["transcript"]?.string, !transcript.isEmpty {
        Terminal.print("\(time) \(Terminal.bold("model"))")
        say(transcript, isAnswer: true)
      }
      if let outcome = data["outcome"]?.string, outcome != "complete" { Terminal.print("\(time) \(outcome)") }
    case "removed":
      Terminal.print(
        "\(time) \(Terminal.dim("record \(record.sequence): removed by retention; its hash is kept"))")
    default: Terminal.print("\(time) \(record.type)")
    }
  }

  private static func say(_ transcript: String, isAnswer: Bool) {
    for turn in TranscriptText.turns(of: transcript, isAnswer: isAnswer) {
      let speaker = turn.speaker.isEmpty ? "" : "\(turn.speaker): "
      Terminal.print("         \(speaker)\(Terminal.markPlaceholders(Terminal.plain(turn.text)))")
    }
  }
}

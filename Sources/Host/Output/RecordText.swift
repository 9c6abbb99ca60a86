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
        Terminal.print(
          "  transcript  \(Terminal.markPlaceholders(Terminal.plain(member.value.string ?? "")))")
      default:
        Terminal.print(
          "  \(member.name)  \(Terminal.markPlaceholders(Terminal.plain(member.value.string ?? member.value.line)))"
        )
      }
    }
  }
}

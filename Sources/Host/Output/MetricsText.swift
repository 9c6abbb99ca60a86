/// Reads metrics in Prometheus' text format (exposition format 0.0.4), as a gateway writes them.
struct MetricsText {
  struct Sample {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  let samples: [Sample]

  /// Lines that are no samples are passed over.
  init(_ text: String) {
    samples = text.split(separator: "\n").compactMap { $0.hasPrefix("#") ? nil : Self.sample($0) }
  }

  private static func sample(_ line: Substring) -> Sample? {
    guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
      return nil
    }
    let head = line[..<space]
    guard let brace = head.firstIndex(of: "{") else {
      return Sample(name: String(head), labels: [:], value: value)
    }
    guard head.last == "}" else { return nil }
    var rest = head[head.index(after: brace)...].dropLast()
    var labels: [String: String] = [:]
    while let equals = rest.firstIndex(of: "=") {
      let name = String(rest[..<equals])
      rest = rest[equals...].dropFirst()
      guard let text = quoted(&rest) else { return nil }
      labels[name] = text
      if rest.first == "," { rest = rest.dropFirst() }
    }
    return Sample(name: String(head[..<brace]), labels: labels, value: value)
  }

  /// Takes a text in quotation marks off the front.
  private static func quoted(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else { return nil }
    rest = rest.dropFirst()
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "\\": text.append(rest.popFirst().map { $0 == "n" ? "\n" : $0 } ?? "\\")
      default: text.append(character)
      }
    }
    return nil
  }
}

/// Writes metrics in Prometheus' text format (exposition format 0.0.4).
struct PrometheusText {
  private(set) var bytes: [UInt8] = []

  enum Kind: String { case counter, gauge, histogram }

  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    line("# HELP \(name) \(help)")
    line("# TYPE \(name) \(kind.rawValue)")
  }

  mutating func sample(_ name: String, _ labels: [(name: String, value: String)] = [], _ value: Int) {
    let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    line(labels.isEmpty ? "\(name) \(value)" : "\(name){\(list)} \(value)")
  }

  /// A sample in seconds, given in nanoseconds.
  mutating func seconds(_ name: String, _ labels: [(name: String, value: String)], nanoseconds: Int) {
    let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    let rest = String(nanoseconds % 1_000_000_000)
    line(
      "\(name){\(list)} \(nanoseconds / 1_000_000_000).\(String(repeating: "0", count: 9 - rest.utf8.count))\(rest)"
    )
  }

  /// A family of one sample without labels.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
    family(name, kind, help)
    sample(name, [], value)
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
    family(name, .histogram, help)
    let (counts, sum) = histogram.snapshot
    var total = 0
    for (index, bound) in histogram.bounds.enumerated() {
      total += counts[index]
      sample("\(name)_bucket", [("le", String(bound))], total)
    }
    total += counts[histogram.bounds.count]
    sample("\(name)_bucket", [("le", "+Inf")], total)
    sample("\(name)_sum", [], sum)
    sample("\(name)_count", [], total)
  }

  private mutating func line(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    bytes.append(0x0A)
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for character in value {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result
  }
}

public import JSONTree
internal import PluginTrust

/// What `sluice plugin check` found out.
public struct CheckReport: Sendable {
  public let path: String
  /// SHA-256 of the file, in hexadecimal.
  public let digest: String
  /// Whether it was tested in a process of its own, as `isolation: process` has it.
  public let isIsolated: Bool
  public internal(set) var id = ""
  public internal(set) var version = ""
  public internal(set) var abi = ""
  public internal(set) var kinds: [String] = []
  public let seed: UInt64
  public internal(set) var results: [RuleResult] = []
  /// Microseconds of processor time for each KiB, by kind and name (`p50`, `p99`).
  public internal(set) var budget: [(kind: String, name: String, value: Double)] = []

  public var failures: [RuleResult] { results.filter { $0.verdict == .fail } }

  public var json: JSONValue {
    .object([
      (
        "budget",
        .array(
          budget.map {
            .object([
              ("kind", .string($0.kind)), ("microseconds-per-KiB", .number($0.value)),
              ("name", .string($0.name)),
            ])
          })
      ),
      ("isolation", .string(isIsolated ? "process" : "none")),
      (
        "plugin",
        .object([
          ("abi", .string(abi)), ("digest", .string(digest)), ("id", .string(id)),
          ("kinds", .array(kinds.map { .string($0) })), ("path", .string(path)),
          ("version", .string(version)),
        ])
      ),
      (
        "rules",
        .array(
          results.map { result in
            .object([
              ("kind", .string(result.kind)), ("messages", .array(result.messages.map { .string($0) })),
              ("remarks", .array(result.remarks.map { .string($0) })),
              ("rule", .string(result.rule.name)), ("seconds", .number(result.seconds)),
              ("verdict", .string(result.verdict.rawValue)),
            ])
          })
      ),
      ("seed", .string(String(seed))),
    ])
  }

  /// The form that test reporters read: a test suite with a case for each rule.
  public var junit: String {
    let seconds = results.reduce(0) { $0 + $1.seconds }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuite name=\"sluice plugin check \(Self.escaped(id))\" tests=\"\(results.count)\" failures=\"\(failures.count)\" skipped=\"\(results.count { $0.verdict == .skip })\" time=\"\(Self.short(seconds))\">\n"
    for (name, value) in [
      ("digest", digest), ("isolation", isIsolated ? "process" : "none"), ("path", path),
      ("seed", String(seed)), ("version", version),
    ] {
      text += "  <!-- \(name): \(Self.escaped(value).replacing("--", with: "- -")) -->\n"
    }
    for result in results {
      let place = result.kind.isEmpty ? "plugin" : result.kind
      let head =
        "  <testcase classname=\"\(place)\" name=\"\(result.rule.name)\" time=\"\(Self.short(result.seconds))\""
      let said = Self.escaped(result.messages.joined(separator: "; "))
      switch result.verdict {
      case .pass: text += head + "/>\n"
      case .skip: text += head + "><skipped message=\"\(said)\"/></testcase>\n"
      case .fail: text += head + "><failure type=\"\(result.rule.name)\" message=\"\(said)\"/></testcase>\n"
      }
    }
    return text + "</testsuite>\n"
  }

  private static func short(_ seconds: Double) -> String { String((seconds * 1000).rounded() / 1000) }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: if scalar.value >= 0x20 { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}

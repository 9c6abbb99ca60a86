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
  /// The version of Sluice that tested it.
  public let kit: String
  /// `MAJOR.MINOR` of the ABI that this kit tests.
  public static let testedABI = "1.0"
  public internal(set) var results: [RuleResult] = []
  /// Microseconds of processor time for each KiB, by kind and name (`p50`, `p99`).
  public internal(set) var budget: [(kind: String, name: String, value: Double)] = []

  public var failures: [RuleResult] { results.filter { $0.verdict == .fail } }

  private func count(_ verdict: RuleResult.Verdict) -> Int { results.count { $0.verdict == verdict } }

  /// Everything that a vendor's customer asks for: what was tested, by what, how to do it again, and what came out.
  public var json: JSONValue {
    .object([
      ("budget", .array(budget.map { Self.json(figure: $0.name, of: $0.kind, $0.value) })),
      ("counts", counts),
      ("isolation", .string(isIsolated ? "process" : "none")),
      ("kit", .object([("abi", .string(Self.testedABI)), ("version", .string(kit))])),
      ("plugin", plugin),
      ("rules", .array(results.map(Self.json(result:)))),
      ("seed", .string(String(seed))),
      ("verdict", .string(failures.isEmpty ? "pass" : "fail")),
    ])
  }

  private var counts: JSONValue {
    .object(
      [RuleResult.Verdict.fail, .pass, .skip].map { ($0.rawValue, JSONValue.number(Double(count($0)))) })
  }

  private var plugin: JSONValue {
    .object([
      ("abi", .string(abi)), ("digest", .string(digest)), ("id", .string(id)),
      ("kinds", .array(kinds.map { .string($0) })), ("path", .string(path)),
      ("version", .string(version)),
    ])
  }

  private static func json(figure name: String, of kind: String, _ value: Double) -> JSONValue {
    .object([("kind", .string(kind)), ("microseconds-per-KiB", .number(value)), ("name", .string(name))])
  }

  private static func json(result: RuleResult) -> JSONValue {
    .object([
      ("kind", .string(result.kind)), ("messages", .array(result.messages.map { .string($0) })),
      ("remarks", .array(result.remarks.map { .string($0) })),
      ("rule", .string(result.rule.name)), ("seconds", .number(result.seconds)),
      ("verdict", .string(result.verdict.rawValue)),
    ])
  }

  /// The form that test reporters read: a test suite with a case for each rule.
  public var junit: String {
    let seconds = results.reduce(0) { $0 + $1.seconds }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuite name=\"sluice plugin check \(Self.escaped(id))\" tests=\"\(results.count)\" failures=\"\(failures.count)\" skipped=\"\(results.count { $0.verdict == .skip })\" time=\"\(Self.short(seconds))\">\n"
    text += "  <properties>\n"
    for (name, value) in [
      ("abi", abi), ("digest", "sha256:\(digest)"), ("id", id),
      ("isolation", isIsolated ? "process" : "none"),
      ("kit", "sluice \(kit), ABI \(Self.testedABI)"), ("path", path), ("seed", String(seed)),
      ("version", version),
    ] {
      text += "    <property name=\"\(name)\" value=\"\(Self.escaped(value))\"/>\n"
    }
    text += "  </properties>\n"
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

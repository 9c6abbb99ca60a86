/// What a plugin has to keep to, each rule under the name by which a broken one is reported. docs/filter-abi.md
/// explains them.
public struct Rule: Sendable, Hashable {
  /// Where a rule is looked at.
  enum Place: Sendable {
    /// In the plugin's file; nothing of it runs.
    case file
    /// In a process of its own.
    case process
    /// In every process, whatever else is tested there.
    case everywhere
  }

  public let name: String
  /// One line for people.
  public let meaning: String
  let place: Place
  /// The kinds of filters that have it; empty: it is about the plugin as a whole.
  let kinds: [String]

  private init(_ name: String, _ place: Place, _ kinds: [String], _ meaning: String) {
    self.name = name
    self.place = place
    self.kinds = kinds
    self.meaning = meaning
  }

  static let kinds = ["authenticate", "guard", "detect", "mask", "score", "gate", "notify", "sink"]
  private static let texts = ["authenticate", "guard", "detect", "mask", "score", "gate"]

  public static let all: [Rule] = [
    Rule("note", .file, [], "the file says what it is, and says the same as its tables"),
    Rule("exports", .file, [], "it exports sluice_plugin_v1 and nothing else"),
    Rule("dependencies", .file, [], "what it needs can be loaded, and it asks for nothing dangerous"),
    Rule("entry", .process, [], "loading it does nothing, and a host of another major number is refused"),
    Rule("tables", .process, kinds, "tables, names and schema are whole"),
    Rule("configuration", .process, kinds, "validate has no effects, instances leave nothing behind"),
    Rule("lifecycle", .process, kinds, "every allowed order of calls works"),
    Rule("splits", .process, ["detect", "mask"], "the same comes out wherever a text is cut"),
    Rule("repeat", .process, texts, "the same comes out the second time, and beside other sessions"),
    Rule("turns", .process, ["detect", "mask"], "the texts of one session may take turns"),
    Rule("threads", .process, texts, "several threads may be in one instance"),
    Rule("memory", .process, kinds, "input is neither overrun nor written to nor kept"),
    Rule("growth", .process, kinds, "structs may grow and strides widen"),
    Rule("errors", .process, texts, "it fails cleanly, also where nobody wants the detail"),
    Rule("hostile", .process, texts, "broken, empty and huge input does no harm"),
    Rule("canary", .process, kinds, "text of an exchange appears in no log, message or name"),
    Rule(
      "pending", .process, ["authenticate", "gate"], "answers that come later come once, and can be cancelled"
    ),
    Rule("blocking", .process, texts, "a filter that may not wait does not"),
    Rule("budget", .process, texts, "time does not grow faster than the text"),
    Rule("acknowledgement", .process, ["sink"], "acknowledgements are in order, promised and true"),
    Rule("forgery", .process, ["notify"], "a request that nobody signed brings nobody's word"),
    Rule("polling", .process, ["notify"], "asked about no approval, a notifier brings nobody's word"),
    Rule("probe", .process, ["sink"], "a sink that has what it needs says so, and changes nothing"),
    Rule("checkpoints", .process, ["sink"], "checkpoints are kept, and the largest is remembered"),
    Rule("reading", .process, ["sink"], "what is kept is read back byte for byte, in pages"),
    Rule("durability", .process, ["sink"], "what was acknowledged survives a kill, and nothing is doubled"),
    Rule("findings", .everywhere, ["detect"], "findings lie in the text and have proper names"),
    Rule("safe-through", .everywhere, ["detect"], "nothing is found below what was called safe"),
    Rule("hold", .everywhere, ["detect"], "no more is held back than declared"),
    Rule("edits", .everywhere, ["mask"], "edits lie in the text and are text"),
    Rule(
      "verdict", .everywhere, ["authenticate", "guard", "score", "gate"],
      "there is one answer, and it has a meaning"),
    Rule("emitter", .everywhere, texts, "emitters are used in the call that received them"),
    Rule("log", .everywhere, kinds, "logs are literals and tagged fields"),
    Rule("host", .everywhere, kinds, "the host is called as host.h says"),
  ]
}

/// What was found out about one rule.
public struct RuleResult: Sendable {
  public enum Verdict: String, Sendable { case pass, fail, skip }

  public let rule: Rule
  /// The kind of filter; empty for the plugin as a whole.
  public let kind: String
  public internal(set) var verdict: Verdict
  /// What was done, or what is wrong: one line each.
  public internal(set) var messages: [String]
  public internal(set) var remarks: [String] = []
  public internal(set) var seconds = 0.0
}

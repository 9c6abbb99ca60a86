internal import Foundation
internal import JSONTree
internal import PipelineModel
internal import PluginTrust

/// One check under way.
struct CheckRun {
  private let check: PluginCheck
  private let rules: FileRules
  private let scratch: ScratchFolder
  private let process: ProbeProcess
  private(set) var report: CheckReport
  /// Each kind's schema, as its plugin exports it.
  private var schemas: [String: [UInt8]] = [:]

  init(check: PluginCheck, file: PluginFile, rules: FileRules, scratch: ScratchFolder) {
    self.check = check
    self.rules = rules
    self.scratch = scratch
    process = ProbeProcess(command: check.probe, folder: scratch.path)
    report = CheckReport(
      path: file.path, digest: file.digest, isIsolated: check.isIsolated, seed: check.seed,
      kit: check.kit)
    report.abi = rules.note?.abi ?? ""
  }

  // MARK: Results

  private mutating func record(
    _ rule: String, _ kind: String, _ verdict: RuleResult.Verdict, _ messages: [String]
  ) {
    guard let rule = Rule.all.first(where: { $0.name == rule }) else { return }
    if let index = report.results.firstIndex(where: { $0.rule == rule && $0.kind == kind }) {
      guard verdict == .fail else { return }
      if report.results[index].verdict != .fail { report.results[index].messages = [] }
      report.results[index].verdict = .fail
      for message in messages where !report.results[index].messages.contains(message) {
        report.results[index].messages.append(message)
      }
    } else {
      report.results.append(RuleResult(rule: rule, kind: kind, verdict: verdict, messages: messages))
    }
  }

  private mutating func note(_ rule: String, _ kind: String, seconds: Double, remarks: [String]) {
    guard let index = report.results.firstIndex(where: { $0.rule.name == rule && $0.kind == kind }) else {
      return
    }
    report.results[index].seconds += seconds
    report.results[index].remarks += remarks
  }

  // MARK: The file, and the plugin as a whole

  mutating func inspectFile() throws(CheckFailure) {
    if let problem = rules.noteProblem { record("note", "", .fail, [problem]) }
    if let note = rules.note, note.major != 1 {
      record("note", "", .fail, ["it was built for ABI \(note.abi), and this kit tests 1.x"])
    }
    for (name, found) in [("exports", rules.exports), ("dependencies", rules.dependencies)] {
      record(
        name, "", found.problems.isEmpty ? .pass : .fail,
        found.problems.isEmpty ? [found.pass] : found.problems)
    }
  }

  /// Loads it and asks what it is. What its note says and its tables say must be the same.
  mutating func loadOnce() throws(CheckFailure) {
    let ending = try probe(kind: "", rule: "kinds", as: "entry")
    for line in ending.lines {
      switch line.word {
      case "kind": report.kinds.append(line.name)
      case "id": report.id = line.text
      case "version": report.version = line.text
      default: continue
      }
    }
    let hasLoaded = !ending.lines.contains { $0.word == "fail" } && ending.problem == nil
    if hasLoaded { _ = try probe(kind: "", rule: "entry") }
    guard hasLoaded, let note = rules.note else { return }
    if note.id != report.id {
      record("note", "", .fail, ["its note says '\(note.id)', and its table '\(report.id)'"])
    }
    let known = Rule.kinds.map { "sluice.\($0)/1" }
    let noted = Set(note.extensions.filter { known.contains($0) })
    let there = Set(report.kinds.map { "sluice.\($0)/1" })
    for name in noted.subtracting(there).sorted() {
      record("note", "", .fail, ["its note names \(name), and it has no such table"])
    }
    for name in there.subtracting(noted).sorted() {
      record("note", "", .fail, ["it has a table \(name), and its note does not name it"])
    }
  }

  /// The digest of the schemas, where the note states one.
  private mutating func compareSchemas() {
    guard let note = rules.note, let stated = note.schemas, schemas.count == report.kinds.count else {
      return
    }
    let digest = PluginNote.digest(ofSchemas: inOrder(note.extensions))
    if digest != stated {
      record(
        "note", "", .fail,
        ["its note's digest is not that of its schemas, \(digest): run sluice plugin stamp after each build"])
    }
  }

  /// The schemas of a note's extensions, in its order.
  mutating func readSchemas(in extensions: [String]) throws(CheckFailure) -> [[UInt8]] {
    try loadOnce()
    for kind in report.kinds {
      let ending = try probe(kind: kind, rule: "schema", as: "tables")
      for line in ending.lines where line.word == "schema" {
        schemas[kind] = Self.bytes(hexadecimal: line.text)
      }
    }
    if let failure = report.failures.first {
      throw CheckFailure(
        "\(report.path) breaks '\(failure.rule.name)': \(failure.messages.joined(separator: "; "))")
    }
    return inOrder(extensions)
  }

  private func inOrder(_ extensions: [String]) -> [[UInt8]] {
    extensions.compactMap { schemas[String($0.dropFirst("sluice.".utf8.count).dropLast(2))] }
  }

  // MARK: One kind of filter

  mutating func check(_ kind: String) throws(CheckFailure) {
    let ending = try probe(kind: kind, rule: "schema", as: "tables")
    for line in ending.lines where line.word == "schema" {
      schemas[kind] = Self.bytes(hexadecimal: line.text)
    }
    compareSchemas()
    if let schema = schemas[kind] { try check(configuration: kind, against: schema) }
    for rule in Rule.all where rule.kinds.contains(kind) && rule.place == .process {
      if rule.name == "durability" {
        try checkDurability()
      } else {
        _ = try probe(kind: kind, rule: rule.name)
      }
    }
    for rule in Rule.all where rule.kinds.contains(kind) && rule.place == .everywhere {
      record(rule.name, kind, .pass, ["nothing broke it in any test"])
    }
    if rules.note != nil, rules.noteProblem == nil { record("note", "", .pass, [Self.describe(rules.note)]) }
  }

  private static func describe(_ note: PluginNote?) -> String {
    guard let note else { return "" }
    return "\(note.id), ABI \(note.abi), \(note.extensions.joined(separator: ", "))"
      + (note.schemas == nil ? "; no digest of the schemas" : "")
  }

  private mutating func check(configuration kind: String, against text: [UInt8]) throws(CheckFailure) {
    let schema: JSONSchema
    do throws(JSONSchemaError) { schema = try JSONSchema(text) } catch {
      return record("tables", kind, .fail, ["its schema can't be used: \(error.message)"])
    }
    let filled = configuration(kind).replacing("${SCRATCH}", with: scratch.folder("state"))
    guard let wrong = schema.violations(of: filled).first else { return }
    throw CheckFailure(
      "the \(kind) filter's configuration does not fit its schema, at '\(wrong.pointer)': \(wrong.message). Give one with --config: a line '\(kind): { … }'"
    )
  }

  /// Kills the sink between append and acknowledgement, several times, and looks at what it still holds.
  private mutating func checkDurability() throws(CheckFailure) {
    let folder = scratch.folder("kill")
    var generator = SplitMix(seed: check.seed)
    for round in 0..<4 {
      let delay = Double(generator.next() % 120) / 1000
      _ = try probe(
        kind: "sink", rule: "doomed", as: "durability", scratchFolder: folder,
        limit: .onceBegun(seconds: delay, limit: check.seconds), seed: check.seed &+ UInt64(round))
      _ = try probe(
        kind: "sink", rule: "durability", scratchFolder: folder, seed: check.seed &+ UInt64(round))
    }
  }

  // MARK: Running one

  private func configuration(_ kind: String) -> JSONValue { check.configurations[kind] ?? .object([]) }

  /// Runs one test and records what it says.
  /// - Parameter name: the rule that is blamed for a crash, where it is not the one that is run.
  @discardableResult
  private mutating func probe(
    kind: String, rule: String, as name: String? = nil, scratchFolder: String? = nil,
    limit: ProbeProcess.Limit? = nil,
    seed: UInt64? = nil
  ) throws(CheckFailure) -> ProbeProcess.Ending {
    check.onProgress(kind, rule)
    let blamed = name ?? rule
    let folder = scratchFolder ?? scratch.folder("state")
    let json = configuration(kind).replacing("${SCRATCH}", with: folder).canonical
    let task = ProbeTask(
      library: report.path, kind: kind, rule: rule,
      configuration: try scratch.write(json, to: "configuration"), texts: check.texts,
      state: kind == "sink" ? folder + ".state" : "", isolated: check.isIsolated ? scratch.path : "",
      allowed: check.allowed.map(\.line).joined(separator: "\n"),
      seed: seed ?? check.seed)
    if kind == "sink", scratchFolder == nil { try? FileManager.default.removeItem(atPath: folder + ".state") }
    let ending = try process.run(task, limit: limit ?? .after(seconds: check.seconds))
    for line in ending.lines {
      switch line.word {
      case "fail": record(line.name, Self.isAboutPlugin(line.name) ? "" : kind, .fail, [line.text])
      case "pass" where name == nil: record(rule, kind, .pass, [line.text])
      case "skip": record(rule, kind, .skip, [line.text])
      case "figure": report.budget.append((kind, line.name, Double(line.text) ?? 0))
      default: continue
      }
    }
    if let problem = ending.problem {
      record(blamed, kind, .fail, [problem] + (Self.summary(of: ending.output).map { [$0] } ?? []))
    }
    var remarks = ending.lines.filter { $0.word == "remark" }.map(\.text)
    if !ending.output.isEmpty {
      remarks.append("it wrote to standard output or error; the host's log is the place for that")
    }
    if Probe.canaries.contains(where: { ending.output.contains($0) }) {
      record("canary", kind, .fail, ["text of the exchange was written to standard output or error"])
    }
    let isDone =
      ending.lines.contains { ["pass", "skip", "fail"].contains($0.word) } || ending.problem != nil
    if !isDone, name == nil {
      record(rule, kind, .fail, ["the test ended without a word: the process was ended by the plugin"])
    }
    note(blamed, kind, seconds: ending.seconds, remarks: remarks)
    return ending
  }

  /// A sanitizer's last line, which says what it found and where in the plugin's code; nothing of a text.
  private static func summary(of output: [UInt8]) -> String? {
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
    return lines.last { $0.hasPrefix("SUMMARY: ") && $0.contains("Sanitizer: ") }.map {
      String($0.prefix(400))
    }
  }

  private static func isAboutPlugin(_ rule: String) -> Bool {
    Rule.all.contains { $0.name == rule && $0.kinds.isEmpty }
  }

  private static func bytes(hexadecimal text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014), so that a seed gives the same again.
struct SplitMix {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

extension JSONValue {
  /// The same value, with each `word` in its texts replaced.
  func replacing(_ word: String, with other: String) -> JSONValue {
    switch self {
    case .string(let text): .string(text.replacing(word, with: other))
    case .array(let values): .array(values.map { $0.replacing(word, with: other) })
    case .object(let members): .object(members.map { ($0.name, $0.value.replacing(word, with: other)) })
    default: self
    }
  }
}

extension [UInt8] {
  /// Whether these bytes stand in it, one after another.
  func contains(_ part: [UInt8]) -> Bool {
    guard !part.isEmpty, part.count <= count else { return false }
    return (0...count - part.count).contains {
      self[$0] == part[0] && self[$0..<$0 + part.count].elementsEqual(part)
    }
  }
}

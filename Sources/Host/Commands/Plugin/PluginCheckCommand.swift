internal import ArgumentParser
internal import Conformance
internal import Foundation
internal import JSONTree
internal import PipelineModel

struct PluginCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Test whether a plugin keeps to every rule of the filter ABI.",
    discussion: """
      Each rule is tested in a process of its own, so that a plugin that crashes or hangs costs one test. Texts are \
      built in; add those that your filter is made for with --texts, one a line. A seed makes a run again what it was.

      A configuration for each kind of filter goes into a YAML file; ${SCRATCH} is an empty folder:

        detect: { prefix: "MRN" }
        sink: { path: "${SCRATCH}" }

      Examples:
        sluice plugin check ./libsluice-mrn.so --texts samples.txt
        sluice plugin check ./libsluice-mrn.so --config check.yaml --junit report.xml
        sluice plugin check ./libsluice-mrn.so --isolated
        sluice plugin check ./libsluice-store.so --isolated --allow-network 5432 --config check.yaml

      Exit code 1 where a rule is broken, 2 where it can't be told.
      """)

  @Argument(help: "The plugin's shared library.", completion: .file(extensions: ["so"])) var library: String
  @Option(help: "YAML: a configuration for each kind of filter.", completion: .file(extensions: ["yaml"]))
  var config: String?
  @Option(help: "More texts to show to filters, one a line.", completion: .file()) var texts: String?
  @Option(help: "Begin of the sequence of random cuts.") var seed: UInt64?
  @Option(help: ArgumentHelp("How long one test may take.", valueName: "seconds")) var timeLimit = 60.0
  @Flag(help: "Run the plugin in a process of its own, as 'isolation: process' does.") var isolated = false
  @Option(help: "With --isolated: a path that it may read. May be given several times.", completion: .file())
  var allowRead: [String] = []
  @Option(help: "With --isolated: a path that it may write to.", completion: .directory)
  var allowWrite: [String] = []
  @Option(help: ArgumentHelp("With --isolated: a TCP port that it may connect to.", valueName: "port"))
  var allowNetwork: [UInt16] = []
  @Flag(help: "Print the report as JSON.") var json = false
  @Option(help: "Write the report as JUnit's XML, too.", completion: .file()) var junit: String?
  @Flag(help: "List the rules, and test nothing.") var rules = false

  func validate() throws {
    if timeLimit < 1 || timeLimit > 3600 { throw ValidationError("--time-limit is from 1 to 3600 seconds.") }
    if !isolated, !(allowRead.isEmpty && allowWrite.isEmpty && allowNetwork.isEmpty) {
      throw ValidationError("--allow-read, --allow-write and --allow-network go with --isolated.")
    }
    for path in allowRead + allowWrite where !path.hasPrefix("/") || path.contains("\n") {
      throw ValidationError("'\(path)' is no absolute path.")
    }
  }

  func run() throws {
    try running {
      if rules {
        for rule in Rule.all { Terminal.print(rule.name.padding(16) + " " + rule.meaning) }
        return
      }
      var check = PluginCheck(
        probe: [PluginFolder.executable, "plugin", "probe"], library: library,
        seed: seed ?? UInt64.random(in: 1...UInt64(UInt32.max)))
      check.configurations = try config.map(Self.configurations) ?? [:]
      if let texts {
        guard FileManager.default.isReadableFile(atPath: texts) else {
          throw CommandFailure(message: "\(texts) can't be read", code: 2)
        }
        check.texts = URL(fileURLWithPath: texts).path
      }
      check.seconds = timeLimit
      check.kit = Sluice.version
      check.isIsolated = isolated
      check.allowed =
        allowRead.map(Allowance.read) + allowWrite.map(Allowance.write) + allowNetwork.map(Allowance.port)
      if Terminal.showsProgress {
        check.onProgress = { kind, rule in Terminal.progress("\u{1B}[K\(kind) \(rule)") }
      }
      let report: CheckReport
      do { report = try check.run() } catch { throw CommandFailure(message: "\(error)", code: 2) }
      if Terminal.showsProgress { Terminal.progress("\u{1B}[K") }
      if let junit, !FileManager.default.createFile(atPath: junit, contents: Data(report.junit.utf8)) {
        throw CommandFailure(message: "\(junit) can't be written", code: 2)
      }
      if json { Terminal.print(report.json.line) } else { Self.show(report) }
      if !report.failures.isEmpty { throw ExitCode(1) }
    }
  }

  private static func configurations(_ file: String) throws -> [String: JSONValue] {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CommandFailure(message: "\(file) can't be read", code: 2)
    }
    let document = YAMLDocument(Array(data), file: file)
    for diagnostic in document.diagnostics { Terminal.complain(diagnostic.rendered(source: Array(data))) }
    guard document.diagnostics.isEmpty, let members = document.root?.json.members else {
      throw CommandFailure(message: "\(file) is no mapping of kinds of filters to configurations", code: 2)
    }
    let kinds = StageKind.allCases.map(\.rawValue)
    for member in members where !kinds.contains(member.name) {
      throw CommandFailure(
        message: "\(file): '\(member.name)' is no kind of filter; there are \(kinds.joined(separator: ", "))",
        code: 2)
    }
    return Dictionary(members.map { ($0.name, $0.value) }) { $1 }
  }

  private static func show(_ report: CheckReport) {
    Terminal.print(Terminal.bold("\(report.id) \(report.version)") + "  \(report.path)")
    Terminal.print(
      "sha256 \(report.digest), seed \(report.seed), kit \(report.kit)\(report.isIsolated ? ", isolated" : "")\n"
    )
    for result in report.results {
      let word =
        switch result.verdict {
        case .pass: Terminal.green("pass")
        case .skip: Terminal.dim("skip")
        case .fail: Terminal.red("FAIL")
        }
      let place = (result.kind.isEmpty ? "plugin" : result.kind).padding(12)
      for (index, message) in result.messages.enumerated() {
        let head =
          index == 0 ? "\(word)  \(place) \(result.rule.name.padding(15))" : String(repeating: " ", count: 34)
        Terminal.print("\(head) \(message)")
      }
      for remark in Set(result.remarks).sorted() {
        Terminal.print(String(repeating: " ", count: 34) + " " + Terminal.dim("note: " + remark))
      }
    }
    let failed = Set(report.failures.map(\.rule.name))
    Terminal.print(
      failed.isEmpty
        ? "\nIt keeps to every rule."
        : "\nIt breaks \(failed.sorted().joined(separator: ", ")). docs/filter-abi.md explains the rules; --seed \(report.seed) runs the same again."
    )
  }
}

/// One test, in this process. Started by `sluice plugin check` alone.
struct PluginProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Run one test of a plugin in this process.", shouldDisplay: false)

  @Argument(parsing: .allUnrecognized) var task: [String]

  func run() throws {
    let status = Probe.run(arguments: task)
    if status != 0 { throw ExitCode(status) }
  }
}

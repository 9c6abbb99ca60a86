internal import Foundation
public import JSONTree
internal import PipelineModel
internal import PluginTrust

/// The conformance kit: everything that a plugin promises, tested, each rule in a process of its own.
public struct PluginCheck: Sendable {
  /// What to start for each test: an executable that calls ``Probe/run(arguments:)``, and what comes before the task.
  public var probe: [String]
  public var library: String
  /// The configuration for each kind of filter; an empty object where there is none. `${SCRATCH}` in a text stands
  /// for a folder that is empty at first and goes away afterwards.
  public var configurations: [String: JSONValue] = [:]
  /// A file with a text on each line, to be shown beside the built-in ones; empty: none.
  public var texts = ""
  /// Whether the plugin runs in a process of its own, as `isolation: process` has it, beside the one of the test.
  public var isIsolated = false
  /// What it may do in that process, beyond its scratch folder: the manifest's `allow`.
  public var allowed: [Allowance] = []
  public var seed: UInt64
  /// The version of Sluice that tests, for the report.
  public var kit = ""
  /// How long one test may take.
  public var seconds = 60.0
  /// Called before each test, to show progress.
  public var onProgress: @Sendable (_ kind: String, _ rule: String) -> Void = { _, _ in }

  public init(probe: [String], library: String, seed: UInt64) {
    self.probe = probe
    self.library = library
    self.seed = seed
  }

  /// Runs all tests. [blocking]
  public func run() throws(CheckFailure) -> CheckReport {
    let file: PluginFile
    do throws(PluginFile.Failure) { file = try PluginFile(reading: PluginFile.canonical(library)) } catch {
      throw CheckFailure(error.description)
    }
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    var run = CheckRun(check: self, file: file, rules: try FileRules(file), scratch: scratch)
    try run.inspectFile()
    try run.loadOnce()
    for kind in run.report.kinds { try run.check(kind) }
    var report = run.report
    report.results = report.results.filter { $0.kind.isEmpty } + report.results.filter { !$0.kind.isEmpty }
    return report
  }
}

/// Something that an isolated plugin may reach, as `allow:` in a stage has it.
public enum Allowance: Sendable, Equatable {
  /// An absolute path, with all below it.
  case read(String)
  /// The same, where files may be made and changed, too.
  case write(String)
  /// A TCP port that it may connect to; names may be looked up then.
  case port(UInt16)

  var line: String {
    switch self {
    case .read(let path): "read \(path)"
    case .write(let path): "write \(path)"
    case .port(let number): "port \(number)"
    }
  }
}

/// A folder for one check, which goes away with it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws(CheckFailure) {
    path = NSTemporaryDirectory() + "sluice-check-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CheckFailure("no folder can be made in \(NSTemporaryDirectory()): \(error.localizedDescription)")
    }
  }

  /// An empty folder inside.
  func folder(_ name: String) -> String {
    try? FileManager.default.removeItem(atPath: path + "/" + name)
    try? FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    return path + "/" + name
  }

  func write(_ bytes: [UInt8], to name: String) throws(CheckFailure) -> String {
    let place = path + "/" + name
    guard
      FileManager.default.createFile(
        atPath: place, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    else { throw CheckFailure("\(place) can't be written") }
    return place
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

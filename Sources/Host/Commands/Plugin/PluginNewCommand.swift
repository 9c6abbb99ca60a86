internal import ArgumentParser
internal import Foundation
internal import PipelineModel

/// The languages that there are templates for.
enum PluginLanguage: String, ExpressibleByArgument, CaseIterable { case c, cpp, rust, swift }

struct PluginNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a plugin that works, with a build file, a test and a README.",
    discussion: """
      The folder holds all that a build needs but the compiler: the ABI's headers, and the SDK of the language. In \
      Swift the package depends on this repository, by its path.

      Examples:
        sluice plugin new --language c ward-list
        sluice plugin new --language rust --kind sink cold-store
        cd ward-list && make && make test SLUICE="$(command -v sluice)"
      """)

  @Option(help: "c, cpp, rust or swift.") var language: PluginLanguage
  @Option(help: "authenticate, guard, detect, mask, score, gate, notify or sink.", transform: Self.kind)
  var kind = StageKind.detect
  @Option(help: "In reverse DNS; org.example.NAME by default.") var id: String?
  @Option(
    help: "A checkout of Sluice, for headers and SDKs; this program's by default.", completion: .directory)
  var sdk: String?
  @Argument(help: "The filter's name, as pipelines write it, and the folder's.") var name: String

  func validate() throws {
    guard name.wholeMatch(of: #/[a-z][a-z0-9]*(-[a-z0-9]+)*/#) != nil, name.utf8.count <= 48 else {
      throw ValidationError(
        "'\(name)' is no name for a filter: lower-case words with - between them, as ward-list.")
    }
    if let id, id.wholeMatch(of: #/[a-z0-9_-]+(\.[a-z0-9_-]+)+/#) == nil || id.utf8.count > 128 {
      throw ValidationError("'\(id)' is no id: reverse DNS in lower case, as org.example.ward-list.")
    }
  }

  private static func kind(_ text: String) throws -> StageKind {
    guard let kind = StageKind(rawValue: text) else {
      throw ValidationError(
        "there is no such kind; there are \(StageKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return kind
  }

  func run() throws {
    try running {
      let sources = try SourceFolder(sdk)
      let project = PluginProject(
        name: name, id: id ?? "org.example.\(name)", kind: kind, language: language, repository: sources.path)
      let files = try project.files()
      guard unsafe mkdir(name, 0o755) == 0 else {
        throw CommandFailure(
          message: errno == EEXIST
            ? "there is a '\(name)' already; choose another name, or move it away"
            : "the folder \(name) can't be made: \(unsafe String(cString: strerror(errno)))", code: 1)
      }
      for file in files { try Self.write(file.text, to: "\(name)/\(file.path)") }
      for copy in project.copies { try sources.copy(copy.from, to: "\(name)/\(copy.to)") }
      Terminal.print("\(name): \(project.summary)")
      Terminal.print("  cd \(name) && \(project.build) && \(project.test)")
    }
  }

  private static func write(_ text: String, to path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    } catch {
      throw CommandFailure(message: "\(path) can't be written: \(error.localizedDescription)", code: 2)
    }
  }
}

/// A checkout of Sluice: the headers and SDKs are copied from there.
private struct SourceFolder {
  let path: String

  init(_ named: String?) throws(CommandFailure) {
    var candidates = named.map { [$0] } ?? []
    if named == nil {
      var folder = URL(fileURLWithPath: PluginFolder.executable).deletingLastPathComponent()
      while folder.path != "/" {
        candidates.append(folder.path)
        folder.deleteLastPathComponent()
      }
    }
    guard let found = candidates.first(where: Self.isCheckout) else {
      throw CommandFailure(
        message: named.map { "\($0) is no checkout of Sluice: it has no Sources/FilterABI/include" }
          ?? "the headers are not above this program; name a checkout of Sluice with --sdk", code: 1)
    }
    path = URL(fileURLWithPath: found).path
  }

  private static func isCheckout(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/Sources/FilterABI/include/sluice/sluice.h")
  }

  func copy(_ part: String, to place: String) throws(CommandFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: "\(path)/\(part)", toPath: place)
    } catch {
      throw CommandFailure(message: "\(place) can't be written: \(error.localizedDescription)", code: 2)
    }
  }
}

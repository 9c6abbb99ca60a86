internal import Foundation
internal import JSONTree
internal import PipelineModel
internal import Protocols

/// The files that make up a policy: its pipelines, and the protocol files that they name.
struct PolicyBundle: Equatable, Sendable {
  struct File: Equatable, Sendable {
    let name: String
    let bytes: [UInt8]
  }

  /// What a policy may have of files, and each of them of bytes.
  static let maximumFiles = 256
  static let maximumFileBytes = 1 << 20

  var pipelines: [File]
  /// By the path that ``protocolPath(of:)`` gives.
  var protocols: [File] = []

  /// As a pipeline's mistakes are reported with.
  var sources: [(name: String, bytes: [UInt8])] { pipelines.map { ($0.name, $0.bytes) } }

  /// Reads files, and of folders the `.yaml` and `.yml` files in them, in the order of their names.
  static func read(_ paths: [String]) throws -> PolicyBundle {
    let names = try paths.flatMap { path in isFolder(path) ? try pipelineFiles(in: path) : [path] }
    guard !names.isEmpty else {
      throw CommandFailure(message: "there is no pipeline in \(paths.joined(separator: ", "))", code: 1)
    }
    guard names.count <= maximumFiles else {
      throw CommandFailure(
        message: "a policy has at most \(maximumFiles) files, and these are \(names.count)", code: 1)
    }
    var bundle = PolicyBundle(pipelines: try names.map(read))
    for pipeline in PipelineLoader.load(bundle.sources).pipelines {
      guard let path = protocolPath(of: pipeline), !bundle.protocols.contains(where: { $0.name == path })
      else { continue }
      do { bundle.protocols.append(try read(path)) } catch {
        throw CommandFailure(
          message: "\(pipeline.position): error: the protocol file \(path) can't be read", code: 2)
      }
    }
    return bundle
  }

  /// Where a pipeline's own protocol file is; nil: it names one that Sluice brings.
  static func protocolPath(of pipeline: Pipeline) -> String? {
    let name = pipeline.protocolName
    guard ProtocolCatalog.text(of: name) == nil else { return nil }
    if name.hasPrefix("/") { return name }
    let folder = URL(fileURLWithPath: pipeline.position.file).deletingLastPathComponent()
    return folder.appendingPathComponent(name).path
  }

  private static func read(_ name: String) throws -> File {
    guard let handle = FileHandle(forReadingAtPath: name),
      let data = try? handle.read(upToCount: maximumFileBytes + 1)
    else { throw CommandFailure(message: "\(name) can't be read", code: 2) }
    guard data.count <= maximumFileBytes else {
      throw CommandFailure(message: "\(name) has more than \(maximumFileBytes) bytes", code: 1)
    }
    return File(name: name, bytes: Array(data))
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func pipelineFiles(in folder: String) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CommandFailure(message: "\(folder) can't be read", code: 2)
    }
    return names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
      .map { "\(folder)/\($0)" }
  }
}

/// As the store keeps it.
extension PolicyBundle {
  var json: String {
    func list(_ files: [File]) -> JSONValue {
      .array(
        files.map {
          .fields(["name": .string($0.name), "text": .string(String(decoding: $0.bytes, as: UTF8.self))])
        })
    }
    return JSONValue.fields(["pipelines": list(pipelines), "protocols": list(protocols)]).line
  }

  init(json: String) throws {
    func list(_ value: JSONValue?) throws -> [File] {
      guard let items = value?.array else { throw Self.unreadable }
      return try items.map { item in
        guard let name = item["name"]?.string, let text = item["text"]?.string else { throw Self.unreadable }
        return File(name: name, bytes: Array(text.utf8))
      }
    }
    let value: JSONValue
    do { value = try JSONReader.read(Array(json.utf8)) } catch { throw Self.unreadable }
    pipelines = try list(value["pipelines"])
    protocols = try list(value["protocols"])
  }

  private static var unreadable: CommandFailure {
    CommandFailure(
      message:
        "this version was made before policies kept their files; push it again: sluice policy push FILE…",
      code: 1)
  }
}

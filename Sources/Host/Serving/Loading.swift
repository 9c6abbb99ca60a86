internal import Evidence
internal import FilterChain
internal import Foundation
internal import Payload
internal import PipelineModel
internal import Protocols

/// Reads pipeline files and plugins, and finds everything that is wrong before anything starts.
enum Loading {
  /// - Throws: ``CommandFailure`` with code 1 after every mistake has been printed, or 2 where a file can't be read.
  static func pipelines(_ files: [String], library: PluginLibrary, replacing: (String, String)? = nil) throws
    -> [Pipeline]
  {
    let sources = try files.map { file in
      guard let data = FileManager.default.contents(atPath: file) else {
        throw CommandFailure(message: "\(file) can't be read", code: 2)
      }
      return (name: file, bytes: Array(data))
    }
    return try pipelines(sources: sources, library: library)
  }

  static func pipelines(sources: [(name: String, bytes: [UInt8])], library: PluginLibrary) throws
    -> [Pipeline]
  {
    let (pipelines, found) = PipelineLoader.load(sources)
    var diagnostics = found + pipelines.flatMap(wrongRecipients)
    if diagnostics.isEmpty { diagnostics += PipelineLoader.validateStages(of: pipelines, source: library) }
    guard diagnostics.isEmpty else {
      for diagnostic in diagnostics {
        let source = sources.first { $0.name == diagnostic.position.file }?.bytes ?? []
        Terminal.complain(diagnostic.rendered(source: source))
      }
      throw CommandFailure(
        message:
          "\(diagnostics.count) mistake\(diagnostics.count == 1 ? "" : "s") found; nothing was started",
        code: 1)
    }
    return pipelines
  }

  /// Whom a pipeline's originals are sealed to. Each was looked at when the file was read.
  static func recipients(_ pipeline: Pipeline) throws -> [AgeRecipient] {
    try pipeline.evidence.recipients.map { try AgeRecipient($0.text) }
  }

  /// A recipient with a wrong letter is nobody's: what is sealed to it can never be opened.
  private static func wrongRecipients(_ pipeline: Pipeline) -> [Diagnostic] {
    pipeline.evidence.recipients.compactMap { recipient in
      do throws(EvidenceError) {
        _ = try AgeRecipient(recipient.text)
        return nil
      } catch {
        return Diagnostic(
          "not-allowed", at: recipient.position, error.message,
          expected: "a recipient as `sluice evidence keygen` printed it")
      }
    }
  }

  /// The API that a pipeline's clients speak, and the text that says so.
  static func protocolDescription(
    _ pipeline: Pipeline
  ) throws -> (description: ProtocolDescription, text: [UInt8]) {
    let name = pipeline.protocolName
    if let text = ProtocolCatalog.text(of: name), let description = ProtocolCatalog.builtIn(name) {
      return (description, text)
    }
    let folder = URL(fileURLWithPath: pipeline.position.file).deletingLastPathComponent()
    let file = name.hasPrefix("/") ? name : folder.appendingPathComponent(name).path
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CommandFailure(
        message: "\(pipeline.position): error: the protocol file \(file) can't be read", code: 2)
    }
    let (description, diagnostics) = ProtocolCatalog.read(Array(data), file: file)
    for diagnostic in diagnostics { Terminal.complain(diagnostic.rendered(source: Array(data))) }
    guard let description else {
      throw CommandFailure(
        message: "\(diagnostics.count) mistakes found in a protocol file; nothing was started", code: 1)
    }
    return (description, Array(data))
  }

  /// Makes a pipeline's filters.
  static func chain(_ pipeline: Pipeline, library: PluginLibrary) throws -> Chain {
    do { return try Chain(pipeline, library: library) } catch {
      throw CommandFailure(
        message: "\(error.stage.position(of: error.error.pointer)): error: \(error.error.message)", code: 1)
    }
  }

  /// Asks a pipeline's sinks whether all is there that they need. [blocking]
  /// - Parameter mayBeLater: what to do where something does not answer now; nil: that is a mistake, too.
  static func probe(_ chain: Chain, mayBeLater: ((_ sink: String, _ message: String) -> Void)? = nil) throws {
    for sink in chain.sinks {
      do throws(PluginError) { try sink.probe() } catch {
        if error.code == .failed, let mayBeLater {
          mayBeLater(sink.name, error.message)
          continue
        }
        throw CommandFailure(
          message: "\(sink.stage.position(of: error.pointer)): error: \(error.message)", code: 1)
      }
    }
  }
}

internal import Evidence
internal import FilterChain
internal import Foundation
internal import Payload
internal import PipelineModel
internal import Protocols

/// Reads pipeline files and plugins, and finds everything that is wrong before anything starts.
enum Loading {
  /// - Throws: ``CommandFailure`` with code 1 after every mistake has been printed, or 2 where a file can't be read.
  static func pipelines(_ files: [String], library: PluginLibrary) throws -> [Pipeline] {
    try pipelines(sources: try PolicyBundle.read(files).sources, library: library)
  }

  /// - Parameter rules: of the installation that is to serve them; nil: none is known.
  static func pipelines(
    sources: [(name: String, bytes: [UInt8])], library: PluginLibrary, rules: CredentialRules? = nil
  ) throws -> [Pipeline] {
    let (pipelines, diagnostics) = check(sources: sources, library: library, rules: rules)
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

  /// Reads pipelines, and finds their mistakes without a word to anybody.
  static func check(
    sources: [(name: String, bytes: [UInt8])], library: PluginLibrary, rules: CredentialRules? = nil
  ) -> (pipelines: [Pipeline], mistakes: [Diagnostic]) {
    let (pipelines, found) = PipelineLoader.load(sources)
    var mistakes = found + pipelines.flatMap(wrongRecipients) + (rules?.mistakes(in: pipelines) ?? [])
    if mistakes.isEmpty { mistakes += PipelineLoader.validateStages(of: pipelines, source: library) }
    return (pipelines, mistakes)
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
    _ pipeline: Pipeline, of bundle: PolicyBundle
  ) throws -> (description: ProtocolDescription, text: [UInt8]) {
    guard let path = PolicyBundle.protocolPath(of: pipeline) else {
      let name = pipeline.protocolName
      guard let text = ProtocolCatalog.text(of: name), let description = ProtocolCatalog.builtIn(name) else {
        throw CommandFailure(message: "\(pipeline.position): error: there is no protocol '\(name)'", code: 1)
      }
      return (description, text)
    }
    guard let data = bundle.protocols.first(where: { $0.name == path })?.bytes else {
      throw CommandFailure(
        message: "\(pipeline.position): error: the protocol file \(path) can't be read", code: 2)
    }
    let (description, diagnostics) = ProtocolCatalog.read(data, file: path)
    for diagnostic in diagnostics { Terminal.complain(diagnostic.rendered(source: data)) }
    guard let description else {
      throw CommandFailure(
        message: "\(diagnostics.count) mistakes found in a protocol file; nothing was started", code: 1)
    }
    return (description, data)
  }

  /// Makes a pipeline's filters.
  /// - Parameter rehearsal: where nobody's requests pass through it.
  static func chain(_ pipeline: Pipeline, library: PluginLibrary, rehearsal: Rehearsed? = nil) throws -> Chain
  {
    do { return try Chain(pipeline, library: library, rehearsal: rehearsal) } catch {
      throw CommandFailure(
        message: "\(error.stage.position(of: error.error.pointer)): error: \(error.error.message)", code: 1)
    }
  }

  /// Asks a pipeline's sinks whether all is there that they need. [blocking]
  static func probe(_ chain: Chain) throws { for sink in chain.sinks { try probe(sink) } }

  /// Asks a sink whether all is there that it needs. [blocking]
  /// - Parameter mayBeLater: what to do where something does not answer now; nil: that is a mistake, too.
  static func probe(_ sink: SinkInstance, mayBeLater: ((_ message: String) -> Void)? = nil) throws {
    do throws(PluginError) { try sink.probe() } catch {
      if error.code == .failed, let mayBeLater { return mayBeLater(error.message) }
      throw CommandFailure(
        message: "\(sink.stage.position(of: error.pointer)): error: \(error.message)", code: 1)
    }
  }
}

internal import JSONTree

/// Reads pipeline files and finds every mistake in them at once.
public enum PipelineLoader {
  /// The APIs that this build knows.
  public static let protocols = ["openai"]

  /// - Returns: the pipelines of the files that could be read, and all that is wrong. Nothing may be served
  ///   while anything is wrong.
  public static func load(_ files: [(name: String, bytes: [UInt8])]) -> (pipelines: [Pipeline], diagnostics: [Diagnostic]) {
    var pipelines: [Pipeline] = []
    var diagnostics: [Diagnostic] = []
    for file in files {
      do throws(Diagnostic) {
        let root = try YAMLParser.parse(file.bytes, file: file.name)
        var reader = PipelineReader(root)
        if let pipeline = reader.read() { pipelines.append(pipeline) }
        diagnostics += reader.diagnostics
      } catch { diagnostics.append(error) }
    }
    diagnostics += PipelineRules.check(together: pipelines)
    return (pipelines, diagnostics.sorted { one, other in
      (one.position.file, one.position.line, one.position.column)
        < (other.position.file, other.position.line, other.position.column)
    })
  }

  /// Checks each stage's configuration against what its plugin says of itself.
  public static func validateStages(of pipelines: [Pipeline], source: some StageSchemaSource) -> [Diagnostic] {
    pipelines.flatMap { pipeline in pipeline.stages.flatMap { validate($0, source) } }
  }

  private static func validate(_ stage: Stage, _ source: some StageSchemaSource) -> [Diagnostic] {
    switch source.lookUp(stage) {
    case .missing(let message, let names):
      return [
        Diagnostic(
          "unknown-filter", at: stage.position, message,
          suggestion: nearestName(to: stage.filter, among: names.filter { $0 != stage.filter }))
      ]
    case .found(let text):
      let schema: JSONSchema
      do { schema = try JSONSchema(text) } catch {
        return [
          Diagnostic("bad-plugin", at: stage.position, "the plugin of \(stage.kind.rawValue): \(stage.filter) is broken: \(error.message)")
        ]
      }
      let violations = schema.violations(of: stage.configuration)
      if violations.isEmpty {
        return source.validate(stage).map { problem in
          [Diagnostic("configuration", at: stage.position(of: problem.pointer), problem.message)]
        } ?? []
      }
      return violations.map { violation in
        Diagnostic(
          violation.kind.rawValue,
          at: violation.kind == .unknownKey
            ? stage.keyPosition(of: violation.pointer) : stage.position(of: violation.pointer),
          violation.message, expected: violation.expected, suggestion: violation.suggestion)
      }
    }
  }
}

/// Knows the plugins: what a stage's configuration may look like.
public protocol StageSchemaSource {
  /// The JSON Schema of a stage's configuration, or why there is none and which filters there are.
  func lookUp(_ stage: Stage) -> StageSchema
  /// What the plugin itself has against a configuration that fits its schema; nil: nothing.
  func validate(_ stage: Stage) -> (message: String, pointer: String)?
}

/// What is known of a stage's filter.
public enum StageSchema: Sendable {
  case found([UInt8])
  case missing(message: String, names: [String])
}

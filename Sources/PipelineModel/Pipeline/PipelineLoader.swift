internal import JSONTree

/// Reads pipeline files and finds every mistake in them at once. Nothing here is started, loaded or looked up.
public enum PipelineLoader {
  /// The APIs that come with the gateway. A pipeline may name a file of its own, too.
  public static let protocols = ["anthropic", "azure-openai", "fhir", "gemini", "json", "mcp", "openai"]
  /// How many diagnostics are given; of what goes beyond, the last one tells how many there are.
  public static let maximumDiagnostics = 200

  /// - Returns: the pipelines of the files that could be read, and all that is wrong, file by file, each in the
  ///   order of its places. Nothing may be served while anything is wrong.
  public static func load(
    _ files: [(name: String, bytes: [UInt8])]
  ) -> (pipelines: [Pipeline], diagnostics: [Diagnostic]) {
    var pipelines: [Pipeline] = []
    var diagnostics: [Diagnostic] = []
    for file in files {
      let document = YAMLDocument(file.bytes, file: file.name)
      diagnostics += document.diagnostics
      guard let root = document.root else { continue }
      var reader = PipelineReader(root)
      if let pipeline = reader.read() { pipelines.append(pipeline) }
      diagnostics += reader.diagnostics
    }
    diagnostics += PipelineRules.check(together: pipelines)
    return (pipelines, inOrder(diagnostics, of: files.map(\.name)))
  }

  /// Checks each stage's configuration against what its plugin says of itself. `[control]`: plugins are asked.
  public static func validateStages(of pipelines: [Pipeline], source: some StageSchemaSource) -> [Diagnostic]
  {
    let diagnostics = pipelines.flatMap { pipeline in
      pipeline.stages.flatMap { StageValidator.validate($0, source) }
    }
    return inOrder(diagnostics, of: pipelines.map(\.position.file))
  }

  private static func inOrder(_ diagnostics: [Diagnostic], of files: [String]) -> [Diagnostic] {
    var rank: [String: Int] = [:]
    for (index, file) in files.enumerated() { rank[file] = rank[file] ?? index }
    func key(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
      let place = diagnostic.position
      return (rank[place.file] ?? files.count, place.line, place.column)
    }
    // Stable, so that two of one place stay in the order in which they were found.
    let sorted = diagnostics.enumerated().sorted { one, other in
      let (left, right) = (key(one.element), key(other.element))
      return left == right ? one.offset < other.offset : left < right
    }.map(\.element)
    guard sorted.count > maximumDiagnostics, let last = sorted.last else { return sorted }
    let rest = sorted.count - maximumDiagnostics
    return sorted.prefix(maximumDiagnostics) + [
      Diagnostic("too-many", at: last.position, "there are \(rest) more mistakes than are shown")
    ]
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

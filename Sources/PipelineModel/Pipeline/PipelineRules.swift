/// What must hold between the stages of a pipeline, and between pipelines.
enum PipelineRules {
  static func check(stages: [Stage], of root: SourcePosition) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    func first(_ kind: StageKind) -> Int? { stages.firstIndex { $0.kind == kind } }
    func complain(_ code: String, _ position: SourcePosition, _ message: String) {
      diagnostics.append(Diagnostic(code, at: position, message))
    }
    if first(.authenticate) == nil {
      complain("no-authenticate", root, "a pipeline without an 'authenticate' stage would serve anybody")
    }
    if first(.sink) == nil { complain("no-sink", root, "a pipeline without a 'sink' stage would leave no evidence behind") }
    var seen: Set<StageKind> = []
    for stage in stages {
      let missing: String? =
        switch stage.kind {
        case .mask where !seen.contains(.detect): "a 'mask' stage needs a 'detect' stage before it"
        case .score where !seen.contains(.detect): "a 'score' stage needs a 'detect' stage before it"
        case .gate where !seen.contains(.score): "a 'gate' stage needs a 'score' stage before it"
        default: nil
        }
      if let missing { complain("stage-order", stage.position, missing) }
      if stage.kind == .authenticate, !seen.isSubset(of: [.authenticate]) {
        complain("stage-order", stage.position, "an 'authenticate' stage comes first: nothing is read before it is known who asks")
      }
      if seen.contains(.sink), stage.kind != .sink {
        complain("stage-order", stage.position, "'\(stage.kind.rawValue)' stands after a 'sink': sinks come last")
      }
      if stage.kind == .detect, seen.contains(.mask) {
        complain("stage-order", stage.position, "a 'detect' stage after a 'mask' stage would never be masked")
      }
      seen.insert(stage.kind)
    }
    if seen.contains(.detect), !seen.contains(.mask) {
      complain("no-mask", stages.first { $0.kind == .detect }?.position ?? root, "what this stage finds is never masked: a 'mask' stage is missing")
    }
    return diagnostics
  }

  static func check(together pipelines: [Pipeline]) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for (index, pipeline) in pipelines.enumerated() {
      for earlier in pipelines[..<index] {
        if earlier.name == pipeline.name {
          diagnostics.append(
            Diagnostic("same-name", at: pipeline.position, "'\(pipeline.name)' is also the pipeline at \(earlier.position)"))
        }
        if earlier.listen == pipeline.listen, earlier.host == pipeline.host {
          diagnostics.append(
            Diagnostic("same-path", at: pipeline.position, "'\(pipeline.listen)' is also listened on by the pipeline at \(earlier.position)"))
        }
      }
    }
    return diagnostics
  }
}

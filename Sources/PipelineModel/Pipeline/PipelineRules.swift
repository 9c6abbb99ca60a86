/// What must hold between the stages of a pipeline, and between pipelines.
enum PipelineRules {
  /// A stage's kind, nil where nobody knows, and its place.
  typealias Step = (kind: StageKind?, position: SourcePosition)

  /// - Parameter list: where the list of stages stands.
  static func check(_ steps: [Step], of list: SourcePosition) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var seen: Set<StageKind> = []
    var isSure = true
    for step in steps {
      guard let kind = step.kind else {
        // It may be what a later stage needs: nothing is said to be missing from here on.
        isSure = false
        continue
      }
      if isSure, let missing = missing(before: kind, seen) {
        diagnostics.append(Diagnostic("stage-order", at: step.position, missing))
      }
      if let misplaced = misplaced(kind, after: seen) {
        diagnostics.append(Diagnostic("stage-order", at: step.position, misplaced))
      }
      seen.insert(kind)
    }
    guard isSure else { return diagnostics }
    if !seen.contains(.authenticate) {
      diagnostics.append(
        Diagnostic(
          "no-authenticate", at: list, "a pipeline without an 'authenticate' stage would serve anybody",
          expected: "an 'authenticate' stage in front, as '- authenticate: keys'"))
    }
    if let detect = steps.first(where: { $0.kind == .detect }), !seen.contains(.mask) {
      diagnostics.append(
        Diagnostic(
          "no-mask", at: detect.position, "what this stage finds is never masked",
          expected: "a 'mask' stage after it, as '- mask: phi'"))
    }
    if !seen.contains(.sink) {
      diagnostics.append(
        Diagnostic(
          "no-sink", at: list, "a pipeline without a 'sink' stage would leave no evidence behind",
          expected: "a 'sink' stage at the end, as '- sink: file'"))
    }
    return diagnostics
  }

  private static func missing(before kind: StageKind, _ seen: Set<StageKind>) -> String? {
    switch kind {
    case .mask where !seen.contains(.detect): "a 'mask' stage needs a 'detect' stage before it"
    case .score where !seen.contains(.detect): "a 'score' stage needs a 'detect' stage before it"
    case .gate where !seen.contains(.score): "a 'gate' stage needs a 'score' stage before it"
    case .notify where !seen.contains(.gate):
      "a 'notify' stage tells people what a 'gate' stage holds: it needs one before it"
    default: nil
    }
  }

  private static func misplaced(_ kind: StageKind, after seen: Set<StageKind>) -> String? {
    switch kind {
    case .authenticate where !seen.isSubset(of: [.authenticate]):
      "an 'authenticate' stage comes first: nothing is read before it is known who asks"
    case .gate where seen.contains(.sink): "a 'sink' stage before a 'gate' stage: sinks come last"
    case .sink: nil
    case _ where seen.contains(.sink):
      "a '\(kind.rawValue)' stage stands after a 'sink' stage: sinks come last"
    case .detect where seen.contains(.mask):
      "what a 'detect' stage after a 'mask' stage finds is never masked"
    case .detect where seen.contains(.score):
      "what a 'detect' stage after a 'score' stage finds is never scored"
    case .mask where seen.contains(.gate):
      "a 'mask' stage after a 'gate' stage would change what was approved: masks come before gates"
    case .score where seen.contains(.gate): "a 'score' stage after a 'gate' stage is asked too late"
    default: nil
    }
  }

  static func check(together pipelines: [Pipeline]) -> [Diagnostic] {
    var names: [String: SourcePosition] = [:]
    var routes: [String: SourcePosition] = [:]
    var diagnostics: [Diagnostic] = []
    for pipeline in pipelines {
      if let earlier = names[pipeline.name] {
        diagnostics.append(
          Diagnostic(
            "same-name", at: pipeline.position,
            "'\(pipeline.name)' is also the name of the pipeline at \(earlier)"))
      }
      // Neither a host nor a path has a space.
      let route = "\(pipeline.host ?? "*") \(pipeline.listen)"
      if let earlier = routes[route] {
        diagnostics.append(
          Diagnostic(
            "same-path", at: pipeline.position,
            "the pipeline at \(earlier) listens on '\(pipeline.listen)' too"))
      }
      names[pipeline.name] = names[pipeline.name] ?? pipeline.position
      routes[route] = routes[route] ?? pipeline.position
    }
    return diagnostics + SubjectRules.check(pipelines)
  }
}

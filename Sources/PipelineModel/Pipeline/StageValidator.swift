internal import JSONTree

/// Compares one stage's configuration with its plugin's schema, and says where in the file it does not fit.
enum StageValidator {
  static func validate(_ stage: Stage, _ source: some StageSchemaSource) -> [Diagnostic] {
    switch source.lookUp(stage) {
    case .missing(let message, let names):
      if stage.kind == .authenticate, stage.filter == "saml" {
        return [
          Diagnostic(
            "not-supported", at: stage.position, "SAML is not read here yet",
            expected:
              "'oidc': a provider that speaks SAML gives OpenID Connect tokens for the same people, by itself or through a broker as Keycloak or Dex"
          )
        ]
      }
      let others = names.filter { $0 != stage.filter }
      return [
        Diagnostic(
          "unknown-filter", at: stage.position, message,
          suggestion: nearestName(to: stage.filter, among: others))
      ]
    case .found(let text):
      let schema: JSONSchema
      do { schema = try JSONSchema(text) } catch {
        let stageName = "\(stage.kind.rawValue): \(stage.filter)"
        return [
          Diagnostic(
            "bad-plugin", at: stage.position, "the plugin of '\(stageName)' is broken: \(error.message)")
        ]
      }
      let violations = schema.violations(of: stage.configuration)
      guard violations.isEmpty else { return diagnostics(violations, stage) }
      guard let problem = source.validate(stage) else { return [] }
      return [Diagnostic("configuration", at: stage.position(of: problem.pointer), problem.message)]
    }
  }

  /// Bounded: each place is looked for anew.
  private static func diagnostics(_ violations: [JSONSchema.Violation], _ stage: Stage) -> [Diagnostic] {
    let shown = violations.prefix(PipelineLoader.maximumDiagnostics).map { diagnostic($0, stage) }
    guard violations.count > shown.count else { return shown }
    let rest = violations.count - shown.count
    return shown + [
      Diagnostic("too-many", at: stage.position, "there are \(rest) more mistakes in this stage")
    ]
  }

  private static func diagnostic(_ violation: JSONSchema.Violation, _ stage: Stage) -> Diagnostic {
    let isKey = violation.kind == .unknownKey
    let hint = violation.kind == .wrongType ? quoting(violation, stage) : nil
    return Diagnostic(
      violation.kind.rawValue,
      at: isKey ? stage.keyPosition(of: violation.pointer) : stage.position(of: violation.pointer),
      violation.message, expected: hint?.expected ?? violation.expected,
      suggestion: hint?.suggestion ?? violation.suggestion,
      shown: violation.isSecret ? .before : isKey ? .key : .line)
  }

  /// What to do about YAML's guesses: a number that was meant as text wants quotes, `yes` is no truth value.
  private static func quoting(
    _ violation: JSONSchema.Violation, _ stage: Stage
  ) -> (expected: String?, suggestion: String?)? {
    guard
      case .scalar(let text, let isPlain)? = stage.configurationNode?.node(at: violation.pointer)?.content,
      let expected = violation.expected
    else { return nil }
    switch PlainScalar.json(text) {
    case .number, .bool:
      if isPlain, expected == "text" { return ("text: in quotes it is", nil) }
      if !isPlain { return ("\(expected), without quotes", nil) }
      return nil
    default:
      let meant = expected == "true or false" ? PlainScalar.oldBool(text).map { "\($0)" } : nil
      return (expected, violation.isSecret ? nil : meant)
    }
  }
}

internal import Credentials
internal import Foundation
internal import JSONTree
internal import PipelineModel

/// A secret that pipelines know by name.
struct NamedSecret: Sendable {
  let source: SecretSource
  /// The only upstreams that it is shown to; nil: whichever a pipeline names.
  let hosts: [UpstreamOrigin]?
}

/// Which pipeline may use which credential: what the installation says, and no policy's author can widen.
///
/// As soon as one secret is bound to hosts, pipelines get credentials by name alone: an author who could still write
/// `file:` or `env:` would read the bound one from where it is.
struct CredentialRules: Sendable {
  let secrets: [String: NamedSecret]
  /// What else the installation's settings read secrets from.
  private let others: [SecretSource]
  private let bindsSecrets: Bool

  init(_ settings: CredentialSettings) {
    secrets = settings.secrets
    others =
      switch settings.vault?.login {
      case .token(let source): [source]
      case .appRole(_, let role, let secret): [role, secret]
      case nil: []
      }
    bindsSecrets = settings.secrets.values.contains { $0.hosts != nil }
  }

  /// What these pipelines may not do, with its place and what to do about it.
  func mistakes(in pipelines: [Pipeline]) -> [Diagnostic] {
    guard bindsSecrets else { return [] }
    return pipelines.flatMap { pipeline in
      (mistake(in: pipeline.upstream).map { [$0] } ?? []) + pipeline.stages.flatMap(mistakes)
    }
  }

  private func mistake(in upstream: Upstream) -> Diagnostic? {
    switch upstream.credential {
    case nil: return nil
    case .environment, .file:
      return Diagnostic(
        "unbound-credential", at: upstream.position,
        "this installation binds secrets to hosts, and gives pipelines no credential by its place",
        expected: "credential: secret:NAME, a name below 'secrets:' in its settings (sluice.yaml)")
    case .secret(let name):
      guard let hosts = secrets[name]?.hosts, !hosts.contains(UpstreamOrigin(of: upstream)) else {
        return nil
      }
      return Diagnostic(
        "credential-host", at: upstream.position,
        "the secret '\(name)' is not for \(UpstreamOrigin(of: upstream))",
        expected:
          "\(hosts.map(\.description).joined(separator: ", ")); whoever runs the installation adds others below 'secrets: \(name): hosts:' in its settings (sluice.yaml)"
      )
    }
  }

  /// A stage's own credential (`env:`, `file:`) goes where its author says: it can't be one that is bound.
  private func mistakes(in stage: Stage) -> [Diagnostic] {
    let kept = Set((secrets.values.map(\.source) + others).map(Self.place))
    var found: [Diagnostic] = []
    func look(_ value: JSONValue, _ pointer: String) {
      switch value {
      case .string(let text):
        guard let source = SecretSource(text), kept.contains(Self.place(source)) else { return }
        found.append(
          Diagnostic(
            "credential-host", at: stage.position(of: pointer),
            "this is where the installation keeps a secret for upstreams, and no stage's",
            expected: "a secret of the stage's own"))
      case .array(let elements):
        for (index, element) in elements.enumerated() { look(element, "\(pointer)/\(index)") }
      case .object(let members):
        for member in members {
          look(
            member.value,
            "\(pointer)/\(member.name.replacing("~", with: "~0").replacing("/", with: "~1"))")
        }
      case .null, .bool, .number: return
      }
    }
    look(stage.configuration, "")
    return found
  }

  /// A file by where it really is: there are many ways to write one path.
  private static func place(_ source: SecretSource) -> SecretSource {
    guard case .file(let path) = source else { return source }
    return .file(URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path)
  }
}

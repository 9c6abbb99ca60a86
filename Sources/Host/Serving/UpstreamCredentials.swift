internal import Control
internal import Credentials
internal import PipelineModel

/// The credentials of an installation's upstreams: where each is read from, and the one keeper that reads them.
final class UpstreamCredentials: Sendable {
  let keeper: CredentialKeeper
  let rules: CredentialRules

  init(_ settings: CredentialSettings) {
    rules = CredentialRules(settings)
    keeper = CredentialKeeper(
      vault: settings.vault, times: settings.times,
      journal: { what, reason in Journal.info(what, ("reason", reason)) })
  }

  /// Where a pipeline's credential is read from; nil: its upstream wants none.
  /// - Throws: ``CommandFailure`` where the installation knows no secret of that name.
  func source(_ upstream: Upstream) throws -> SecretSource? {
    switch upstream.credential {
    case nil: return nil
    case .environment(let name): return .environment(name)
    case .file(let path): return .file(path)
    case .secret(let name):
      guard let secret = rules.secrets[name] else {
        let known = rules.secrets.keys.sorted().joined(separator: ", ")
        throw CommandFailure(
          message:
            "\(upstream.position): error: this installation has no secret '\(name)'; add it below 'secrets:' in its settings (sluice.yaml)\(known.isEmpty ? "" : ", which name \(known)")",
          code: 1)
      }
      return secret.source
    }
  }

  /// The credential as it is known, or read now. [blocking]
  func secret(_ source: SecretSource, for upstream: Upstream) throws -> SecretBytes {
    do throws(SecretFailure) { return try keeper.secret(source) } catch {
      throw CommandFailure(message: "\(upstream.position): error: \(error.message)", code: 1)
    }
  }
}

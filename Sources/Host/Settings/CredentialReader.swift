internal import Credentials
internal import PipelineModel

/// What an installation is told of secrets: by which names pipelines know them, where they are, how long the last good
/// one is used.
struct CredentialSettings {
  var secrets: [String: SecretSource] = [:]
  var vault: VaultSettings?
  var times = CredentialKeeper.Times()
}

/// Reads `secrets`, `vault` and `credentials`. What is wrong is never repeated: it may be the secret itself.
enum CredentialReader {
  private static let places =
    "env:NAME, file:PATH, command:/PATH ARGUMENT… or vault:MOUNT/PATH#FIELD, never the secret itself"

  static func secrets(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> [String: SecretSource] {
    var reader = MappingReader(node, what: "'secrets'")
    var secrets: [String: SecretSource] = [:]
    if case .mapping(let entries) = node.content {
      for entry in entries {
        guard let (text, position) = reader.text(entry.key) else { continue }
        if !Upstream.isSecretName(entry.key) {
          reader.complain(
            "not-allowed", at: entry.keyPosition, "this is no name of a secret",
            expected: "small letters, digits and hyphens, 64 at most", shown: .before)
        } else if let source = SecretSource(text) {
          secrets[entry.key] = source
        } else {
          reader.complain(
            "not-allowed", at: position, "this names no place to read a secret from", expected: places,
            shown: .before)
        }
      }
    }
    reader.finish()
    diagnostics += reader.diagnostics
    return secrets
  }

  static func vault(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> VaultSettings? {
    var reader = MappingReader(node, what: "'vault'")
    let address = reader.requiredText("address", "Vault's address, as https://vault.example.org:8200")
    if let address, !VaultSettings.isAddress(address.text) {
      reader.complain(
        "not-allowed", at: address.position, "this is no address of a Vault",
        expected: "https://HOST:8200; http is for loopback alone")
    }
    let token = place("token", &reader)
    let role = place("role-id", &reader)
    let secret = place("secret-id", &reader)
    let mount = reader.text("approle-mount")?.text ?? "approle"
    var settings: VaultSettings?
    switch (token, role, secret) {
    case (let token?, nil, nil): settings = VaultSettings(address: address?.text ?? "", login: .token(token))
    case (nil, let role?, let secret?):
      settings = VaultSettings(
        address: address?.text ?? "", login: .appRole(mount: mount, role: role, secret: secret))
    default:
      reader.complain(
        "missing-key", at: node.position, "it is not said who asks Vault",
        expected: "'token', or both of 'role-id' and 'secret-id'")
    }
    settings?.namespace = reader.text("namespace")?.text ?? ""
    settings?.authorities = reader.text("ca")?.text
    while settings?.address.hasSuffix("/") == true { settings?.address.removeLast() }
    reader.finish()
    diagnostics += reader.diagnostics
    return settings
  }

  /// What Vault is asked with does not come from Vault.
  private static func place(_ key: String, _ reader: inout MappingReader) -> SecretSource? {
    guard let (text, position) = reader.text(key) else { return nil }
    if let source = SecretSource(text) {
      if case .vault = source {} else { return source }
    }
    reader.complain(
      "not-allowed", at: position, "'\(key)' names no place to read it from",
      expected: "env:NAME, file:PATH or command:/PATH ARGUMENT…, never the secret itself", shown: .before)
    return nil
  }

  static func times(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> CredentialKeeper.Times {
    var reader = MappingReader(node, what: "'credentials'")
    var times = CredentialKeeper.Times()
    if let time = reader.milliseconds("refresh", 1000...86_400_000) { times.refresh = Int64(time / 1000) }
    if let time = reader.milliseconds("keep", 1000...2_592_000_000) { times.keep = Int64(time / 1000) }
    reader.finish()
    diagnostics += reader.diagnostics
    return times
  }
}

internal import Credentials
internal import PipelineModel

/// What an installation is told of secrets: by which names pipelines know them, where they are, how long the last good
/// one is used.
struct CredentialSettings {
  var secrets: [String: NamedSecret] = [:]
  var vault: VaultSettings?
  var times = CredentialKeeper.Times()
}

/// Reads `secrets`, `vault` and `credentials`. What is wrong is never repeated: it may be the secret itself.
enum CredentialReader {
  private static let places =
    "env:NAME, file:PATH, command:/PATH ARGUMENT… or vault:MOUNT/PATH#FIELD, never the secret itself"

  static func secrets(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> [String: NamedSecret] {
    var reader = MappingReader(node, what: "'secrets'")
    var secrets: [String: NamedSecret] = [:]
    if case .mapping(let entries) = node.content {
      for entry in entries {
        if !Upstream.isSecretName(entry.key) {
          _ = reader.take(entry.key)
          reader.complain(
            "not-allowed", at: entry.keyPosition, "this is no name of a secret",
            expected: "small letters, digits and hyphens, 64 at most", shown: .before)
        } else if case .mapping = entry.value.content {
          _ = reader.take(entry.key)
          secrets[entry.key] = bound(entry.value, entry.key, &diagnostics)
        } else if let text = reader.text(entry.key) {
          secrets[entry.key] = source(text, &reader).map { NamedSecret(source: $0, hosts: nil) }
        }
      }
    }
    reader.finish()
    diagnostics += reader.diagnostics
    return secrets
  }

  /// `{ from: PLACE, hosts: [HOST, …] }`: a secret that is shown to these hosts alone.
  private static func bound(
    _ node: YAMLNode, _ name: String, _ diagnostics: inout [Diagnostic]
  ) -> NamedSecret? {
    var reader = MappingReader(node, what: "'\(name)'")
    let from = reader.requiredText("from", places).flatMap { source($0, &reader) }
    var hosts: [UpstreamOrigin]?
    if let list = reader.take("hosts") {
      let texts = TextList.read(list, "'hosts'", of: "hosts, as [api.openai.com]", &diagnostics)
      let origins = texts.compactMap(UpstreamOrigin.init)
      if origins.count < texts.count {
        reader.complain(
          "not-allowed", at: list.position, "one of these is no host",
          expected:
            "HOST or HOST:PORT, reached by HTTPS, or http://HOST:PORT; whole names, without * and without a path"
        )
      }
      hosts = origins
    }
    reader.finish()
    diagnostics += reader.diagnostics
    return from.map { NamedSecret(source: $0, hosts: hosts) }
  }

  private static func source(_ text: MappingReader.Text, _ reader: inout MappingReader) -> SecretSource? {
    if let source = SecretSource(text.text) { return source }
    reader.complain(
      "not-allowed", at: text.position, "this names no place to read a secret from", expected: places,
      shown: .before)
    return nil
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

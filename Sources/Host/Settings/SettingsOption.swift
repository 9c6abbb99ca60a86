internal import ArgumentParser

/// For commands that check pipelines against what an installation allows.
struct SettingsOption: ParsableArguments {
  @Option(
    help:
      "The installation's settings: which secret may go to which hosts. By default DATA/sluice.yaml, if there.",
    completion: .file(extensions: ["yaml"]))
  var settings: String?

  /// - Parameter data: the installation's folder; nil: none is named.
  func rules(data: String?) throws -> CredentialRules {
    guard settings != nil || data != nil else { return CredentialRules(CredentialSettings()) }
    return CredentialRules(try InstallationSettings.read(settings, data: data ?? "").credentials)
  }
}

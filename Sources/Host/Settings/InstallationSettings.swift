internal import Control
internal import Foundation
internal import Identity
internal import JSONTree
internal import PipelineModel

/// What one installation is told beside its pipelines: `sluice.yaml` in its data directory, or the file that
/// `--settings` names. Pipelines travel between installations; this does not.
struct InstallationSettings {
  static let fileName = "sluice.yaml"

  private(set) var roles = RoleMap.none
  /// Nil: nobody logs in here.
  private(set) var login: LoginSettings?
  private(set) var credentials = CredentialSettings()

  /// Reads the file. Without a name, one that is not there says nothing.
  /// - Throws: ``CommandFailure`` with code 1, after every mistake has been printed; 2 where it can't be read.
  static func read(_ file: String?, data: String) throws -> InstallationSettings {
    let path = file ?? "\(data)/\(fileName)"
    if file == nil, !FileManager.default.fileExists(atPath: path) { return InstallationSettings() }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(message: "\(path) can't be read", code: 2)
    }
    let (settings, diagnostics) = read(Array(bytes), file: path)
    guard let settings, diagnostics.isEmpty else {
      for diagnostic in diagnostics { Terminal.complain(diagnostic.rendered(source: Array(bytes))) }
      throw CommandFailure(
        message:
          "\(diagnostics.count) mistake\(diagnostics.count == 1 ? "" : "s") in \(path); nothing was started",
        code: 1)
    }
    return settings
  }

  static func read(_ bytes: [UInt8], file: String) -> (InstallationSettings?, [Diagnostic]) {
    let document = YAMLDocument(bytes, file: file)
    var diagnostics = document.diagnostics
    guard let root = document.root else { return (nil, diagnostics) }
    var settings = InstallationSettings()
    var reader = MappingReader(root, what: "an installation's settings")
    if let node = reader.take("roles") { settings.roles = RoleReader.read(node, &diagnostics) }
    if let node = reader.take("login") { settings.login = LoginReader.read(node, &diagnostics) }
    if let node = reader.take("secrets") {
      settings.credentials.secrets = CredentialReader.secrets(node, &diagnostics)
    }
    if let node = reader.take("vault") {
      settings.credentials.vault = CredentialReader.vault(node, &diagnostics)
    }
    if let node = reader.take("credentials") {
      settings.credentials.times = CredentialReader.times(node, &diagnostics)
    }
    reader.finish()
    diagnostics += reader.diagnostics
    return (diagnostics.isEmpty ? settings : nil, diagnostics)
  }
}

/// Reads `roles`: for each role a list of groups.
enum RoleReader {
  static func read(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> RoleMap {
    var reader = MappingReader(node, what: "'roles'")
    var groups: [Role: [String]] = [:]
    for role in Role.allCases {
      guard let value = reader.take(role.rawValue) else { continue }
      groups[role] = TextList.read(
        value, "'\(role.rawValue)'", of: "groups, as [privacy-officers]", &diagnostics)
    }
    reader.finish()
    diagnostics += reader.diagnostics
    return RoleMap(groups)
  }
}

/// Reads a list of texts that are not empty.
enum TextList {
  static func read(
    _ node: YAMLNode, _ what: String, of expected: String, _ diagnostics: inout [Diagnostic]
  ) -> [String] {
    guard let texts = node.json.strings, !texts.isEmpty, texts.count <= 256,
      texts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 256 })
    else {
      diagnostics.append(
        Diagnostic(
          "wrong-type", at: node.position, "\(what) is no list of texts", expected: "a list of \(expected)"))
      return []
    }
    return texts
  }
}

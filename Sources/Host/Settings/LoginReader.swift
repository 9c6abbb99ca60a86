internal import Foundation
internal import Identity
internal import PipelineModel

/// Reads `login`: with which OpenID provider people log in, and how long its word is taken.
enum LoginReader {
  private static let minute = 60_000
  private static let day = 86_400_000

  static func read(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> LoginSettings? {
    var reader = MappingReader(node, what: "'login'")
    let issuer = reader.requiredText("issuer", "the provider, exactly as its tokens name it in 'iss'")
    let client = reader.requiredText("client-id", "what the provider knows this gateway as")
    if let issuer, !LoginSettings.isIssuer(issuer.text) {
      reader.complain(
        "not-allowed", at: issuer.position, "an issuer is an https address without user, query or fragment",
        expected: "https://…; http is for loopback alone")
    }
    var settings = LoginSettings(issuer: issuer?.text ?? "", clientID: client?.text ?? "")
    if let secret = reader.text("client-secret") { settings.clientSecret = read(secret, &reader) }
    if let claim = reader.text("subject-claim") { settings.subjectClaim = claim.text }
    if let prefix = reader.text("subject-prefix") {
      settings.subjectPrefix = prefix.text
      if !LoginSettings.isSubjectPrefix(prefix.text) {
        reader.complain(
          "not-allowed", at: prefix.position, "'\(Terminal.plain(prefix.text))' is no prefix of subjects",
          expected: "lower-case letters, digits, hyphens and dots, and a colon at the end, as 'care:'")
      }
    }
    if let claim = reader.text("groups-claim") { settings.groupsClaim = claim.text }
    if let list = reader.take("scopes") {
      settings.scopes = TextList.read(list, "'scopes'", of: "scopes, as [openid, groups]", &diagnostics)
      if !settings.scopes.contains("openid") {
        reader.complain(
          "missing-key", at: list.position, "without the scope 'openid' a provider does not say who it is",
          expected: "openid among the scopes")
      }
    }
    if let list = reader.take("required-groups") {
      settings.requiredGroups = TextList.read(
        list, "'required-groups'", of: "groups, as [clinicians]", &diagnostics)
    }
    if let time = reader.milliseconds("key-lifetime", minute...30 * day) {
      settings.keyLifetime = Int64(time / 1000)
    }
    if let time = reader.milliseconds("check-every", 1000...day) { settings.checkEvery = Int64(time / 1000) }
    if let time = reader.milliseconds("without-provider", 1000...day) {
      settings.withoutProvider = Int64(time / 1000)
    }
    settings.authorities = reader.text("ca")?.text
    reader.finish()
    diagnostics += reader.diagnostics
    return issuer == nil || client == nil ? nil : settings
  }

  /// The secret is read when it is needed, so that another one is taken up; the file never holds it itself.
  private static func read(
    _ text: MappingReader.Text, _ reader: inout MappingReader
  ) -> (@Sendable () throws -> String)? {
    if text.text.hasPrefix("file:"), text.text.utf8.count > 5 {
      let path = String(text.text.dropFirst(5))
      return {
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw CommandFailure(message: "the client's secret in \(path) can't be read", code: 2)
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
    if text.text.hasPrefix("env:"), text.text.utf8.count > 4 {
      let name = String(text.text.dropFirst(4))
      return {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
          throw CommandFailure(
            message: "the environment has no \(name), which holds the client's secret", code: 2)
        }
        return value
      }
    }
    reader.complain(
      "not-allowed", at: text.position, "this names no place to read a secret from",
      expected: "env:NAME or file:PATH, never the secret itself", shown: .before)
    return nil
  }
}

/// Reads `upstream`.
struct UpstreamReader {
  /// Nil where there is no address to go to.
  private(set) var upstream: Upstream?
  let diagnostics: [Diagnostic]

  init(_ node: YAMLNode) {
    var reader = MappingReader(node, what: "'upstream'")
    let address = Self.readAddress(&reader)
    let credential = Self.readCredential(&reader)
    let header = Self.readHeader(&reader)
    let authorities = reader.text("ca")
    if header != nil, reader.node.member("credential") == nil, let entry = reader.node.member("header") {
      reader.complain(
        "missing-key", at: entry.keyPosition,
        "'header' says where a credential goes, and there is no 'credential'",
        expected: "credential: secret:NAME, env:NAME or file:PATH")
    }
    reader.finish()
    diagnostics = reader.diagnostics
    guard let address else { return }
    upstream = Upstream(
      scheme: address.scheme, host: address.host, port: address.port, basePath: address.path,
      credential: credential, credentialHeader: header,
      certificateAuthorities: authorities?.text, position: node.position)
  }

  private static func readAddress(_ reader: inout MappingReader) -> UpstreamAddress? {
    let url = reader.requiredText("url", "the provider's address, as https://api.openai.com")
    let allowsPlaintext = reader.bool("allow-plaintext") ?? false
    guard let url else { return nil }
    switch UpstreamAddress.parse(url.text) {
    case .failure(let problem):
      reader.complain(
        "not-allowed", at: url.position, "'url' is no address of a provider: \(problem.message)",
        expected: "https://HOST, with a port or a path where it has one", shown: .before)
      return nil
    case .success(let address):
      if address.scheme == .http, !allowsPlaintext, !address.isLoopback {
        reader.complain(
          "plaintext", at: url.position, "the credential and all text would cross the network unencrypted",
          expected: "https, a loopback address, or 'allow-plaintext: true' beside it")
      }
      return address
    }
  }

  /// The diagnostics say nothing of what was written: it may be the credential itself.
  private static func readCredential(_ reader: inout MappingReader) -> Upstream.Credential? {
    guard let (text, position) = reader.text("credential") else { return nil }
    if text.hasPrefix("env:"), isVariable(text.dropFirst(4)) {
      return .environment(String(text.dropFirst(4)))
    }
    if text.hasPrefix("file:"), text.utf8.count > 5 { return .file(String(text.dropFirst(5))) }
    if text.hasPrefix("secret:"), Upstream.isSecretName(text.dropFirst(7)) {
      return .secret(String(text.dropFirst(7)))
    }
    reader.complain(
      "not-allowed", at: position, "this names no place to read a credential from",
      expected: "secret:NAME, env:NAME or file:PATH, never the credential itself", shown: .before)
    return nil
  }

  /// A name that a shell can set (POSIX.1-2017, 3.235).
  private static func isVariable(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, first < 0x30 || first > 0x39 else { return false }
    return name.utf8.count <= 256
      && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
  }

  /// Fields that say how a message is framed or where it goes; a credential in one of them would break both.
  private static let ownFields: Set<String> = [
    "connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive", "te",
    "trailer", "transfer-encoding", "upgrade",
  ]

  private static func readHeader(_ reader: inout MappingReader) -> String? {
    guard let (text, position) = reader.text("header") else { return nil }
    // A token (RFC 9110, 5.6.2).
    let isToken = text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    guard isToken, text.utf8.count <= 128 else {
      reader.complain(
        "not-allowed", at: position, "this is no name of a header field", expected: "a name, as x-api-key",
        shown: .before)
      return nil
    }
    guard !ownFields.contains(text.lowercased()) else {
      reader.complain(
        "not-allowed", at: position, "'\(text)' is set by the gateway", expected: "a name, as x-api-key")
      return nil
    }
    return text
  }
}

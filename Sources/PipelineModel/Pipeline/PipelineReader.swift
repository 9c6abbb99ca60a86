internal import JSONTree

/// Reads one file's root node into a ``Pipeline``.
struct PipelineReader {
  private let root: YAMLNode
  private(set) var diagnostics: [Diagnostic] = []

  init(_ root: YAMLNode) { self.root = root }

  /// The pipeline; nil where something that it can't be without is wrong. ``diagnostics`` says what.
  mutating func read() -> Pipeline? {
    var reader = MappingReader(root, what: "a pipeline file")
    let name = reader.required("pipeline", "the pipeline's name")
    let listen = reader.required("listen", "the path that clients use, as /openai")
    let host = reader.text("host")
    let protocolName = reader.required("protocol", "one of \(PipelineLoader.protocols.joined(separator: ", "))")
    let upstreamNode = reader.take("upstream")
    let limitsNode = reader.take("limits")
    let evidenceNode = reader.take("evidence")
    let stagesNode = reader.take("stages")
    if let name, !Self.isName(name.text) {
      reader.complain(
        Diagnostic(
          "not-allowed", at: name.position, "'\(name.text)' is no name for a pipeline",
          expected: "lower-case letters, digits and hyphens, at most 64"))
    }
    if let listen, Self.normalised(path: listen.text) == nil {
      reader.complain(
        Diagnostic(
          "not-allowed", at: listen.position, "'\(listen.text)' is no path to listen on",
          expected: "a path of plain segments, as /openai"))
    }
    if let listen, ["/healthz", "/readyz", "/metrics", "/api"].contains(listen.text) {
      reader.complain(Diagnostic("not-allowed", at: listen.position, "'\(listen.text)' is the gateway's own path"))
    }
    if let protocolName, !PipelineLoader.protocols.contains(protocolName.text) {
      reader.complain(
        Diagnostic(
          "not-allowed", at: protocolName.position, "the protocol '\(protocolName.text)' is not known",
          expected: "one of \(PipelineLoader.protocols.joined(separator: ", "))",
          suggestion: nearestName(to: protocolName.text, among: PipelineLoader.protocols)))
    }
    for (key, node) in [("upstream", upstreamNode), ("stages", stagesNode)] where node == nil {
      reader.complain(Diagnostic("missing-key", at: root.position, "'\(key)' is missing"))
    }
    reader.finish()
    diagnostics += reader.diagnostics
    let upstream = upstreamNode.flatMap { readUpstream($0) }
    let limits = limitsNode.map { readLimits($0) } ?? Limits()
    let evidence = evidenceNode.map { readEvidence($0) } ?? EvidencePolicy()
    let stages = stagesNode.map { readStages($0) } ?? []
    if stagesNode != nil { diagnostics += PipelineRules.check(stages: stages, of: root.position) }
    guard let name, let listen, let protocolName, let upstream, let path = Self.normalised(path: listen.text) else {
      return nil
    }
    return Pipeline(
      name: name.text, listen: path, host: host?.text.lowercased(), protocolName: protocolName.text,
      upstream: upstream, limits: limits, evidence: evidence, stages: stages, position: root.position,
      canonical: root.json.canonical)
  }

  private static func isName(_ text: String) -> Bool {
    text.utf8.count <= 64
      && text.utf8.allSatisfy { byte in
        (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "-")
      }
  }

  private static func normalised(path: String) -> String? {
    guard path.hasPrefix("/") else { return nil }
    let segments = path.split(separator: "/")
    for segment in segments {
      guard segment != ".", segment != "..",
        segment.utf8.allSatisfy({ byte in
          (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || "-_.".utf8.contains(byte)
        })
      else { return nil }
    }
    return "/" + segments.joined(separator: "/")
  }

  private mutating func readLimits(_ node: YAMLNode) -> Limits {
    var reader = MappingReader(node, what: "'limits'")
    var limits = Limits()
    limits.request = reader.bytes("request", 1...(1 << 30)) ?? limits.request
    limits.response = reader.bytes("response", 1...(1 << 30)) ?? limits.response
    limits.requestTime = reader.milliseconds("request-time", 100...3_600_000) ?? limits.requestTime
    limits.hold = reader.milliseconds("hold", 0...3_600_000) ?? limits.hold
    limits.responseTime = reader.milliseconds("response-time", 100...3_600_000) ?? limits.responseTime
    limits.streamIdle = reader.milliseconds("stream-idle", 100...3_600_000) ?? limits.streamIdle
    reader.finish()
    diagnostics += reader.diagnostics
    return limits
  }

  private mutating func readEvidence(_ node: YAMLNode) -> EvidencePolicy {
    var reader = MappingReader(node, what: "'evidence'")
    var policy = EvidencePolicy()
    policy.beforeUpstream = reader.choice("before-upstream", EvidencePolicy.Level.self) ?? policy.beforeUpstream
    policy.beforeResponse = reader.choice("before-response", EvidencePolicy.Level.self) ?? policy.beforeResponse
    policy.transcript = reader.choice("transcript", EvidencePolicy.Transcript.self) ?? policy.transcript
    if let originals = reader.text("originals"), originals.text != "none" {
      reader.complain(
        Diagnostic(
          "not-supported", at: originals.position, "this build does not keep originals", expected: "originals: none"))
    }
    reader.finish()
    diagnostics += reader.diagnostics
    return policy
  }

  private mutating func readStages(_ node: YAMLNode) -> [Stage] {
    guard case .sequence(let nodes) = node.content else {
      diagnostics.append(Diagnostic("wrong-type", at: node.position, "'stages' is \(node.kindName)", expected: "a list"))
      return []
    }
    return nodes.compactMap { readStage($0) }
  }

  private mutating func readStage(_ node: YAMLNode) -> Stage? {
    var reader = MappingReader(node, what: "a stage")
    defer {
      reader.finish()
      diagnostics += reader.diagnostics
    }
    guard case .mapping(let entries) = node.content else { return nil }
    let kinds = entries.compactMap { StageKind(rawValue: $0.key) }
    let names = StageKind.allCases.map(\.rawValue)
    let with = reader.take("with")
    let plugin = reader.text("plugin")
    refuseUnsupported(&reader)
    guard kinds.count == 1, let kind = kinds.first else {
      for name in names { _ = reader.take(name) }
      let first = entries.first?.key ?? ""
      reader.complain(
        Diagnostic(
          "unknown-stage", at: node.position, kinds.isEmpty ? "this is no stage" : "this is more than one stage",
          expected: "one of \(names.joined(separator: ", "))", suggestion: nearestName(to: first, among: names)))
      return nil
    }
    guard let filter = reader.text(kind.rawValue) else { return nil }
    return Stage(
      kind: kind, filter: filter.text, plugin: plugin?.text, configuration: with?.json ?? .object([]),
      position: node.position, configurationNode: with)
  }

  /// What the language has and this build does not do is refused, never passed over.
  private func refuseUnsupported(_ reader: inout MappingReader) {
    if let isolation = reader.text("isolation"), isolation.text != "none" {
      reader.complain(
        Diagnostic(
          "not-supported", at: isolation.position, "this build runs plugins in its own process",
          expected: "isolation: none"))
    }
    if let shadow = reader.take("shadow"), shadow.json.bool != false {
      reader.complain(Diagnostic("not-supported", at: shadow.position, "this build has no shadow stages"))
    }
    if let onError = reader.text("on-error"), onError.text != "deny" {
      reader.complain(
        Diagnostic(
          "not-supported", at: onError.position, "this build denies what a stage can't handle", expected: "on-error: deny"))
    }
  }
}

extension PipelineReader {
  private mutating func readUpstream(_ node: YAMLNode) -> Upstream? {
    var reader = MappingReader(node, what: "'upstream'")
    let url = reader.required("url", "the provider's address, as https://api.openai.com")
    let credential = reader.text("credential")
    let header = reader.text("header")
    let authorities = reader.text("ca")
    let allowsPlaintext = reader.bool("allow-plaintext") ?? false
    var reference: Upstream.Credential?
    if let credential {
      reference = Self.credential(credential.text)
      if reference == nil {
        reader.complain(
          Diagnostic(
            "not-allowed", at: credential.position, "this names no place to read a credential from",
            expected: "env:NAME or file:PATH, never the credential itself"))
      }
    }
    var parts: (scheme: Upstream.Scheme, host: String, port: Int, path: String)?
    if let url {
      parts = Self.parse(url: url.text)
      if let parts, parts.scheme == .http, !allowsPlaintext, !Self.isLoopback(parts.host) {
        reader.complain(
          Diagnostic(
            "plaintext", at: url.position, "credential and text would cross the network unencrypted",
            expected: "https, a loopback address, or 'allow-plaintext: true'"))
      }
      if parts == nil {
        reader.complain(
          Diagnostic(
            "not-allowed", at: url.position, "'url' is no address of a provider",
            expected: "https://HOST, with a port or a path where it has one"))
      }
    }
    reader.finish()
    diagnostics += reader.diagnostics
    guard let parts else { return nil }
    return Upstream(
      scheme: parts.scheme, host: parts.host, port: parts.port, basePath: parts.path, credential: reference,
      credentialHeader: header?.text ?? "Authorization", certificateAuthorities: authorities?.text,
      position: node.position)
  }

  private static func credential(_ text: String) -> Upstream.Credential? {
    if text.hasPrefix("env:"), text.utf8.count > 4 { return .environment(String(text.dropFirst(4))) }
    if text.hasPrefix("file:"), text.utf8.count > 5 { return .file(String(text.dropFirst(5))) }
    return nil
  }

  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) })
  }

  private static func parse(url: String) -> (scheme: Upstream.Scheme, host: String, port: Int, path: String)? {
    let scheme: Upstream.Scheme
    var rest: Substring
    if url.hasPrefix("https://") {
      (scheme, rest) = (.https, url.dropFirst(8))
    } else if url.hasPrefix("http://") {
      (scheme, rest) = (.http, url.dropFirst(7))
    } else {
      return nil
    }
    guard !rest.contains(where: { "?#@\\ ".contains($0) }) else { return nil }
    var path = rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? ""
    rest = rest.prefix { $0 != "/" }
    while path.hasSuffix("/") { path.removeLast() }
    var port = scheme == .https ? 443 : 80
    var host = String(rest)
    if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
      host = String(rest[rest.index(after: rest.startIndex)..<close])
      rest = rest[rest.index(after: close)...]
      if rest.hasPrefix(":") {
        guard let number = Int(rest.dropFirst()) else { return nil }
        port = number
      }
    } else if let colon = rest.firstIndex(of: ":") {
      guard let number = Int(rest[rest.index(after: colon)...]) else { return nil }
      (host, port) = (String(rest[..<colon]), number)
    }
    guard !host.isEmpty, (1...65535).contains(port) else { return nil }
    return (scheme, host, port, path)
  }
}

internal import JSONTree

/// Reads one file's root node into a ``Pipeline``.
struct PipelineReader {
  private let root: YAMLNode
  private(set) var diagnostics: [Diagnostic] = []

  init(_ root: YAMLNode) { self.root = root }

  /// The pipeline; nil where something that it can't be without is wrong. ``diagnostics`` says what.
  mutating func read() -> Pipeline? {
    if case .mapping(let entries) = root.content, entries.isEmpty {
      diagnostics = [
        Diagnostic(
          "empty", at: root.position, "there is no pipeline in this file",
          expected: "'pipeline: NAME' and more")
      ]
      return nil
    }
    var reader = MappingReader(root, what: "a pipeline file")
    let name = readName(&reader)
    let listen = readListen(&reader)
    let host = readHost(&reader)
    let protocolName = readProtocol(&reader)
    let upstreamNode = reader.require(
      "upstream", "where requests go, as 'upstream: { url: https://api.openai.com }'")
    let limitsNode = reader.take("limits")
    let evidenceNode = reader.take("evidence")
    let media = reader.choice("media", MediaPolicy.self) ?? .refuse
    let restore = reader.choice("restore", Restoring.self) ?? .none
    let stagesNode = reader.require("stages", "a list of stages, beginning with 'authenticate'")
    reader.finish()
    diagnostics += reader.diagnostics
    let upstream = upstreamNode.flatMap { readUpstream($0) }
    let limits = limitsNode.map { readLimits($0) } ?? Limits()
    let evidence = evidenceNode.map { readEvidence($0) } ?? EvidencePolicy()
    let stages = stagesNode.map { readStages($0) } ?? []
    guard let name, let listen, let protocolName, let upstream else { return nil }
    return Pipeline(
      name: name, listen: listen, host: host, protocolName: protocolName, upstream: upstream, limits: limits,
      evidence: evidence, media: media, restores: restore == .own, stages: stages, position: root.position,
      canonical: root.json.canonical)
  }

  /// Lower-case letters, digits and hyphens, at most 64; no hyphen in front, where a command would take it for
  /// an option.
  static func isName(_ text: String) -> Bool {
    text.utf8.count <= 64 && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
  }

  private func readName(_ reader: inout MappingReader) -> String? {
    guard let (text, position) = reader.requiredText("pipeline", "the pipeline's name") else { return nil }
    if Self.isName(text) { return text }
    reader.complain(
      "not-allowed", at: position, "'\(printable(text))' is no name for a pipeline",
      expected: "lower-case letters, digits and hyphens, at most 64")
    return nil
  }

  /// The gateway's own paths begin with these.
  private static let ownSegments: Set<Substring> = ["healthz", "readyz", "metrics", "api"]

  private func readListen(_ reader: inout MappingReader) -> String? {
    guard let (text, position) = reader.requiredText("listen", "the path that clients use, as /openai") else {
      return nil
    }
    guard let path = Self.normalised(path: text) else {
      reader.complain(
        "not-allowed", at: position, "'\(printable(text))' is no path to listen on",
        expected: "a path of letters, digits, '-', '_' and '.', as /openai")
      return nil
    }
    if let first = path.split(separator: "/").first, Self.ownSegments.contains(first) {
      reader.complain(
        "not-allowed", at: position, "'/\(first)' is the gateway's own", expected: "another path")
      return nil
    }
    return path
  }

  /// With a slash in front and none behind; nil where the path could be read in two ways.
  private static func normalised(path: String) -> String? {
    guard path.hasPrefix("/"), path.utf8.count <= 256 else { return nil }
    let segments = path.split(separator: "/")
    for segment in segments {
      let isPlain = segment.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_.".utf8.contains($0) }
      guard isPlain, segment != ".", segment != ".." else { return nil }
    }
    return "/" + segments.joined(separator: "/")
  }

  private func readHost(_ reader: inout MappingReader) -> String? {
    guard let (text, position) = reader.text("host") else { return nil }
    if HostName.isValid(Substring(text)) { return text.lowercased() }
    reader.complain(
      "not-allowed", at: position, "'\(printable(text))' is no name of a host",
      expected: "the name alone, as gateway.example.com")
    return nil
  }

  private func readProtocol(_ reader: inout MappingReader) -> String? {
    let known = PipelineLoader.protocols
    guard let (text, position) = reader.requiredText("protocol", "one of \(listing(known))") else {
      return nil
    }
    if known.contains(text) || text.hasSuffix(".yaml") { return text }
    reader.complain(
      "not-allowed", at: position, "the protocol '\(printable(text))' is not known",
      expected: "one of \(listing(known)), or a protocol file as ./my-api.yaml",
      suggestion: nearestName(to: text, among: known))
    return nil
  }

  private mutating func readUpstream(_ node: YAMLNode) -> Upstream? {
    let reader = UpstreamReader(node)
    diagnostics += reader.diagnostics
    return reader.upstream
  }

  private mutating func readLimits(_ node: YAMLNode) -> Limits {
    var reader = MappingReader(node, what: "'limits'")
    var limits = Limits()
    limits.request = reader.bytes("request", Limits.sizes) ?? limits.request
    limits.response = reader.bytes("response", Limits.sizes) ?? limits.response
    limits.requestTime = reader.milliseconds("request-time", Limits.durations) ?? limits.requestTime
    limits.hold = reader.milliseconds("hold", 0...Limits.durations.upperBound) ?? limits.hold
    limits.waiting = reader.count("waiting", Limits.waitings) ?? limits.waiting
    limits.responseTime = reader.milliseconds("response-time", Limits.durations) ?? limits.responseTime
    limits.streamIdle = reader.milliseconds("stream-idle", Limits.durations) ?? limits.streamIdle
    reader.finish()
    diagnostics += reader.diagnostics
    return limits
  }

  private mutating func readEvidence(_ node: YAMLNode) -> EvidencePolicy {
    var reader = MappingReader(node, what: "'evidence'")
    var policy = EvidencePolicy()
    policy.beforeUpstream =
      reader.choice("before-upstream", EvidencePolicy.Level.self) ?? policy.beforeUpstream
    policy.beforeResponse =
      reader.choice("before-response", EvidencePolicy.Level.self) ?? policy.beforeResponse
    policy.transcript = reader.choice("transcript", EvidencePolicy.Transcript.self) ?? policy.transcript
    policy.originals = reader.choice("originals", EvidencePolicy.Originals.self) ?? policy.originals
    policy.recipients = RecipientReader.read(&reader, isSealed: policy.originals == .sealed)
    reader.finish()
    diagnostics += reader.diagnostics
    return policy
  }

  private mutating func readStages(_ node: YAMLNode) -> [Stage] {
    let reader = StageReader(node)
    diagnostics += reader.diagnostics
    if case .sequence = node.content { diagnostics += PipelineRules.check(reader.steps, of: node.position) }
    return reader.stages
  }
}

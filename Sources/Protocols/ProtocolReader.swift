internal import Payload
internal import PipelineModel

/// Reads one protocol file, and finds all that is wrong with it at once.
struct ProtocolReader {
  private(set) var diagnostics: [Diagnostic] = []
  private var tables: [String: RuleTable] = [:]

  /// The protocol; nil where something that it can't be without is wrong. ``diagnostics`` says what.
  mutating func read(_ root: YAMLNode) -> ProtocolDescription? {
    var reader = MappingReader(root, what: "a protocol file")
    let name = reader.requiredText("protocol", "the protocol's name")
    _ = reader.text("summary")
    let errors = reader.choice("errors", ErrorShape.self) ?? .problem
    let credential = reader.text("credential")?.text ?? "Authorization"
    let rules = reader.require("rules", "tables of rules, each a mapping of JSON Pointers")
    let endpoints = reader.require("endpoints", "a list of endpoints, each as '- post: /v1/PATH'")
    reader.finish()
    diagnostics += reader.diagnostics
    if let rules { readTables(rules) }
    let read = endpoints.map { list($0, "'endpoints'").compactMap { readEndpoint($0) } } ?? []
    guard let name, diagnostics.isEmpty else { return nil }
    return ProtocolDescription(name: name.text, errors: errors, credential: credential, endpoints: read)
  }

  mutating func complain(_ code: String, at node: YAMLNode, _ message: String, expected: String) {
    diagnostics.append(Diagnostic(code, at: node.position, message, expected: expected))
  }

  private mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
    if case .sequence(let nodes) = node.content, !nodes.isEmpty { return nodes }
    complain("wrong-type", at: node, "\(what) is no list, or an empty one", expected: "a list")
    return []
  }

  private mutating func members(_ node: YAMLNode, _ what: String) -> [YAMLNode.Entry] {
    if case .mapping(let entries) = node.content { return entries }
    complain("wrong-type", at: node, "\(what) is no mapping", expected: "a mapping")
    return []
  }

  private func text(_ node: YAMLNode) -> String? {
    if case .scalar(let text, _) = node.content { return text }
    return nil
  }

  private mutating func readTables(_ node: YAMLNode) {
    for entry in members(node, "'rules'") {
      var rules: [(pattern: String, treatment: Treatment)] = []
      var reasons: [String] = []
      for rule in members(entry.value, "'\(entry.key)'") {
        guard rule.key.hasPrefix("/") else {
          diagnostics.append(
            Diagnostic(
              "not-allowed", at: rule.keyPosition, "this is no JSON Pointer",
              expected: "a pointer as /messages/*/content"))
          continue
        }
        if let treatment = treatment(rule.value, &reasons) { rules.append((rule.key, treatment)) }
      }
      tables[entry.key] = RuleTable(rules, reasons: reasons)
    }
  }

  private mutating func treatment(_ node: YAMLNode, _ reasons: inout [String]) -> Treatment? {
    if let word = text(node), let treatment = TreatmentWord.treatment(word) { return treatment }
    if let reason = node.member("forbidden").flatMap({ text($0.value) }), reasons.count < Int(UInt16.max) {
      reasons.append(reason)
      return .forbidden(reason: UInt16(reasons.count - 1))
    }
    let words = TreatmentWord.all
    diagnostics.append(
      Diagnostic(
        "not-allowed", at: node.position, "this is nothing that can be done with a value",
        expected: "one of \(words.joined(separator: ", "))",
        suggestion: text(node).flatMap { nearestName(to: $0, among: words) }))
    return nil
  }

  private mutating func table(_ node: YAMLNode) -> RuleTable {
    let name = text(node) ?? ""
    if let table = tables[name] { return table }
    diagnostics.append(
      Diagnostic(
        "not-allowed", at: node.position, "there are no rules of this name",
        expected: "one of \(tables.keys.sorted().joined(separator: ", "))",
        suggestion: nearestName(to: name, among: tables.keys.sorted())))
    return RuleTable.empty
  }
}

extension ProtocolReader {
  private static let methods = ["get", "post", "put", "patch", "delete", "head"]

  private mutating func readEndpoint(_ node: YAMLNode) -> Endpoint? {
    var reader = MappingReader(node, what: "an endpoint")
    var found: (method: String, path: PathPattern)?
    for method in Self.methods {
      guard let (text, position) = reader.text(method) else { continue }
      guard let pattern = PathPattern(text), found == nil else {
        reader.complain(
          "not-allowed", at: position, "this is no path, or the endpoint has two",
          expected: "one path, as /v1/models/*")
        continue
      }
      found = (method.uppercased(), pattern)
    }
    if found == nil {
      reader.complain(
        "missing-key", at: node.position, "the endpoint has no method and path",
        expected: "one of \(Self.methods.joined(separator: ", "))")
    }
    let query = reader.take("query").map { readQuery($0) } ?? QueryRules()
    let parts = takeForm(&reader)
    let instead = reader.take("instead")
    reader.finish()
    diagnostics += reader.diagnostics
    var forms: [Endpoint.Form] = []
    if let instead {
      for alternative in list(instead, "'instead'") {
        var reader = MappingReader(alternative, what: "an alternative")
        let member = reader.requiredText("when", "the member that tells this form")
        let without = reader.text("without")
        let parts = takeForm(&reader)
        reader.finish()
        diagnostics += reader.diagnostics
        forms.append(form(parts, member: member?.text ?? "", without: without?.text))
      }
    }
    forms.append(form(parts, member: nil))
    return found.map { Endpoint(method: $0.method, path: $0.path, query: query, forms: forms) }
  }

  private mutating func readQuery(_ node: YAMLNode) -> QueryRules {
    var parameters: [String: QueryRules.Value] = [:]
    for entry in members(node, "'query'") {
      switch entry.value.content {
      case .scalar("token", _): parameters[entry.key] = .token
      case .scalar("version", _): parameters[entry.key] = .version
      case .sequence(let nodes): parameters[entry.key] = .oneOf(nodes.compactMap { text($0) })
      case .mapping where entry.value.member("must") != nil:
        let values = entry.value.member("must").map { list($0.value, "'must'") } ?? []
        parameters[entry.key] = .must(values.compactMap { text($0) })
      default:
        complain(
          "not-allowed", at: entry.value, "this says nothing about a parameter's value",
          expected: "token, version, a list of values, or { must: [VALUE] }")
      }
    }
    return QueryRules(parameters)
  }

  private typealias FormParts = (
    request: YAMLNode?, body: YAMLNode?, response: YAMLNode?, stream: YAMLNode?, stripped: YAMLNode?
  )

  private func takeForm(_ reader: inout MappingReader) -> FormParts {
    (
      reader.take("request"), reader.take("body"), reader.require("response", "the rules of its answer"),
      reader.take("stream"), reader.take("stripped")
    )
  }

  private mutating func form(
    _ parts: FormParts, member: String?, without: String? = nil
  ) -> Endpoint.Form {
    var request: Body?
    if let node = parts.request { request = .json(table(node)) }
    if let node = parts.body {
      switch (text(node), request) {
      case ("multipart", nil): request = .multipart
      case ("optional", .json(let rules)): request = .optional(rules)
      default:
        complain(
          "not-allowed", at: node, "this is no kind of body, or does not go with 'request'",
          expected: "'body: multipart' without 'request', or 'body: optional' with it")
      }
    }
    return Endpoint.Form(
      member: member, without: without, request: request,
      response: parts.response.map { table($0) } ?? .empty,
      stream: parts.stream.map { stream($0) }, stripped: parts.stripped.flatMap { json($0) })
  }

  private mutating func json(_ node: YAMLNode) -> [UInt8]? {
    let bytes = Array((text(node) ?? "").utf8)
    var walker = JSONWalker()
    var walked = WalkedBody()
    do { try walker.walk(bytes.span, rules: .empty, into: &walked) } catch {
      complain(
        "not-allowed", at: node, "this is no JSON", expected: "what takes the place of a part, as JSON")
      return nil
    }
    return bytes
  }

  private mutating func stream(_ node: YAMLNode) -> StreamRules {
    if case .scalar = node.content { return StreamRules(otherwise: table(node)) }
    var reader = MappingReader(node, what: "'stream'")
    let discriminator = reader.requiredText("by", "the member that names an event's kind")
    let events = reader.require("events", "rules by an event's kind")
    let otherwise = reader.require("otherwise", "the rules of an event of another kind")
    let sequence = reader.text("sequence")
    reader.finish()
    diagnostics += reader.diagnostics
    var kinds: [StreamRules.Kind] = []
    for entry in events.map({ members($0, "'events'") }) ?? [] {
      guard case .mapping = entry.value.content else {
        kinds.append(
          StreamRules.Kind(name: entry.key, rules: table(entry.value), endsChannels: false, isLast: false))
        continue
      }
      var reader = MappingReader(entry.value, what: "an event's kind")
      let rules = reader.require("rules", "the rules of such an event")
      let ends = reader.bool("ends") ?? false
      let last = reader.bool("last") ?? false
      reader.finish()
      diagnostics += reader.diagnostics
      kinds.append(
        StreamRules.Kind(
          name: entry.key, rules: rules.map { table($0) } ?? .empty, endsChannels: ends, isLast: last))
    }
    return StreamRules(
      discriminator: discriminator?.text, kinds: kinds, otherwise: otherwise.map { table($0) } ?? .empty,
      sequence: sequence?.text)
  }
}

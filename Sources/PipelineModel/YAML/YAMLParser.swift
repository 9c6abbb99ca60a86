internal import CYAML

/// Reads one YAML document into nodes, with libyaml, keeping where everything stands.
///
/// Refused with a reason: anchors, aliases and tags (a small file could unfold into a huge one, or make a value
/// something that it does not look like), several documents, a key twice, keys that are not plain text, and
/// what passes a limit.
@safe final class YAMLParser {
  static let maximumBytes = 1 << 20
  static let maximumDepth = 64
  static let maximumNodes = 100_000

  private let file: String
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var nodes = 0

  /// - Returns: the document's root; a mapping without members where the file is empty.
  static func parse(_ bytes: [UInt8], file: String) throws(Diagnostic) -> YAMLNode {
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard bytes.count <= maximumBytes else {
      throw Diagnostic("file-too-large", at: start, "the file is larger than 1 MiB")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Diagnostic("invalid-utf8", at: start, "the file is not valid UTF-8")
    }
    guard let parser = YAMLParser(file: file) else {
      throw Diagnostic("out-of-memory", at: start, "the YAML parser could not be made")
    }
    var result: Result<YAMLNode, Diagnostic>?
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe yaml_parser_set_input_string(parser.parser, buffer.baseAddress, buffer.count)
      do throws(Diagnostic) { result = .success(try parser.stream()) } catch { result = .failure(error) }
    }
    guard let result else { throw Diagnostic("internal", at: start, "the YAML parser did not run") }
    return try result.get()
  }

  private init?(file: String) {
    self.file = file
    unsafe parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      return nil
    }
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
  }

  /// One event of the parser, taken out of C.
  private struct Event {
    enum Kind { case begin, end, document, documentEnd, scalar, sequence, sequenceEnd, mapping, mappingEnd, alias }
    var kind: Kind
    var text = ""
    var isPlain = false
    var hasAnchor = false
    var tag: String?
    var position: SourcePosition
  }

  private func next() throws(Diagnostic) -> Event {
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else {
      let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it can't be read"
      let mark = unsafe parser.pointee.problem_mark
      throw Diagnostic(
        "yaml-syntax",
        at: SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1),
        "this is not valid YAML: \(problem)")
    }
    defer { unsafe yaml_event_delete(&raw) }
    let mark = unsafe raw.start_mark
    var event = Event(
      kind: .end, position: SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1))
    switch unsafe raw.type {
    case YAML_STREAM_START_EVENT: event.kind = .begin
    case YAML_STREAM_END_EVENT: event.kind = .end
    case YAML_DOCUMENT_START_EVENT: event.kind = .document
    case YAML_DOCUMENT_END_EVENT: event.kind = .documentEnd
    case YAML_ALIAS_EVENT: event.kind = .alias
    case YAML_SCALAR_EVENT:
      let scalar = unsafe raw.data.scalar
      event.kind = .scalar
      event.text = unsafe String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length)), as: UTF8.self)
      event.isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      event.hasAnchor = unsafe scalar.anchor != nil
      event.tag = unsafe Self.text(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      event.kind = .sequence
      event.hasAnchor = unsafe raw.data.sequence_start.anchor != nil
      event.tag = unsafe Self.text(raw.data.sequence_start.tag)
    case YAML_SEQUENCE_END_EVENT: event.kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      event.kind = .mapping
      event.hasAnchor = unsafe raw.data.mapping_start.anchor != nil
      event.tag = unsafe Self.text(raw.data.mapping_start.tag)
    case YAML_MAPPING_END_EVENT: event.kind = .mappingEnd
    default: break
    }
    return event
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe String(decodingCString: pointer, as: UTF8.self)
  }

  private func stream() throws(Diagnostic) -> YAMLNode {
    _ = try next()
    let first = try next()
    guard first.kind == .document else {
      return YAMLNode(content: .mapping([]), position: first.position)
    }
    let root = try node(try next(), depth: 0)
    _ = try next()
    let after = try next()
    guard after.kind == .end else {
      throw Diagnostic("several-documents", at: after.position, "a file holds one pipeline: a second document begins here")
    }
    return root
  }

  private func node(_ event: Event, depth: Int) throws(Diagnostic) -> YAMLNode {
    nodes += 1
    guard depth < Self.maximumDepth, nodes <= Self.maximumNodes else {
      throw Diagnostic("too-large", at: event.position, "the file is nested too deep or has too many values")
    }
    guard event.kind != .alias, !event.hasAnchor else {
      throw Diagnostic(
        "anchor", at: event.position, "anchors and aliases (& and *) are not accepted", expected: "the value itself")
    }
    if let tag = event.tag, tag != "!" {
      throw Diagnostic("tag", at: event.position, "tags are not accepted", expected: "the value without \(tag)")
    }
    switch event.kind {
    case .scalar:
      return YAMLNode(content: .scalar(text: event.text, isPlain: event.isPlain), position: event.position)
    case .sequence:
      var elements: [YAMLNode] = []
      while true {
        let next = try next()
        if next.kind == .sequenceEnd { return YAMLNode(content: .sequence(elements), position: event.position) }
        elements.append(try node(next, depth: depth + 1))
      }
    case .mapping: return try mapping(event, depth: depth)
    default: throw Diagnostic("yaml-syntax", at: event.position, "a value is missing here")
    }
  }

  private func mapping(_ event: Event, depth: Int) throws(Diagnostic) -> YAMLNode {
    var entries: [YAMLNode.Entry] = []
    var seen: Set<String> = []
    while true {
      let key = try next()
      if key.kind == .mappingEnd { return YAMLNode(content: .mapping(entries), position: event.position) }
      guard key.kind == .scalar, !key.hasAnchor, key.tag == nil || key.tag == "!" else {
        throw Diagnostic("key", at: key.position, "a key is plain text here")
      }
      guard key.text != "<<" else {
        throw Diagnostic("anchor", at: key.position, "merge keys (<<) are not accepted", expected: "the keys themselves")
      }
      guard seen.insert(key.text).inserted else {
        throw Diagnostic("duplicate-key", at: key.position, "'\(key.text)' stands here twice")
      }
      let value = try node(try next(), depth: depth + 1)
      entries.append(YAMLNode.Entry(key: key.text, keyPosition: key.position, value: value))
    }
  }
}

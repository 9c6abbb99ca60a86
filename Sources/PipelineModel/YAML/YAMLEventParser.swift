internal import CYAML

/// One event of a YAML text, taken out of C.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd, alias, scalar, sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
  }

  var kind: Kind
  var text = ""
  var isPlain = false
  var hasAnchor = false
  var tag: String?
  var position: SourcePosition
}

/// Owns libyaml's parser, and the bytes that it reads. One thread at a time.
@safe final class YAMLEventParser {
  private let file: String
  private let bytes: [UInt8]
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// libyaml reads from here until it is done: the array's own storage may move.
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// - Throws: where there is no memory for it.
  init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      throw Diagnostic(
        "out-of-memory", at: SourcePosition(file: file, line: 1, column: 1),
        "there is no memory to read it in")
    }
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = unsafe input.initialize(from: bytes)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    self.file = file
    self.bytes = bytes
    unsafe self.parser = unsafe parser
    unsafe self.input = unsafe input
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event. Not to be called again after it threw.
  func next() throws(Diagnostic) -> YAMLEvent {
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&raw) }
    var event = unsafe YAMLEvent(kind: .streamEnd, position: position(raw.start_mark))
    switch unsafe raw.type {
    case YAML_STREAM_START_EVENT: event.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: event.kind = .documentStart
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
      event.kind = .sequenceStart
      event.hasAnchor = unsafe raw.data.sequence_start.anchor != nil
      event.tag = unsafe Self.text(raw.data.sequence_start.tag)
    case YAML_SEQUENCE_END_EVENT: event.kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      event.kind = .mappingStart
      event.hasAnchor = unsafe raw.data.mapping_start.anchor != nil
      event.tag = unsafe Self.text(raw.data.mapping_start.tag)
    case YAML_MAPPING_END_EVENT: event.kind = .mappingEnd
    default: break
    }
    return event
  }

  private func position(_ mark: yaml_mark_t) -> SourcePosition {
    SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func failure() -> Diagnostic {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it can't be read"
    // The reader, which looks at bytes before there are tokens, knows an offset alone.
    let place =
      unsafe parser.pointee.error == YAML_READER_ERROR
      ? SourcePosition(inText: bytes, at: Int(unsafe parser.pointee.problem_offset), file: file)
      : position(unsafe parser.pointee.problem_mark)
    return Diagnostic("yaml-syntax", at: place, "this is not valid YAML: \(problem)")
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe String(decodingCString: pointer, as: UTF8.self)
  }
}

extension SourcePosition {
  /// The place of a byte in a text.
  init(inText bytes: [UInt8], at offset: Int, file: String) {
    let before = bytes.prefix(max(0, offset))
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    self.init(
      file: file, line: before.count { $0 == UInt8(ascii: "\n") } + 1,
      // Bytes that continue a character (RFC 3629, 3) are not counted.
      column: before[start...].count { $0 & 0xC0 != 0x80 } + 1)
  }
}

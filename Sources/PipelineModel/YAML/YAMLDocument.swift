/// A YAML text as nodes, each with its place, and all that was refused in it.
///
/// Refused with a reason: anchors, aliases and merge keys (a small file could unfold into a huge one), tags other
/// than those that say what a value is anyway, several documents, a key twice, keys that are not text, and what
/// passes a limit.
public struct YAMLDocument: Sendable {
  /// The largest text, in bytes.
  public static let maximumBytes = 1 << 20
  /// How deep lists and mappings may be nested.
  public static let maximumDepth = 64
  /// How many values there may be.
  public static let maximumNodes = 100_000

  /// Nil where the text can't be read at all.
  public let root: YAMLNode?
  /// In the order of their places; at most one of syntax, the last.
  public let diagnostics: [Diagnostic]

  /// Reads a text.
  /// - Parameter file: its name, for positions.
  public init(_ bytes: [UInt8], file: String) {
    var composer: YAMLComposer?
    do throws(Diagnostic) {
      try Self.checkBytes(bytes, file: file)
      composer = YAMLComposer(try YAMLEventParser(bytes, file: file))
      root = try composer?.document()
      diagnostics = composer?.diagnostics ?? []
    } catch {
      root = nil
      diagnostics = (composer?.diagnostics ?? []) + [error]
    }
  }

  private static func checkBytes(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    guard bytes.count <= maximumBytes else {
      throw Diagnostic(
        "file-too-large", at: SourcePosition(file: file, line: 1, column: 1), "the file is larger than 1 MiB")
    }
    if String(validating: bytes, as: UTF8.self) == nil {
      throw Diagnostic(
        "invalid-utf8", at: SourcePosition(inText: bytes, at: validPrefix(bytes), file: file),
        "the file is not valid UTF-8 from here on")
    }
  }

  /// How many bytes from the start are whole, valid characters.
  private static func validPrefix(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var valid = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid += UTF8.width(scalar) }
    return valid
  }
}

/// Makes nodes of events, and goes on after what it refuses, so that everything is found at once.
private struct YAMLComposer {
  private let parser: YAMLEventParser
  private(set) var diagnostics: [Diagnostic] = []
  private var nodes = 0

  init(_ parser: YAMLEventParser) { self.parser = parser }

  /// The one document; a mapping without members where the text is empty.
  mutating func document() throws(Diagnostic) -> YAMLNode {
    _ = try parser.next()
    let first = try parser.next()
    guard first.kind == .documentStart else {
      return YAMLNode(content: .mapping([]), position: first.position)
    }
    let root = try node(try parser.next(), depth: 0)
    _ = try parser.next()
    let after = try parser.next()
    if after.kind != .streamEnd {
      diagnostics.append(
        Diagnostic(
          "several-documents", at: after.position, "a second document begins here: a file holds one pipeline")
      )
    }
    return root
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(Diagnostic) -> YAMLNode {
    nodes += 1
    guard nodes <= YAMLDocument.maximumNodes else {
      throw Diagnostic("too-many-values", at: event.position, "there are more than 100,000 values up to here")
    }
    guard depth < YAMLDocument.maximumDepth else {
      throw Diagnostic("too-deep", at: event.position, "lists and mappings are nested more than 64 deep here")
    }
    refuse(event)
    switch event.kind {
    case .scalar:
      let isText = !event.isPlain || event.tag == YAMLTag.text
      return YAMLNode(content: .scalar(text: event.text, isPlain: !isText), position: event.position)
    case .sequenceStart:
      var elements: [YAMLNode] = []
      while true {
        let next = try parser.next()
        if next.kind == .sequenceEnd {
          return YAMLNode(content: .sequence(elements), position: event.position)
        }
        elements.append(try node(next, depth: depth + 1))
      }
    case .mappingStart: return try mapping(event, depth: depth)
    default: return YAMLNode(content: .refused, position: event.position)
    }
  }

  private mutating func mapping(_ event: YAMLEvent, depth: Int) throws(Diagnostic) -> YAMLNode {
    var entries: [YAMLNode.Entry] = []
    var seen: [String: SourcePosition] = [:]
    while true {
      let key = try parser.next()
      if key.kind == .mappingEnd {
        return YAMLNode(content: .mapping(entries), position: event.position)
      }
      _ = try node(key, depth: depth + 1)
      let value = try node(try parser.next(), depth: depth + 1)
      guard key.kind == .scalar else {
        diagnostics.append(
          Diagnostic("key", at: key.position, "this is no key", expected: "text before the colon"))
        continue
      }
      if key.text == "<<", key.isPlain {
        diagnostics.append(
          Diagnostic(
            "anchor", at: key.position, "merge keys (<<) are not accepted", expected: "the members themselves"
          ))
      } else if let earlier = seen.updateValue(key.position, forKey: key.text) {
        diagnostics.append(
          Diagnostic(
            "duplicate-key", at: key.position,
            "'\(printable(key.text))' stands here for the second time, after line \(earlier.line)",
            shown: .key))
      } else {
        entries.append(YAMLNode.Entry(key: key.text, keyPosition: key.position, value: value))
      }
    }
  }

  /// Complains about what makes a value something other than what it looks like.
  private mutating func refuse(_ event: YAMLEvent) {
    if event.kind == .alias || event.hasAnchor {
      diagnostics.append(
        Diagnostic(
          "anchor", at: event.position, "anchors and aliases (& and *) are not accepted",
          expected: "the value itself"))
    }
    if let tag = event.tag, !YAMLTag.isHarmless(tag, for: event.kind) {
      diagnostics.append(
        Diagnostic(
          "tag", at: event.position, "the tag '\(printable(tag))' is not accepted",
          expected: "the value without a tag"))
    }
  }
}

/// The tags that change nothing, or make text of what is not quoted (YAML 1.2.2, 10.1).
private enum YAMLTag {
  static let text = "tag:yaml.org,2002:str"

  static func isHarmless(_ tag: String, for kind: YAMLEvent.Kind) -> Bool {
    switch kind {
    case .scalar: tag == text || tag == "!"
    case .sequenceStart: tag == "tag:yaml.org,2002:seq"
    case .mappingStart: tag == "tag:yaml.org,2002:map"
    default: false
    }
  }
}

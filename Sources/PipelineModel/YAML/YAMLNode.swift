public import JSONTree

/// A value of a YAML document, with where it stands.
public struct YAMLNode: Sendable {
  public enum Content: Sendable {
    /// `isPlain`: written without quotes, so that its type is to be guessed from its text.
    case scalar(text: String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  /// One member of a mapping.
  public struct Entry: Sendable {
    public let key: String
    public let keyPosition: SourcePosition
    public let value: YAMLNode
  }

  public let content: Content
  public let position: SourcePosition

  /// The value of a mapping's member.
  public func member(_ key: String) -> Entry? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }
  }

  /// What kind of value it is, for messages.
  var kindName: String {
    switch content {
    case .scalar: "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// As JSON, by YAML 1.2's core schema: plain `true`, `false`, `null` and numbers are what they look like;
  /// everything else, `no`, `on` and `12:30` included, is text.
  public var json: JSONValue {
    switch content {
    case .scalar(let text, let isPlain): isPlain ? Self.plain(text) : .string(text)
    case .sequence(let nodes): .array(nodes.map(\.json))
    case .mapping(let entries): .object(entries.map { (name: $0.key, value: $0.value.json) })
    }
  }

  private static func plain(_ text: String) -> JSONValue {
    switch text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case "", "~", "null", "Null", "NULL": return .null
    default: break
    }
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first),
      text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), let number = Double(text), number.isFinite
    else { return .string(text) }
    return .number(number)
  }

  /// Where the value at a JSON Pointer (RFC 6901) below this node stands; the nearest place above it where
  /// there is none.
  public func position(of pointer: String) -> SourcePosition {
    var node = self
    for token in pointer.split(separator: "/") {
      let name = token.replacing("~1", with: "/").replacing("~0", with: "~")
      switch node.content {
      case .mapping(let entries):
        guard let entry = entries.first(where: { $0.key == name }) else { return node.position }
        node = entry.value
      case .sequence(let nodes):
        guard let index = Int(name), nodes.indices.contains(index) else { return node.position }
        node = nodes[index]
      case .scalar: return node.position
      }
    }
    return node.position
  }

  /// Where the key of the member at a pointer stands, rather than its value.
  public func keyPosition(of pointer: String) -> SourcePosition {
    guard let slash = pointer.lastIndex(of: "/") else { return position }
    var node = self
    for token in pointer[..<slash].split(separator: "/") {
      let name = token.replacing("~1", with: "/").replacing("~0", with: "~")
      switch node.content {
      case .mapping(let entries): node = entries.first { $0.key == name }?.value ?? node
      case .sequence(let nodes): node = Int(name).flatMap { nodes.indices.contains($0) ? nodes[$0] : nil } ?? node
      case .scalar: return node.position
      }
    }
    let name = String(pointer[pointer.index(after: slash)...].replacing("~1", with: "/").replacing("~0", with: "~"))
    return node.member(name)?.keyPosition ?? position(of: pointer)
  }
}

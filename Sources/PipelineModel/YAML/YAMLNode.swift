public import JSONTree

/// A value of a YAML document, with where it stands.
public struct YAMLNode: Sendable {
  public enum Content: Sendable {
    /// `isPlain`: written without quotes, so that its type is to be guessed from its text.
    case scalar(text: String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
    /// Something that was refused, and complained about, while the file was read.
    case refused
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
    case .scalar(let text, let isPlain): isPlain && text.isEmpty ? "empty" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .refused: "something that is not accepted"
    }
  }

  /// As JSON, by YAML 1.2's core schema: plain `true`, `false`, `null` and decimal numbers are what they look
  /// like; everything else is text. That holds for what YAML 1.1 reads otherwise (`no`, `on`, `12:30`,
  /// `2024-01-02`), and for numbers that would not come out as they were written: those with leading zeros, and
  /// whole ones beyond ±(2⁵³ − 1).
  public var json: JSONValue {
    switch content {
    case .scalar(let text, let isPlain): isPlain ? PlainScalar.json(text) : .string(text)
    case .sequence(let nodes): .array(nodes.map(\.json))
    case .mapping(let entries): .object(entries.map { (name: $0.key, value: $0.value.json) })
    case .refused: .null
    }
  }
}

/// What unquoted text means.
enum PlainScalar {
  static func json(_ text: String) -> JSONValue {
    switch text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case "", "~", "null", "Null", "NULL": return .null
    default: return number(text).map { .number($0) } ?? .string(text)
    }
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` (YAML 1.2.2, 10.3.2), less what the
  /// comment of ``YAMLNode/json`` names.
  private static func number(_ text: String) -> Double? {
    var rest = Substring(text).utf8
    func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    func takeDigits() -> Int {
      let digits = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(digits)
      return digits
    }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    if whole > 1, startsWithZero { return nil }
    var isWhole = true
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      isWhole = false
      if takeDigits() == 0, whole == 0 { return nil }
    } else if whole == 0 {
      return nil
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      isWhole = false
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      if takeDigits() == 0 { return nil }
    }
    let spelled = text.hasSuffix(".") ? text + "0" : text
    guard rest.isEmpty, let number = Double(spelled), number.isFinite else { return nil }
    return isWhole && number.magnitude > 9_007_199_254_740_991 ? nil : number
  }

  /// What YAML 1.1 reads as a truth value and this language does not; nil for any other text.
  static func oldBool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "yes", "on", "y": true
    case "no", "off", "n": false
    default: nil
    }
  }
}

/// Steps over the values of a JSON text that a walk has found valid.
enum JSONSkipper {
  static func space(_ json: Span<UInt8>, _ position: inout Int) {
    while position < json.count, json[position] <= 0x20 { position += 1 }
  }

  /// Steps over a value that begins at `position`.
  static func value(_ json: Span<UInt8>, _ position: inout Int) {
    var depth = 0
    while position < json.count {
      switch json[position] {
      case UInt8(ascii: "\""): string(json, &position)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"), 0...0x20:
        if depth == 0 { return }
        position += 1
        continue
      default:
        position += 1
        if depth == 0, position < json.count, !endsWord(json[position]) { continue }
      }
      if depth == 0 { return }
    }
  }

  /// Steps over an array's element and the comma behind it.
  static func element(_ json: Span<UInt8>, _ position: inout Int) {
    space(json, &position)
    value(json, &position)
    space(json, &position)
    if position < json.count, json[position] == UInt8(ascii: ",") { position += 1 }
  }

  /// Whether the object at the top of a JSON text has a member of that name.
  static func hasTopMember(_ name: [UInt8], of json: Span<UInt8>) -> Bool {
    topValue(name, of: json) != nil
  }

  /// The inside of the string that is the value of a member at the top of a JSON text; nil where there is none.
  /// The text need not be valid: then anything may come out, and a walk will refuse it.
  static func topMember(_ name: [UInt8], of json: Span<UInt8>) -> Range<Int>? {
    guard let value = topValue(name, of: json), value.count >= 2, json[value.lowerBound] == UInt8(ascii: "\"")
    else { return nil }
    return value.lowerBound + 1..<value.upperBound - 1
  }

  /// Whether a name at the top of a JSON text, or the string behind the name that is asked for, has an escape.
  static func hasEscapes(_ name: [UInt8], of json: Span<UInt8>) -> Bool {
    if let word = topMember(name, of: json) {
      for index in word where json[index] == UInt8(ascii: "\\") { return true }
      return false
    }
    var position = 0
    space(json, &position)
    guard position < json.count, json[position] == UInt8(ascii: "{") else { return false }
    position += 1
    while position < json.count {
      space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: "\"") else { return false }
      let start = position
      string(json, &position)
      for index in start..<min(position, json.count) where json[index] == UInt8(ascii: "\\") { return true }
      space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: ":") else { return false }
      position += 1
      space(json, &position)
      value(json, &position)
      space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: ",") else { return false }
      position += 1
    }
    return false
  }

  static func topValue(_ name: [UInt8], of json: Span<UInt8>) -> Range<Int>? {
    var position = 0
    space(json, &position)
    guard position < json.count, json[position] == UInt8(ascii: "{") else { return nil }
    position += 1
    while true {
      space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: "\"") else { return nil }
      let start = position + 1
      string(json, &position)
      let key = start..<max(start, min(position - 1, json.count))
      space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: ":") else { return nil }
      position += 1
      space(json, &position)
      let first = position
      value(json, &position)
      if json.extracting(key).isEqual(to: name) { return first..<min(position, json.count) }
      space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: ",") else { return nil }
      position += 1
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
  }

  private static func string(_ json: Span<UInt8>, _ position: inout Int) {
    position += 1
    while position < json.count {
      switch json[position] {
      case UInt8(ascii: "\\"): position += 2
      case UInt8(ascii: "\""):
        position += 1
        return
      default: position += 1
      }
    }
  }
}

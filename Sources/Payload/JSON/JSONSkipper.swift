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

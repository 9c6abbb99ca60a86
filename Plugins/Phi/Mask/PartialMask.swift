/// Keeps the last characters of a value and hides the rest.
enum PartialMask {
  /// Values with fewer letters and digits than this are hidden whole, by as many stars whatever their length.
  static let shortest = 6

  /// Letters and digits become stars, but for the last `keepLast` of them and never more than a third; what stands
  /// between them stays.
  static func append(_ value: Span<UInt8>, keepLast: Int, to output: inout [UInt8]) {
    var characters = 0
    for index in value.indices where isCharacter(value[index]) { characters += 1 }
    guard characters >= shortest else {
      for _ in 0..<3 { output.append(UInt8(ascii: "*")) }
      return
    }
    let hidden = characters - min(keepLast, characters / 3)
    var seen = 0
    for index in value.indices {
      let byte = value[index]
      if isCharacter(byte) { seen += 1 }
      if seen > hidden || byte < 0x80 && !isCharacter(byte) {
        output.append(byte)
      } else if isCharacter(byte) {
        output.append(UInt8(ascii: "*"))
      }
    }
  }

  /// The first byte of a letter or a digit. All beyond ASCII counts as letters.
  private static func isCharacter(_ byte: UInt8) -> Bool {
    byte >= 0xC0 || (byte >= 0x30 && byte <= 0x39)
      || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A && byte < 0x80)
  }
}

internal import FilterKit

/// What stands in for a value: `[NAME_K7Q2MT]`, the kind and six letters of the value's fingerprint.
///
/// Six letters of 32 are 2³⁰: among a thousand different values of a kind two share a placeholder with a chance
/// of one in two thousand. The alphabet is Crockford's, so that no letter looks like another.
enum Placeholder {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  static let letters = 6

  static func append(_ kind: Kind, _ fingerprint: Fingerprint, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    kind.withBytes { for index in $0.indices { output.append($0[index]) } }
    output.append(UInt8(ascii: "_"))
    for letter in 0..<letters {
      output.append(alphabet[Int(truncatingIfNeeded: fingerprint.high >> UInt64(59 - 5 * letter)) & 31])
    }
    output.append(UInt8(ascii: "]"))
  }
}

/// Keeps the last characters of a value and hides the rest.
enum PartialMask {
  /// Never keeps more than a third, and nothing of a value of fewer than six characters.
  static func append(_ value: Span<UInt8>, keepLast: Int, to output: inout [UInt8]) {
    let text = Array(copying: value)
    let characters = text.count { $0 & 0xC0 != 0x80 }
    let kept = characters < 6 ? 0 : min(keepLast, characters / 3)
    var seen = 0
    for byte in text {
      if byte & 0xC0 != 0x80 { seen += 1 }
      let isKept = seen > characters - kept
      let isLetter = byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
      if isKept || !isLetter {
        output.append(byte)
      } else if byte & 0xC0 != 0x80 {
        output.append(UInt8(ascii: "*"))
      }
    }
  }
}

/// Bech32 (BIP 173) without its bound on length, as age writes keys.
enum Bech32 {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

  private static func checksum(_ values: [UInt8]) -> UInt32 {
    let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    return values.reduce(1) { sum, value in
      let top = sum >> 25
      var next = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
      for i in 0..<5 where top >> UInt32(i) & 1 == 1 { next ^= generator[i] }
      return next
    }
  }

  private static func expanded(_ prefix: [UInt8]) -> [UInt8] {
    prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
  }

  /// Lower case; `prefix` is in lower case, too.
  static func encode(_ prefix: String, _ bytes: [UInt8]) -> String {
    let prefix = Array(prefix.utf8)
    var values: [UInt8] = []
    var group: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        values.append(UInt8(group >> bits & 31))
      }
    }
    if bits > 0 { values.append(UInt8(group << (5 - bits) & 31)) }
    let sum = checksum(expanded(prefix) + values + [UInt8](repeating: 0, count: 6)) ^ 1
    values += (0..<6).map { UInt8(sum >> (5 * (5 - UInt32($0))) & 31) }
    return String(decoding: prefix + [UInt8(ascii: "1")] + values.map { alphabet[Int($0)] }, as: UTF8.self)
  }

  /// The bytes of a text with that prefix, all of it in one case; nil for anything that ``encode(_:_:)`` doesn't
  /// write.
  static func decode(_ text: String, prefix: String) -> [UInt8]? {
    let original = Array(text.utf8)
    let lower = original.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    let upper = original.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
    let start = Array(prefix.utf8) + [UInt8(ascii: "1")]
    guard original == lower || original == upper, lower.starts(with: start),
      lower.count >= start.count + 6
    else { return nil }
    var values: [UInt8] = []
    for letter in lower[start.count...] {
      guard let value = alphabet.firstIndex(of: letter) else { return nil }
      values.append(UInt8(value))
    }
    guard checksum(expanded(Array(prefix.utf8)) + values) == 1 else { return nil }
    values.removeLast(6)
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    var bits: UInt32 = 0
    for value in values {
      group = group << 5 | UInt32(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(group >> bits & 255))
      }
    }
    // What is left over must be less than a letter's worth, and zero.
    guard bits < 5, group & (1 << bits - 1) == 0 else { return nil }
    return bytes
  }
}

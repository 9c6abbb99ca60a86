/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012), over words: a hash that nobody can aim without
/// the key.
struct SipHash128 {
  private var v0, v1, v2, v3: UInt64
  private var words = 0

  /// 128 bits.
  struct Key: Hashable, Sendable {
    var low, high: UInt64
  }

  init(key: Key) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ 0xee
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  @inline(__always)
  private mutating func round() {
    v0 = v0 &+ v1
    v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
    v0 = v0 &<< 32 | v0 &>> 32
    v2 = v2 &+ v3
    v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
    v0 = v0 &+ v3
    v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
    v2 = v2 &+ v1
    v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
    v2 = v2 &<< 32 | v2 &>> 32
  }

  /// Takes eight bytes, as a little-endian number.
  @inline(__always)
  mutating func take(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
    words += 1
  }

  /// Takes bytes and their number, so that no two runs of texts are the same words: the number, then the bytes in
  /// words, the last one filled up with zeros.
  mutating func take(_ bytes: Span<UInt8>) {
    take(UInt64(bytes.count))
    unsafe bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset + 8 <= buffer.count {
        take(UInt64(littleEndian: unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      if offset < buffer.count { take(unsafe Self.tail(buffer, from: offset)) }
    }
  }

  private static func tail(_ buffer: UnsafeRawBufferPointer, from offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in offset..<buffer.count {
      word |= unsafe UInt64(buffer[index]) &<< UInt64((index - offset) * 8)
    }
    return word
  }

  /// The hash of all words taken.
  consuming func finish() -> Key { finish(rest: 0, count: 0) }

  /// The hash of all words taken, and of up to seven bytes more in the low end of `rest`.
  consuming func finish(rest: UInt64, count: Int) -> Key {
    let length = words * 8 + count
    take(rest | UInt64(length & 0xFF) &<< 56)
    v2 ^= 0xee
    for _ in 0..<4 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xdd
    for _ in 0..<4 { round() }
    return Key(low: low, high: v0 ^ v1 ^ v2 ^ v3)
  }
}

/// Finds a delimiter in bytes (Knuth, Morris, Pratt 1977): linear in the bytes whatever they and the delimiter
/// are, where comparing at each place anew would cost seventy times as much for a body of hyphens.
struct BoundarySearch: Sendable, Equatable {
  private let needle: [UInt8]
  /// For each length of what has matched: how long its longest proper beginning is that is also its end.
  private let borders: [Int]

  /// `needle` begins with a hyphen, as each delimiter does.
  init(_ needle: [UInt8]) {
    var borders = [Int](repeating: 0, count: needle.count + 1)
    var border = 0
    for index in needle.indices.dropFirst() {
      while border > 0, needle[index] != needle[border] { border = borders[border] }
      if needle[index] == needle[border] { border += 1 }
      borders[index + 1] = border
    }
    self.needle = needle
    self.borders = borders
  }

  var count: Int { needle.count }

  /// Where the first whole delimiter from `start` on begins; nil where there is none.
  func first(in bytes: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    var matched = 0
    while position < bytes.count {
      if matched == 0 {
        position = Self.nextHyphen(bytes, from: position)
        guard position < bytes.count else { return nil }
        matched = 1
      } else {
        let byte = bytes[position]
        while matched > 0, needle[matched] != byte { matched = borders[matched] }
        if needle[matched] == byte { matched += 1 }
      }
      position += 1
      if matched == needle.count { return position - matched }
    }
    return nil
  }

  /// The next hyphen, eight bytes at a time; the end where there is none.
  private static func nextHyphen(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = start
    while position &+ 8 <= bytes.count {
      let word = ByteScanner.word(bytes, from: position) ^ (ones &* UInt64(UInt8(ascii: "-")))
      // The lowest mark is always right: borrows travel upwards.
      let marks = (word &- ones) & ~word & (ones << 7)
      if marks != 0 { return position &+ marks.trailingZeroBitCount >> 3 }
      position &+= 8
    }
    while position < bytes.count, bytes[position] != UInt8(ascii: "-") { position &+= 1 }
    return position
  }
}

/// The parts of a text around its digits, one behind the other: patterns of numbers, and of labels that numbers stand behind, look
/// at nothing else. Most of a program's text, and much of a letter's, is farther from a digit than a value and its label are long.
struct DigitWindows {
  /// What may stand before a value's first digit with its label, which may be on the line before, and behind its last on its line.
  private static let (before, behind) = (64, 48)

  private(set) var bytes: [UInt8] = []
  /// Where the runs of digits begin in the text.
  private(set) var runs: [Int] = []
  /// Where each part begins in ``bytes``, and in the text.
  private var parts: [(place: Int, origin: Int)] = []

  /// Collects the parts of a range. Where one begins, a word does.
  mutating func collect(_ text: Span<UInt8>, _ range: Range<Int>) {
    bytes.removeAll(keepingCapacity: true)
    parts.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    var position = Self.digit(text, range)
    while position < range.upperBound {
      var start = max(range.lowerBound, position - Self.before)
      while start > range.lowerBound, start < position, Bytes.isJoining(text[start - 1]) { start += 1 }
      var end = position
      // Parts that touch are one: a label may stand where they would be cut.
      while position < range.upperBound, position - Self.before <= end {
        runs.append(position)
        end = position + 1
        while end < range.upperBound, end - position <= Self.behind, text[end - 1] != 0x0A {
          if Bytes.isDigit(text[end]) {
            if position != end - 1 { runs.append(end) }
            position = end
          }
          end += 1
        }
        position = Self.digit(text, end..<range.upperBound)
      }
      parts.append((bytes.count, start))
      unsafe text.extracting(start..<end).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
      if text[end - 1] != 0x0A { bytes.append(0x0A) }
    }
  }

  /// The place in the text of a match's end.
  func origin(ofEnd end: Int) -> Int {
    var (low, high) = (0, parts.count)
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].place < end { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return end }
    return end - parts[low - 1].place + parts[low - 1].origin
  }

  /// Where the next digit stands in a range; its end where none does.
  private static func digit(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    let bytes = unsafe text.bytes
    var position = range.lowerBound
    while position + 8 <= range.upperBound {
      let word =
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self) ^ 0x3030_3030_3030_3030
      // Digits are below ten now; a byte's highest bit says that it is none.
      let others = (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | word
      let digits = ~others & 0x8080_8080_8080_8080
      if digits != 0 { return position + UInt64(littleEndian: digits).trailingZeroBitCount / 8 }
      position &+= 8
    }
    while position < range.upperBound, !Bytes.isDigit(text[position]) { position += 1 }
    return position
  }
}

internal import FilterKit

/// A text as rules read it: signs that look alike are one sign, and invisible ones are gone. It knows where each
/// of its bytes comes from. ASCII is its own normal form.
///
/// Each scalar is treated on its own, so that a text may arrive in pieces that are cut anywhere.
struct NormalText {
  /// The most bytes of the original that one byte may stand for: five invisible scalars of three bytes, and its own
  /// four.
  static let mostPerByte = 19
  private static let mostInvisible = 5

  /// A byte that stands for `width` bytes of the original, or before which something was left out.
  private struct Change {
    let index: Int
    let origin: Int
    let width: Int
  }

  private(set) var bytes: [UInt8] = []
  /// How many bytes have been cut off at the beginning.
  private(set) var base = 0
  private var changes: [Change] = []
  /// How many bytes of the original have been taken.
  private var taken = 0
  /// The beginning of a scalar whose other bytes have not come.
  private var pending: [UInt8] = []
  private var invisible = 0

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
    changes.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    (base, taken, invisible) = (0, 0, 0)
  }

  static func isNormal(_ text: Span<UInt8>) -> Bool {
    var all: UInt8 = 0
    for index in text.indices { all |= text[index] }
    return all < 0x80
  }

  /// Adds the next bytes of the original; with `end`, none follow.
  mutating func append(_ text: Span<UInt8>, end: Bool) {
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      guard pending.isEmpty else {
        if byte & 0xC0 == 0x80 {
          pending.append(byte)
          if pending.count == Self.length(pending[0]) { addPending() }
        } else {
          addPending()
          index -= 1
        }
        continue
      }
      if Self.length(byte) > 1 { pending.append(byte) } else { add(byte, width: 1) }
    }
    if end, !pending.isEmpty { addPending() }
  }

  /// Cuts bytes off at the beginning.
  mutating func removeFirst(_ count: Int) {
    bytes.removeSubrange(..<count)
    base += count
    // The last change before stays: it tells where what follows comes from.
    if let last = changes.lastIndex(where: { $0.index <= base }), last > 0 { changes.removeSubrange(..<last) }
  }

  /// Where the bytes `range`, counted from the text's beginning, stand in the original.
  func origin(of range: Range<Int>) -> Range<Int> {
    let last = place(range.upperBound - 1)
    return place(range.lowerBound).origin..<last.origin + last.width
  }

  /// Where the original's bytes end that the first `count` bytes, counted from the text's beginning, stand for.
  func origin(through count: Int) -> Int {
    if count == 0 { return 0 }
    let last = place(count - 1)
    return last.origin + last.width
  }

  private func place(_ index: Int) -> (origin: Int, width: Int) {
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].index <= index { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return (index, 1) }
    let change = changes[low - 1]
    if change.index == index { return (change.origin, change.width) }
    return (change.origin + change.width + index - change.index - 1, 1)
  }

  /// How long the scalar is that begins with a byte; 1 where none does.
  private static func length(_ first: UInt8) -> Int {
    first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
  }

  private mutating func addPending() {
    defer { pending.removeAll(keepingCapacity: true) }
    let count = pending.count
    guard count == Self.length(pending[0]) else {
      for byte in pending { add(byte, width: 1) }
      return
    }
    var scalar = UInt32(pending[0]) & (0x7F >> UInt32(count))
    for byte in pending.dropFirst() { scalar = scalar << 6 | UInt32(byte & 0x3F) }
    switch Lookalikes.plain(scalar) {
    case .itself: for byte in pending { add(byte, width: 1) }
    case .byte(let byte): add(byte, width: count)
    case .nothing:
      // A long run of invisible scalars is held back by nothing.
      guard invisible < Self.mostInvisible else {
        add(0x20, width: count)
        return
      }
      invisible += 1
      taken += count
    }
  }

  private mutating func add(_ byte: UInt8, width: Int) {
    if width > 1 || invisible > 0 {
      changes.append(Change(index: base + bytes.count, origin: taken, width: width))
      invisible = 0
    }
    bytes.append(byte)
    taken += width
  }
}

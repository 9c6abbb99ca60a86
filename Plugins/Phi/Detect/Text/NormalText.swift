internal import FilterKit

/// A text as rules read it: signs that look alike are one sign, escapes are what they stand for, and invisible signs
/// are gone. It knows where each of its bytes comes from. Plain ASCII is its own normal form.
///
/// It is made from left to right and looks a few bytes ahead, so that a text may arrive in pieces that are cut
/// anywhere.
struct NormalText {
  /// What a normal byte may add to how many bytes of the original stand behind a stretch, and what a stretch may have
  /// beyond that: `n` bytes never stand for more than `n * (1 + mostExtra) + reserve` of the original. Five invisible
  /// scalars in a row, each of three bytes, and any escape are within it for as long as one likes.
  static let mostExtra = 20
  static let reserve = 4096
  private static let mostInvisible = 5
  /// So many letters in a row that may be of two alphabets are looked at together.
  private static let mostAmbiguous = 12

  /// The most bytes of the original that `count` bytes in a row stand for, with what has not been read yet.
  static func mostOriginal(_ count: Int) -> Int { count * (1 + mostExtra) + reserve + 320 }

  /// A byte that stands for `width` bytes of the original, or before which something was left out.
  private struct Change {
    let index: Int
    let origin: Int
    let width: Int
  }

  private(set) var bytes: [UInt8] = []
  /// How many bytes have been cut off at the beginning.
  private(set) var base = 0
  /// Where signs stand that end a URL, but were escaped and so are part of one.
  private(set) var escapedSigns = EscapedSigns()
  private var changes: [Change] = []
  /// How many bytes of the original have been taken.
  private var taken = 0
  /// The original's last bytes, of which only what comes says what they are.
  private var pending: [UInt8] = []
  private var invisible = 0
  private var credit = Self.reserve

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
    changes.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    escapedSigns.removeAll()
    (base, taken, invisible, credit) = (0, 0, 0, Self.reserve)
  }

  /// Whether a text is its own normal form.
  static func isNormal(_ text: Span<UInt8>) -> Bool {
    var position = ByteSearch.endOfPlain(text, from: 0)
    while position < text.count {
      if text[position] >= 0x80 { return false }
      if case .scalar = Escape.read(text, at: position) { return false }
      position = ByteSearch.endOfPlain(text, from: position + 1)
    }
    return true
  }

  /// Adds the next bytes of the original; with `end`, none follow.
  mutating func append(_ text: Span<UInt8>, end: Bool) {
    guard !pending.isEmpty else { return read(text, end: end) }
    pending.append(copying: text)
    let joined = pending
    pending = []
    read(joined.span, end: end)
  }

  private mutating func read(_ text: Span<UInt8>, end: Bool) {
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte < 0x80, !Escape.isStart(byte) {
        position = addPlain(text, from: position)
        continue
      }
      switch byte < 0x80 ? Escape.read(text, at: position) : Self.scalar(text, at: position) {
      case .incomplete where !end:
        return pending.append(copying: text.extracting(position...))
      case .none, .incomplete:
        add(byte)
        position += 1
      case .scalar(let scalar, let length):
        guard let latin = Lookalikes.latin(scalar) else {
          add(scalar, text.extracting(position..<position + length))
          position += length
          continue
        }
        guard let isLatin = isLatin(text, from: position, end: end) else {
          return pending.append(copying: text.extracting(position...))
        }
        if isLatin {
          add(latin, width: length)
        } else {
          add(text.extracting(position..<position + length), of: scalar)
        }
        position += length
      }
    }
  }

  /// Adds the bytes from a position on that mean themselves; returns where they end.
  private mutating func addPlain(_ text: Span<UInt8>, from start: Int) -> Int {
    let end = ByteSearch.endOfPlain(text, from: start)
    // The first one says what was left out before it.
    let first = invisible > 0 ? start + 1 : start
    if invisible > 0 { add(text[start]) }
    bytes.append(copying: text.extracting(first..<end))
    taken += end - first
    earn(end - first)
    return end
  }

  /// The scalar of UTF-8 at a position.
  private static func scalar(_ text: Span<UInt8>, at start: Int) -> Escape.Reading {
    let first = text[start]
    let length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
    guard length > 1 else { return .none }
    var scalar = UInt32(first) & (0x7F >> UInt32(length))
    for index in start + 1..<start + length {
      guard index < text.count else { return .incomplete }
      guard text[index] & 0xC0 == 0x80 else { return .none }
      scalar = scalar << 6 | UInt32(text[index] & 0x3F)
    }
    return .scalar(scalar, length: length)
  }

  /// Whether a letter that looks like a Latin one stands in for it: one beside it is Latin. Nil: what comes says so.
  private func isLatin(_ text: Span<UInt8>, from start: Int, end: Bool) -> Bool? {
    if let last = bytes.last, last < 0x80, Bytes.isLetter(last) { return true }
    var position = start
    for _ in 0..<Self.mostAmbiguous {
      guard position < text.count else { return end ? false : nil }
      let byte = text[position]
      if byte < 0x80, !Escape.isStart(byte) { return Bytes.isLetter(byte) }
      switch byte < 0x80 ? Escape.read(text, at: position) : Self.scalar(text, at: position) {
      case .incomplete: return end ? false : nil
      case .scalar(let scalar, let length) where Lookalikes.latin(scalar) != nil: position += length
      default: return false
      }
    }
    return false
  }

  private mutating func add(_ scalar: UInt32, _ original: Span<UInt8>) {
    switch Lookalikes.plain(scalar) {
    case .itself: add(original, of: scalar)
    case .byte(let byte):
      if original[0] == UInt8(ascii: "%"), EscapedSigns.endsURL(byte) {
        escapedSigns.append(base + bytes.count)
      }
      add(byte, width: original.count)
    case .nothing:
      // A long run of invisible scalars is held back by nothing.
      guard invisible < Self.mostInvisible, credit >= original.count else {
        return add(0x20, width: original.count)
      }
      invisible += 1
      credit -= original.count
      taken += original.count
    }
  }

  /// Adds a scalar that means itself, as it is written or as its escape says.
  private mutating func add(_ original: Span<UInt8>, of scalar: UInt32) {
    guard original[0] < 0x80 else {
      for index in original.indices { add(original[index]) }
      return
    }
    let start = taken
    guard let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar) else { return }
    for byte in encoded {
      taken = start
      add(byte, width: original.count)
    }
  }

  private mutating func add(_ byte: UInt8, width: Int = 1) {
    if width > 1 || invisible > 0 {
      changes.append(Change(index: base + bytes.count, origin: taken, width: width))
      invisible = 0
    }
    bytes.append(byte)
    taken += width
    earn(1)
    credit -= width - 1
  }

  private mutating func earn(_ count: Int) { credit = min(Self.reserve, credit + count * Self.mostExtra) }

  /// Cuts bytes off at the beginning.
  mutating func removeFirst(_ count: Int) {
    bytes.removeSubrange(..<count)
    base += count
    escapedSigns.remove(below: base)
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
}

/// Places of a text where a sign stands that would end a URL, had it not been written as a percent escape.
struct EscapedSigns {
  private var places: [Int] = []

  var isEmpty: Bool { places.isEmpty }

  static func endsURL(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "`"),
      UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "\\"):
      true
    default: false
    }
  }

  mutating func append(_ place: Int) { places.append(place) }

  mutating func remove(below place: Int) { places.removeAll { $0 < place } }

  mutating func removeAll() { places.removeAll(keepingCapacity: true) }

  var span: Span<Int> {
    @_lifetime(borrow self) borrowing get { places.span }
  }

  static func contains(_ places: Span<Int>, _ place: Int) -> Bool {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < place { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low] == place
  }
}

extension Array where Element == UInt8 {
  /// Appends a span's bytes.
  mutating func append(copying span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

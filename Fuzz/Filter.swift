func copy(_ span: Span<UInt8>) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(copying: span)
  return bytes
}

func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

/// What a filter must never let out. `X` is a letter and may be a name that passes unread; `~` is in no such name.
func isProtected(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "X") || byte == UInt8(ascii: "~") }

/// Holds a tail back and puts a mark for each byte that is protected.
struct HoldingFilter: StreamFilter {
  let hold: Int
  var mark: [UInt8] = [UInt8(ascii: "#")]
  /// Nothing is protected.
  var isIdle = false
  private var held: [Int: [UInt8]] = [:]
  /// The texts that have ended, with where they stood, and those that go on.
  private(set) var texts: [Text] = []
  private(set) var open: [Int: Text] = [:]

  struct Text: Equatable {
    let pointer: [UInt8]
    var bytes: [UInt8] = []
  }

  init(hold: Int, mark: [UInt8] = [UInt8(ascii: "#")], isIdle: Bool = false) {
    self.hold = hold
    self.mark = mark
    self.isIdle = isIdle
  }

  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(Never) -> StreamRelease {
    let piece = copy(text)
    require(isUTF8(piece), "a text of a channel is not UTF-8")
    let place = copy(pointer)
    open[channel, default: Text(pointer: place)].bytes += piece
    require(open[channel]?.pointer == place, "a text has moved")
    let all = held[channel, default: []] + piece
    var count = end ? all.count : max(0, all.count - hold)
    while count > 0, count < all.count, all[count] & 0xC0 == 0x80 { count -= 1 }
    var edits: [(range: Range<Int>, length: Int)] = []
    for index in 0..<count {
      if !isIdle, isProtected(all[index]) {
        released += mark
        edits.append((index..<index + 1, mark.count))
      } else {
        released.append(all[index])
      }
    }
    held[channel] = Array(all[count...])
    if end, let text = open.removeValue(forKey: channel) { texts.append(text) }
    return StreamRelease(count: count, edits: edits)
  }

  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(Never) {
    require(isUTF8(copy(text)), "a whole text is not UTF-8")
    texts.append(Text(pointer: copy(pointer), bytes: copy(text)))
    guard !isIdle else { return }
    for index in text.indices where isProtected(text[index]) { edit(index..<index + 1, mark.span) }
  }
}

/// Bytes that are taken off at the front as others come at the back: each is moved a bounded number of times.
struct ByteWindow {
  /// The window is what begins at `head`.
  private(set) var bytes: [UInt8] = []
  private(set) var head = 0

  var count: Int { bytes.count - head }
  var isEmpty: Bool { bytes.count == head }

  mutating func append(_ text: Span<UInt8>) { bytes.append(text) }

  mutating func removeFirst(_ count: Int) {
    head += count
    if head == bytes.count {
      // What a long hold-back has needed is not kept for the rest of an idle stream.
      bytes.removeAll(keepingCapacity: bytes.count <= 4096)
      head = 0
    } else if head > 1024, head > bytes.count / 2 {
      bytes.removeSubrange(..<head)
      head = 0
    }
  }
}

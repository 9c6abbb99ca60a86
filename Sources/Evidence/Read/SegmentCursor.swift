/// Steps through the frames of one segment. Memory: one buffer of a mebibyte, or of the largest record.
struct SegmentCursor {
  /// One frame as it lies there. `body` is a range of ``bytes``, good until the next step.
  struct Found {
    var offset: Int
    var header: Frame.Header
    var body: Range<Int>
  }

  enum Step {
    case frame(Found)
    /// Zeros, or the file's end, where a frame could begin.
    case end
    /// Not a frame: the length can't be, or the file ends inside it.
    case broken
  }

  private static let chunk = 1 << 20

  let file: OpenFile
  private let fileSystem: any FileSystem
  private var buffer: [UInt8] = []
  /// The offset in the file of the buffer's first byte.
  private var base: Int
  /// How much of the buffer is filled.
  private var filled = 0
  /// Where the next frame begins, in the file.
  private(set) var position: Int

  init(_ file: OpenFile, _ fileSystem: any FileSystem, from position: Int = SegmentHeader.size) {
    self.file = file
    self.fileSystem = fileSystem
    self.base = position
    self.position = position
  }

  /// The buffer that a frame's `body` is a range of.
  var bytes: [UInt8] {
    @inline(__always) _read { yield buffer }
  }

  /// Forgets what was read ahead: a writer may have gone on since.
  mutating func refresh() {
    base = position
    filled = 0
  }

  /// Goes back to where the last step began, so that it can be tried again.
  mutating func rewind(to offset: Int) {
    position = offset
    refresh()
  }

  mutating func next() throws(SystemFailure) -> Step {
    guard try fill(Frame.headerSize) else {
      // Fewer bytes than a header: the end if they are all zero.
      return isZero(position - base..<filled) ? .end : .broken
    }
    let start = position - base
    let header = Frame.header(buffer.span, at: start)
    if header.length == 0 { return isZero(start..<start + Frame.headerSize) ? .end : .broken }
    guard header.length <= Frame.maximumRecord, try fill(Frame.headerSize + header.length) else { return .broken }
    let body = position - base + Frame.headerSize
    let found = Found(offset: position, header: header, body: body..<body + header.length)
    position += Frame.headerSize + header.length
    return .frame(found)
  }

  /// Makes sure that `count` bytes from `position` on are in the buffer.
  private mutating func fill(_ count: Int) throws(SystemFailure) -> Bool {
    if position - base + count <= filled { return true }
    let kept = position - base
    if kept > 0 {
      buffer.removeSubrange(0..<min(kept, buffer.count))
      filled -= min(kept, filled)
      base = position
    }
    let size = max(Self.chunk, count)
    if buffer.count != size {
      if buffer.count > size { buffer.removeLast(buffer.count - size) }
      buffer.append(contentsOf: repeatElement(0, count: size - buffer.count))
    }
    filled += try fileSystem.read(file, at: base + filled, into: &buffer, from: filled)
    return count <= filled
  }

  private func isZero(_ range: Range<Int>) -> Bool {
    for i in range where buffer[i] != 0 { return false }
    return true
  }
}

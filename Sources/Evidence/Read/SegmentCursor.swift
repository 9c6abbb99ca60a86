/// Steps through the frames of one segment. Memory: one buffer of 256 KiB, or of the largest record.
struct SegmentCursor {
  /// One frame as it lies there. `body` is a range of ``bytes``, good until the next step.
  struct Found {
    var offset: Int
    var header: Frame.Header
    /// Empty where the record was removed.
    var body: Range<Int>

    /// The hash of what is there, to be compared with the header's; a removed record has none but that.
    func leaf(_ bytes: Span<UInt8>, _ hasher: Hasher256) -> HashValue {
      header.isRemoved ? header.leaf : unsafe hasher.leaf(bytes.extracting(body).bytes)
    }
  }

  enum Step {
    case frame(Found)
    /// Zeros, or the file's end, where a frame could begin.
    case end
    /// Not a frame: the length can't be, or the file ends inside it.
    case broken
  }

  private static let chunk = 256 << 10

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
    guard header.length <= Frame.maximumRecord, try fill(Frame.headerSize + header.bodyLength) else {
      return .broken
    }
    let body = position - base + Frame.headerSize
    let found = Found(offset: position, header: header, body: body..<body + header.bodyLength)
    position += Frame.headerSize + header.bodyLength
    return .frame(found)
  }

  /// Makes sure that `count` bytes from `position` on are in the buffer.
  private mutating func fill(_ count: Int) throws(SystemFailure) -> Bool {
    if position - base + count <= filled { return true }
    // What is there of a frame's beginning is read again: simpler than moving it, and rare.
    let size = max(Self.chunk, count)
    if buffer.count != size { buffer = [UInt8](repeating: 0, count: size) }
    base = position
    filled = try fileSystem.read(file, at: base, into: &buffer, from: 0)
    return count <= filled
  }

  private func isZero(_ range: Range<Int>) -> Bool {
    for i in range where buffer[i] != 0 { return false }
    return true
  }
}

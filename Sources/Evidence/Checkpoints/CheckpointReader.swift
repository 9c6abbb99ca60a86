/// Reads the file of checkpoints from front to back, a window at a time.
struct CheckpointReader {
  /// A note and where it stands; nil where what stands there is not a checkpoint.
  struct Entry: Sendable, Equatable {
    var offset: Int
    var checkpoint: Checkpoint?
  }

  /// No entry is longer; what is can't be a checkpoint.
  static let window = 64 << 10

  private let file: OpenFile
  private let fileSystem: any FileSystem
  /// Where to stop: the file's size when reading began.
  private let limit: Int
  private var offset: Int
  private var pending: ArraySlice<Entry> = []
  /// How many bytes at the end are no whole entry; known once ``next()`` has returned nil.
  private(set) var unfinishedBytes = 0
  /// Where the last whole entry ends.
  private(set) var wholeBytes: Int

  init(_ file: OpenFile, _ fileSystem: any FileSystem, from offset: Int = 0) throws(SystemFailure) {
    self.file = file
    self.fileSystem = fileSystem
    self.offset = offset
    wholeBytes = offset
    limit = try fileSystem.status(of: file).size
  }

  /// The next entry, or nil at the end.
  mutating func next() throws(SystemFailure) -> Entry? {
    while pending.isEmpty {
      guard offset < limit else { return nil }
      var bytes = [UInt8](repeating: 0, count: min(Self.window, limit - offset))
      let count = try fileSystem.read(file, at: offset, into: &bytes, from: 0)
      bytes.removeLast(bytes.count - count)
      let (entries, whole) = Self.split(bytes, at: offset)
      if whole == 0 {
        if count == Self.window {
          // No entry is that long: skip it, and say so.
          pending = [Entry(offset: offset, checkpoint: nil)]
          offset += count
          continue
        }
        unfinishedBytes = count
        return nil
      }
      pending = entries[...]
      offset += whole
      wholeBytes = offset
    }
    return pending.popFirst()
  }

  /// The newest entry alone, and where the file's last whole entry ends, without reading all of it.
  static func last(
    _ file: OpenFile, _ fileSystem: any FileSystem
  ) throws(SystemFailure) -> (entry: Entry?, wholeBytes: Int, unfinishedBytes: Int) {
    let size = try fileSystem.status(of: file).size
    var reader = try CheckpointReader(file, fileSystem, from: try start(file, fileSystem, size))
    var last: Entry?
    while let entry = try reader.next() { last = entry }
    return (last, reader.wholeBytes, reader.unfinishedBytes)
  }

  /// Where an entry begins near the end of the file: after an empty line that follows a signature line.
  private static func start(_ file: OpenFile, _ fileSystem: any FileSystem, _ size: Int) throws(SystemFailure)
    -> Int
  {
    guard size > window else { return 0 }
    var bytes = [UInt8](repeating: 0, count: window)
    let from = size - window
    _ = try fileSystem.read(file, at: from, into: &bytes, from: 0)
    var lineStart: Int?
    var followsSignature = false
    for (i, byte) in bytes.enumerated() where byte == 0x0A {
      if let start = lineStart {
        if i == start, followsSignature { return from + i + 1 }
        followsSignature = bytes[start..<i].starts(with: Checkpoint.mark)
      }
      lineStart = i + 1
    }
    return 0
  }

  /// Splits bytes that begin at an entry. An entry ends at its second empty line: the first one separates the
  /// text from the signatures.
  static func split(_ bytes: [UInt8], at offset: Int) -> (entries: [Entry], whole: Int) {
    var entries: [Entry] = []
    var start = 0
    var blanks = 0
    var lineStart = 0
    for (i, byte) in bytes.enumerated() where byte == 0x0A {
      if i == lineStart { blanks += 1 }
      lineStart = i + 1
      guard blanks == 2 else { continue }
      entries.append(Entry(offset: offset + start, checkpoint: Checkpoint(note: Array(bytes[start..<i]))))
      start = i + 1
      blanks = 0
    }
    return (entries, start)
  }
}

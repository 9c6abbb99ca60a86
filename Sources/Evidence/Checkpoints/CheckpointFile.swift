/// The file of checkpoints: each note, then an empty line, appended for ever.
struct CheckpointFile: Sendable {
  /// What a reader finds in it.
  struct Contents: Sendable {
    /// The notes in order, with the offset of each; nil where what stands there is not a checkpoint.
    var entries: [(offset: Int, checkpoint: Checkpoint?)] = []
    /// How many bytes up to the end of the last whole entry.
    var wholeBytes = 0
    /// How many bytes of an unfinished entry follow.
    var unfinishedBytes = 0
  }

  /// A checkpoint a minute for sixteen years.
  static let sizeLimit = 2 << 30

  private let file: OpenFile
  private let fileSystem: any FileSystem
  private var end: Int

  /// `end`: where the last whole entry ends; what follows is cut off.
  init(_ file: OpenFile, _ fileSystem: any FileSystem, end: Int) throws(SystemFailure) {
    self.file = file
    self.fileSystem = fileSystem
    self.end = end
    if try fileSystem.status(of: file).size > end {
      try fileSystem.truncate(file, size: end)
      try fileSystem.synchronizeData(file)
    }
  }

  /// Appends the note and makes it stable.
  mutating func append(_ checkpoint: Checkpoint) throws(SystemFailure) {
    let bytes = checkpoint.note + [0x0A]
    unsafe try fileSystem.write(file, at: end, bytes.span.bytes)
    try fileSystem.synchronizeData(file)
    end += bytes.count
  }

  /// Splits the file's bytes into notes. An entry ends at the first empty line after its signature lines.
  static func parse(_ bytes: [UInt8]) -> Contents {
    var contents = Contents()
    var start = 0
    var blanks = 0
    var lineStart = 0
    for (i, byte) in bytes.enumerated() where byte == 0x0A {
      if i == lineStart { blanks += 1 }
      lineStart = i + 1
      guard blanks == 2 else { continue }
      contents.entries.append((start, Checkpoint(note: Array(bytes[start..<i]))))
      start = i + 1
      blanks = 0
    }
    contents.wholeBytes = start
    contents.unfinishedBytes = bytes.count - start
    return contents
  }
}

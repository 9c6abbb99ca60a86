/// The file of checkpoints, being appended to: each note, then an empty line.
struct CheckpointFile: Sendable {
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
    try fileSystem.write(file, at: end, bytes)
    try fileSystem.synchronizeData(file)
    end += bytes.count
  }
}

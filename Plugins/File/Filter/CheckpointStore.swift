internal import FilterKit

/// The checkpoints of one log, in a file beside its records': each note, then an empty line, made stable at once.
final class CheckpointStore {
  private let directory: LogDirectory
  private var file: Int32?
  /// Where the last whole note ends.
  private var size: UInt64 = 0
  private var newest: [UInt8] = []

  init(_ directory: LogDirectory) { self.directory = directory }

  deinit { close() }

  private func close() {
    if let file { directory.system.closeFile(file) }
    file = nil
  }

  /// The size of the log that the newest one speaks of; 0 where there is none. A torn note at the end is cut off.
  func recover() throws(SystemError) -> UInt64 {
    close()
    (size, newest) = (0, [])
    let file = try directory.openCheckpoints()
    self.file = file
    let system = directory.system
    var (offset, start): (UInt64, UInt64) = (0, 0)
    var entries = CheckpointLines()
    var (line, buffer): ([UInt8], [UInt8]) = ([], [])
    repeat {
      try system.read(file, at: offset, count: 256 << 10, into: &buffer)
      for (index, byte) in buffer.enumerated() {
        guard byte == 0x0A else {
          line.append(byte)
          continue
        }
        if let note = entries.add(line[...]) {
          start = offset + UInt64(index) + 1
          newest = note
        }
        line.removeAll(keepingCapacity: true)
      }
      offset += UInt64(buffer.count)
    } while !buffer.isEmpty
    if start < offset { try system.truncate(file, to: start) }
    try system.sync(file)
    size = start
    return Self.size(of: newest)
  }

  /// Appends a note, unless it is the newest one already.
  func append(_ note: [UInt8]) throws(SystemError) {
    guard note != newest, let file else { return }
    do throws(SystemError) {
      try directory.system.write(file, note + [0x0A])
      try directory.system.sync(file)
    } catch {
      // Nothing half-written stays; if not even that works, the next recovery cuts it.
      try? directory.system.truncate(file, to: size)
      throw error
    }
    size += UInt64(note.count) + 1
    newest = note
  }

  /// The second line of a note.
  private static func size(of note: [UInt8]) -> UInt64 {
    let lines = note.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.count > 1 ? UInt64(String(decoding: lines[1], as: UTF8.self)) ?? 0 : 0
  }
}

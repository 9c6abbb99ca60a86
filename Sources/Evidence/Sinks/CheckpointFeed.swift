/// The checkpoints that a sink has yet to get, read back from the log's own file.
struct CheckpointFeed {
  private let file: OpenFile
  private let fileSystem: any FileSystem
  /// Where the first one begins that is not known to be held, in the file.
  private var offset = 0
  /// The sink held those below this size when it was asked; of this size itself it may lack one.
  private let floor: UInt64
  /// The size of the largest one that the sink holds.
  private(set) var heldSize: UInt64

  init(_ directory: LogDirectory, from held: UInt64) throws(EvidenceError) {
    fileSystem = directory.fileSystem
    floor = held
    heldSize = held
    do throws(SystemFailure) {
      file = try directory.fileSystem.open(LogDirectory.checkpoints, in: directory.handle, .read)
    } catch {
      throw EvidenceError(error)
    }
  }

  /// The next one that covers no more than `size` records; nil where there is none yet.
  mutating func next(upTo size: UInt64) throws(EvidenceError) -> Checkpoint? {
    do throws(SystemFailure) {
      guard try fileSystem.status(of: file).size > offset else { return nil }
      var reader = try CheckpointReader(file, fileSystem, from: offset)
      while let entry = try reader.next() {
        guard let checkpoint = entry.checkpoint, checkpoint.size >= floor else { continue }
        guard checkpoint.size <= size else { return nil }
        offset = entry.offset
        return checkpoint
      }
      return nil
    } catch {
      throw EvidenceError(error)
    }
  }

  /// The one that ``next(upTo:)`` gave last is held.
  mutating func isHeld(_ checkpoint: Checkpoint) {
    offset += checkpoint.note.count + 1
    heldSize = max(heldSize, checkpoint.size)
  }
}

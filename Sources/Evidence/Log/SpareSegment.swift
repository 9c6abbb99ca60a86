/// Prepares the next segment in the background: reserves its blocks and fills them with zeros.
///
/// Synchronising a write into blocks that were written before costs one flush of the disk; into blocks that
/// were only reserved, the file system's journal as well, several times as long.
final class SpareSegment: Sendable {
  /// Who may touch the file of that name: the thread while it prepares, the writer once it's ready.
  private enum Phase {
    case idle, wanted, preparing
    case ready(OpenFile)
  }

  private struct State {
    var phase = Phase.wanted
    var isStopping = false
    var failure: EvidenceError?
  }

  let size: Int
  private let directory: LogDirectory
  private let state = Monitor(State())
  private let thread: WorkerThread

  /// How much is written before the disk is asked to catch up, so that the log's own writes get their turn.
  private static let stride = 1 << 20

  init(_ directory: LogDirectory, size: Int) throws(EvidenceError) {
    self.size = size
    self.directory = directory
    do throws(SystemFailure) {
      // A leftover of the last run: nobody knows how far it got.
      try directory.fileSystem.remove(LogDirectory.spare, in: directory.handle)
      thread = try WorkerThread(name: "evidence-spare") { [state] in
        Self.run(state, directory, size)
      }
    } catch {
      throw EvidenceError(error)
    }
  }

  /// Why the last attempt failed.
  var failure: EvidenceError? { state.withLock { $0.failure } }

  /// The prepared file, which lies under the name ``LogDirectory/spare``, or nil if it isn't ready. Another is
  /// begun once ``replace()`` is called.
  func take() -> OpenFile? {
    state.withLock { state in
      guard case .ready(let file) = state.phase else { return nil }
      state.phase = .idle
      return file
    }
  }

  /// Asks for the next one; the name is free again. Asks anew, too, where the last attempt failed.
  func replace() {
    state.update { if case .idle = $0.phase { $0.phase = .wanted } }
  }

  /// Ends the thread and removes the file.
  func stop() {
    state.update { $0.isStopping = true }
    thread.join()
    if take() != nil { try? directory.fileSystem.remove(LogDirectory.spare, in: directory.handle) }
  }

  private static func run(_ state: Monitor<State>, _ directory: LogDirectory, _ size: Int) {
    while true {
      let goOn = state.wait(until: nil) { state -> Bool? in
        if state.isStopping { return false }
        guard case .wanted = state.phase else { return nil }
        state.phase = .preparing
        return true
      }
      guard goOn == true else { return }
      do throws(SystemFailure) {
        guard let file = try prepare(state, directory, size) else { continue }
        state.update {
          $0.phase = .ready(file)
          $0.failure = nil
        }
      } catch {
        try? directory.fileSystem.remove(LogDirectory.spare, in: directory.handle)
        let failure = EvidenceError(error)
        state.update {
          $0.phase = .idle
          $0.failure = failure
        }
      }
    }
  }

  /// Nil where it was told to stop.
  private static func prepare(
    _ state: Monitor<State>, _ directory: LogDirectory, _ size: Int
  ) throws(SystemFailure) -> OpenFile? {
    let fileSystem = directory.fileSystem
    try fileSystem.remove(LogDirectory.spare, in: directory.handle)
    let file = try fileSystem.open(LogDirectory.spare, in: directory.handle, .create)
    try fileSystem.allocate(file, size: size)
    let zeros = [UInt8](repeating: 0, count: min(stride, size))
    var offset = 0
    while offset < size {
      if state.withLock({ $0.isStopping }) {
        try fileSystem.remove(LogDirectory.spare, in: directory.handle)
        return nil
      }
      let count = min(zeros.count, size - offset)
      try fileSystem.write(file, at: offset, count == zeros.count ? zeros : Array(zeros[..<count]))
      try fileSystem.synchronizeData(file)
      offset += count
    }
    return file
  }
}

internal import Synchronization

/// Scanners between two sessions: each has buffers that are worth keeping.
final class SpareScanners: Sendable {
  private struct Box: @unchecked Sendable { var scanner: Scanner }  // in one pair of hands at a time
  private let spare = Mutex<[Box]>([])
  private static let maximum = 32

  func take() -> Scanner? { spare.withLock { $0.popLast()?.scanner } }

  func give(_ scanner: Scanner) {
    let box = Box(scanner: scanner)
    spare.withLock { if $0.count < Self.maximum { $0.append(box) } }
  }
}

internal import FilterABI
internal import Synchronization

/// What one pass needs besides its payload: reused, so that a steady state allocates little. Used by one thread at a
/// time.
@safe final class ChainScratch: @unchecked Sendable {  // handed from thread to thread, never shared
  let detail = ErrorDetail()
  /// Which part of the filters' counters it adds to.
  let stripe = ChainScratch.made.add(1, ordering: .relaxed).newValue
  let slot: EmitterSlot
  let findings: FindingCollector
  let edits: EditCollector
  /// Findings in the ABI's form.
  var images: [sluice_finding] = unsafe []
  /// Findings that are offered to a mask, and which ones of the text's they are.
  var offered: [FindingReport] = []
  var places: [Int] = []

  private static let made = Atomic<Int>(0)

  init() {
    slot = EmitterSlot.take()
    findings = FindingCollector(slot)
    edits = EditCollector(slot)
  }

  deinit { slot.giveBack() }
}

/// The scratches that no pass uses at the moment.
final class SpareScratches: Sendable {
  private let idle = Mutex<[ChainScratch]>([])
  /// More than so many are not kept: they were a burst.
  private static let maximum = 64

  func take() -> ChainScratch { idle.withLock { $0.popLast() } ?? ChainScratch() }

  func giveBack(_ scratch: ChainScratch) {
    idle.withLock { if $0.count < Self.maximum { $0.append(scratch) } }
  }
}

internal import FilterABI
internal import Synchronization

/// Takes a sink's acknowledgements, from any thread, and passes on those that can be true. The host deletes what is
/// acknowledged, so a level that was not promised, or a record that was not offered, is refused.
@safe final class AcknowledgementBox: Sendable {
  private let promise: UInt32
  private let state = Mutex(State())
  /// Never freed: a sink's thread may be late.
  private let address: UInt

  private struct State {
    var receiver: (@Sendable (UInt64, UInt32) -> Void)?
    /// Below this sequence records have been offered, now or in an earlier life.
    var offered: UInt64 = 0
    /// For each level, below which sequence records are acknowledged.
    var acknowledged: [UInt64] = [0, 0, 0, 0]
  }

  var pointer: UnsafePointer<sluice_acknowledger>? { unsafe UnsafePointer(bitPattern: address) }

  init(promise: UInt32) {
    self.promise = promise
    let raw = UnsafeMutablePointer<sluice_acknowledger>.allocate(capacity: 1)
    address = UInt(bitPattern: raw)
    unsafe raw.initialize(
      to: sluice_acknowledger(
        size: UInt32(MemoryLayout<sluice_acknowledger>.size), reserved: 0,
        context: Unmanaged.passRetained(self).toOpaque(),
        acknowledge: { context, sequence, level in
          guard let context = unsafe context else { return SLUICE_ERROR_DENIED }
          return unsafe Unmanaged<AcknowledgementBox>.fromOpaque(context).takeUnretainedValue().take(
            sequence, level)
        }))
  }

  func begin(_ receiver: @escaping @Sendable (UInt64, UInt32) -> Void) {
    state.withLock { $0 = State(receiver: receiver) }
  }

  func offered(upTo end: UInt64) { state.withLock { $0.offered = max($0.offered, end) } }

  func end() { state.withLock { $0.receiver = nil } }

  private func take(_ sequence: UInt64, _ level: UInt32) -> sluice_status {
    // The receiver runs inside the lock, so that two threads' acknowledgements reach it in order, and none after end.
    state.withLock { state in
      guard let receiver = state.receiver else { return SLUICE_ERROR_STALE }
      guard level <= promise, sequence < state.offered else { return SLUICE_ERROR_DENIED }
      guard sequence + 1 >= state.acknowledged[Int(level)] else { return SLUICE_ERROR_DENIED }
      state.acknowledged[Int(level)] = sequence + 1
      receiver(sequence, level)
      return SLUICE_OK
    }
  }
}

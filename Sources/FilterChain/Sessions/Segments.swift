internal import FilterABI

/// The texts of a payload, as the chain asks for them, several times over. What it lends must stay the same between
/// one call and the next.
public protocol SegmentSource {
  var segmentCount: Int { get }
  /// Lends one segment: its role (exchange.h), JSON Pointer, member name and decoded text. Calls `body` once.
  func withSegment(_ index: Int, _ body: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void)
}

extension SegmentSource {
  /// Lends each segment in the ABI's form, with its text, until `body` throws.
  func forEach(
    _ direction: ExchangeContext.Direction,
    _ body: (Int, UnsafePointer<sluice_segment>, Span<UInt8>) throws(StageFailure) -> Void
  ) throws(StageFailure) {
    var failure: StageFailure?
    for index in 0..<segmentCount {
      withSegment(index) { role, pointer, name, text in
        unsafe lendSegment(id: index, direction, role: role, isStreamed: false, pointer: pointer, name: name)
        {
          (segment) in
          do throws(StageFailure) { unsafe try body(index, segment, text) } catch { failure = error }
        }
      }
      if let failure { throw failure }
    }
  }
}

/// Lends a segment in the ABI's form.
@inline(__always)
func lendSegment(
  id: Int, _ direction: ExchangeContext.Direction, role: UInt32, isStreamed: Bool, pointer: Span<UInt8>,
  name: Span<UInt8>, _ body: (UnsafePointer<sluice_segment>) -> Void
) {
  unsafe pointer.withUnsafeBufferPointer { pointer in
    unsafe name.withUnsafeBufferPointer { name in
      let segment = unsafe sluice_segment(
        size: UInt32(MemoryLayout<sluice_segment>.size), direction: direction.rawValue, role: role,
        flags: isStreamed ? SLUICE_SEGMENT_STREAMED : 0, id: UInt64(id), pointer: sluice_bytes(pointer),
        name: sluice_bytes(name))
      unsafe withUnsafePointer(to: segment) { unsafe body($0) }
    }
  }
}

/// What a ``StreamRecutter`` asks of whoever masks: the gateway's chain of filters.
public protocol StreamFilter {
  associatedtype Failure: Error

  /// The next piece of a text that arrives over several events. Appends what may be released, masked; the rest
  /// is held back until more is known. With `end` everything is released.
  /// - Parameters:
  ///   - channel: from 0, in the order in which the stream's channels begin.
  ///   - pointer: where the channel stands in an event, array elements by the numbers that they state.
  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(Failure)

  /// A text that is whole. Calls `edit` for each range that something else must stand in for.
  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(Failure)
}

/// Why a stream can't go on: its payload or the filter.
public enum StreamError<Failure: Error>: Error {
  case payload(PayloadError)
  case filter(Failure)
}

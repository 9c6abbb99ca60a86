/// What a ``StreamRecutter`` asks of whoever masks: the gateway's chain of filters.
public protocol StreamFilter {
  associatedtype Failure: Error

  /// The next piece of a text that arrives over several events. Appends what may be released, masked; the rest
  /// is held back until more is known. With `end` everything is released, and what comes under the same number
  /// then begins another text.
  /// - Parameters:
  ///   - channel: from 0, in the order in which the stream's channels begin.
  ///   - pointer: where the channel stands in an event, array elements by the numbers that they state.
  /// - Returns: what of the text the released bytes stand for, what was held back before included.
  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(Failure) -> StreamRelease

  /// A text that is whole. Calls `edit` for each range that something else must stand in for.
  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(Failure)
}

/// What released bytes stand for.
public struct StreamRelease: Sendable {
  /// How many bytes of the text, from the first one on that had not been released.
  public let count: Int
  /// Which of those bytes something else stands for, in order, and how many bytes long that is.
  public let edits: [(range: Range<Int>, length: Int)]

  public init(count: Int, edits: [(range: Range<Int>, length: Int)]) {
    self.count = count
    self.edits = edits
  }
}

/// Why a stream can't go on: its payload or the filter.
public enum StreamError<Failure: Error>: Error {
  case payload(PayloadError)
  case filter(Failure)
}

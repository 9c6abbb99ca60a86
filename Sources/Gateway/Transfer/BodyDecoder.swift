internal import NIOCore

/// The coded body of one message on its way in: what comes out is handed on in buffers of bounded size, so that
/// who takes them can stop at its own limit before the next is made.
struct BodyDecoder {
  private var inflater: Inflater

  /// Nil where there is nothing to undo.
  init?(_ coding: ContentCoding) {
    guard coding != .identity else { return nil }
    inflater = Inflater(coding)
  }

  /// `deliver` returns false to have no more.
  mutating func receive(_ bytes: ByteBuffer, _ deliver: (ByteBuffer) -> Bool) throws(ContentCodingError) {
    // The limit in bytes is the taker's; how much it may grow is the inflater's.
    try inflater.receive(bytes.readableBytesUInt8Span, limit: .max) { piece in
      deliver(ByteBuffer(bytes: piece))
    }
  }

  /// The message has ended.
  mutating func finish() throws(ContentCodingError) { try inflater.finish() }
}

internal import CZlib

/// Compresses a body, piece by piece.
///
/// Not for answers that hold both a secret and text of an attacker's choice: their size tells (BREACH). So an answer
/// is compressed only where a pipeline says so.
struct Deflater {
  private let stream: DeflateStream

  /// Nil for `identity`, and where there is no memory.
  init?(_ coding: ContentCoding) {
    switch coding {
    case .identity: return nil
    case .gzip: self.init(windowBits: 31)
    case .deflate: self.init(windowBits: 15)
    }
  }

  private init?(windowBits: Int32) {
    guard let stream = DeflateStream(windowBits: windowBits) else { return nil }
    self.stream = stream
  }

  /// Appends what comes out for `bytes`. With `flush`, all that was given can be read by the other side: for the
  /// end of an event of a stream (Z_SYNC_FLUSH, 5 bytes more).
  mutating func receive(_ bytes: Span<UInt8>, flush: Bool, into output: inout [UInt8]) {
    stream.run(bytes, flush ? Z_SYNC_FLUSH : Z_NO_FLUSH, into: &output)
  }

  /// Appends what was held back, and the end.
  mutating func finish(into output: inout [UInt8]) {
    let nothing: [UInt8] = []
    stream.run(nothing.span, Z_FINISH, into: &output)
  }
}

/// zlib's compressor: one object for each body, freed with it.
@safe private final class DeflateStream {
  private let stream: UnsafeMutablePointer<z_stream>
  private var chunk = [UInt8](repeating: 0, count: 16 << 10)

  init?(windowBits: Int32) {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // Level 4: an answer waits for this, so time counts for more than the last few percent of size.
    let status = unsafe deflateInit2_(
      stream, 4, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  func run(_ bytes: Span<UInt8>, _ mode: Int32, into output: inout [UInt8]) {
    let room = chunk.count
    unsafe bytes.withUnsafeBufferPointer { input in
      // deflate only reads through next_in; its type lacks the const.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(input.count)
      var made = room
      // A full chunk says that there may be more.
      while made == room {
        made = unsafe chunk.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(room)
          // Of its errors only a misuse of the stream is left, which ends the loop as it makes nothing.
          _ = unsafe deflate(stream, mode)
          return unsafe room - Int(stream.pointee.avail_out)
        }
        output.append(contentsOf: chunk[..<made])
      }
      unsafe stream.pointee.next_in = nil
      unsafe stream.pointee.next_out = nil
    }
  }
}

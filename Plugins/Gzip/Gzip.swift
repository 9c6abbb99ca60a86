internal import CZlib

/// Compresses a stream of bytes into one gzip member (RFC 1952).
@safe public final class GzipCompressor {
  private let stream: UnsafeMutablePointer<z_stream>

  /// Nil where there is not enough memory.
  /// - Parameter level: from 1, fast, to 9, small; -1 is zlib's own choice.
  public init?(level: Int32 = -1) {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, and 16 more for gzip's header and check sum.
    let status = unsafe deflateInit2_(
      stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
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

  /// Appends what comes out for `bytes`; with `isLast` also everything that was held back.
  /// Returns false where zlib fails.
  public func compress(_ bytes: Span<UInt8>, isLast: Bool, into output: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    return unsafe bytes.withUnsafeBufferPointer { input in
      // deflate only reads through next_in; its type lacks the const.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(input.count)
      var status = Z_OK
      repeat {
        let room = chunk.count
        let made = unsafe chunk.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(room)
          status = unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          return unsafe room - Int(stream.pointee.avail_out)
        }
        output.append(contentsOf: chunk[..<made])
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return false }
      } while unsafe isLast ? status != Z_STREAM_END : stream.pointee.avail_out == 0
      return true
    }
  }
}

/// Reads gzip back.
@safe public final class GzipDecompressor {
  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether the end of the member, with a right check sum, has been reached.
  public private(set) var isComplete = false

  public init?() {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Hands on what `bytes` hold, in pieces of at most 64 KiB. Returns false where they are no gzip.
  public func decompress(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    return unsafe bytes.withUnsafeBufferPointer { input in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(input.count)
      while !isComplete {
        let room = chunk.count
        var status = Z_OK
        let made = unsafe chunk.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(room)
          status = unsafe inflate(stream, Z_NO_FLUSH)
          return unsafe room - Int(stream.pointee.avail_out)
        }
        body(chunk.span.extracting(0..<made))
        switch status {
        case Z_STREAM_END: isComplete = true
        case Z_OK, Z_BUF_ERROR: if made < room { return true }
        default: return false
        }
      }
      return true
    }
  }
}

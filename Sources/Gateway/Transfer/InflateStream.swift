internal import CZlib

/// zlib's decompressor: one object for each body, freed with it.
@safe final class InflateStream {
  enum Wrapper: Int32 {
    /// 15 bits of window, and 16 more for gzip's header and check sum.
    case gzip = 31
    case zlib = 15
    /// No header and no check sum.
    case raw = -15
  }

  enum Outcome { case goesOn, ended, failed, noMemory }

  private let stream: UnsafeMutablePointer<z_stream>
  /// What the last step made, from its start on.
  private(set) var output = [UInt8](repeating: 0, count: Inflater.pieceBytes)

  init(_ wrapper: Wrapper) throws(ContentCodingError) {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      stream, wrapper.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe stream.deallocate()
      throw .memory
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins again: another member follows.
  func reset() -> Bool { unsafe inflateReset(stream) == Z_OK }

  /// Reads from `bytes` until they are used up, ``output`` is full, or the end has come.
  func step(_ bytes: Span<UInt8>) -> (taken: Int, made: Int, outcome: Outcome) {
    let room = output.count
    return unsafe bytes.withUnsafeBufferPointer { input in
      // inflate only reads through next_in; its type lacks the const.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
      let offered = unsafe Int(stream.pointee.avail_in)
      let status = unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(room)
        return unsafe inflate(stream, Z_NO_FLUSH)
      }
      let taken = unsafe offered - Int(stream.pointee.avail_in)
      let made = unsafe room - Int(stream.pointee.avail_out)
      // The pointers are dead after this call.
      unsafe stream.pointee.next_in = nil
      unsafe stream.pointee.next_out = nil
      let outcome: Outcome =
        switch status {
        case Z_OK, Z_BUF_ERROR: .goesOn
        case Z_STREAM_END: .ended
        case Z_MEM_ERROR: .noMemory
        default: .failed  // Z_DATA_ERROR, and Z_NEED_DICT: nobody has agreed on a dictionary
        }
      return (taken, made, outcome)
    }
  }
}

/// Structs and tables of the ABI begin with their size, set by whoever fills them in. What a plugin built against an
/// older header hands over may be shorter than this host's form of it, and what a newer one does may be longer.
enum Sized {
  /// A copy of what the size covers; the rest is zero. Nil for NULL, and where there is no believable size.
  @inline(__always)
  static func read<T: BitwiseCopyable>(_ pointer: UnsafePointer<T>?, as type: T.Type = T.self) -> T? {
    guard let pointer = unsafe pointer else { return nil }
    let raw = unsafe UnsafeRawPointer(pointer)
    let size = Int(unsafe raw.loadUnaligned(as: UInt32.self))
    if size >= MemoryLayout<T>.size, size <= maximum { return unsafe raw.loadUnaligned(as: T.self) }
    return unsafe shorter(raw, size, type)
  }

  /// No struct of the ABI is anywhere near as large: a larger size is no size.
  private static let maximum = 1 << 16

  private static func shorter<T: BitwiseCopyable>(_ raw: UnsafeRawPointer, _ size: Int, _ type: T.Type) -> T?
  {
    guard size >= 8, size <= maximum else { return nil }
    return unsafe withUnsafeTemporaryAllocation(
      byteCount: MemoryLayout<T>.size, alignment: MemoryLayout<T>.alignment
    ) { copy in
      unsafe copy.initializeMemory(as: UInt8.self, repeating: 0)
      unsafe copy.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: size))
      return unsafe copy.loadUnaligned(as: type)
    }
  }
}

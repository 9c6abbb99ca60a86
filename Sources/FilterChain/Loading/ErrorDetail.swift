internal import FilterABI

/// The buffers that a plugin writes the detail of an error into, owned by this side of the border.
@safe final class ErrorDetail {
  private let message = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1024)
  private let pointer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)
  private let raw = UnsafeMutablePointer<sluice_error>.allocate(capacity: 1)

  init() { unsafe raw.initialize(to: sluice_error()) }

  deinit {
    unsafe message.deallocate()
    unsafe pointer.deallocate()
    unsafe raw.deallocate()
  }

  /// Runs a call that may write a detail.
  @inline(__always)
  func call(_ body: (UnsafeMutablePointer<sluice_error>) -> sluice_status) -> sluice_status {
    unsafe raw.pointee = sluice_error(
      size: UInt32(MemoryLayout<sluice_error>.size), flags: 0, message: message.baseAddress,
      message_capacity: UInt64(message.count), message_length: 0, pointer: pointer.baseAddress,
      pointer_capacity: UInt64(pointer.count), pointer_length: 0)
    return unsafe body(raw)
  }

  /// What the last call said, in plain printable text; a fixed sentence where it may hold protected text.
  var lastMessage: String {
    if unsafe raw.pointee.flags & SLUICE_ERROR_PROTECTED != 0 {
      return "The filter failed; its message may hold protected text and is not shown."
    }
    let length = unsafe min(Int(clamping: raw.pointee.message_length), message.count)
    guard length > 0 else { return "The filter gave no reason." }
    return unsafe Self.printable(UnsafeBufferPointer(rebasing: message[..<length]))
  }

  /// The JSON Pointer that the last call named.
  var lastPointer: String {
    let length = unsafe min(Int(clamping: raw.pointee.pointer_length), pointer.count)
    return unsafe Self.printable(UnsafeBufferPointer(rebasing: pointer[..<length]))
  }

  private static func printable(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    unsafe String(
      String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
  }
}

internal import FilterABI

/// The buffers that a plugin writes the detail of an error into, owned by this side of the border.
@safe final class ErrorDetail {
  private let message = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 512)
  private let pointer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)
  private let raw = UnsafeMutablePointer<sluice_error>.allocate(capacity: 1)

  /// Whether the last call may have written something: the next one must not pass it off as its own.
  private var isWritten = false

  init() {
    unsafe raw.initialize(to: sluice_error())
    unsafe message.initialize(repeating: 0)
    unsafe pointer.initialize(repeating: 0)
  }

  deinit {
    unsafe message.deallocate()
    unsafe pointer.deallocate()
    unsafe raw.deallocate()
  }

  /// Runs a call that may write a detail.
  @inline(__always)
  func call(_ body: (UnsafeMutablePointer<sluice_error>) -> sluice_status) -> sluice_status {
    if isWritten { clear() }
    unsafe raw.pointee = sluice_error(
      size: UInt32(MemoryLayout<sluice_error>.size), flags: 0, message: message.baseAddress,
      message_capacity: UInt64(message.count), message_length: 0, pointer: pointer.baseAddress,
      pointer_capacity: UInt64(pointer.count), pointer_length: 0)
    let status = unsafe body(raw)
    isWritten = status != SLUICE_OK
    return status
  }

  private func clear() {
    unsafe message.update(repeating: 0)
    unsafe pointer.update(repeating: 0)
  }

  /// What the last call said, in plain printable text of at most 512 bytes; a fixed sentence where it may hold
  /// protected text.
  var lastMessage: String {
    if unsafe raw.pointee.flags & SLUICE_ERROR_PROTECTED != 0 {
      return "The filter failed; its message may hold protected text and is not shown."
    }
    let text = unsafe sluice_bytes(data: message.baseAddress, length: raw.pointee.message_length)
      .text(upTo: message.count).printable
    return text.isEmpty ? "The filter gave no reason." : text
  }

  /// The JSON Pointer into the configuration that the last call named.
  var lastPointer: String {
    unsafe sluice_bytes(data: pointer.baseAddress, length: raw.pointee.pointer_length)
      .text(upTo: pointer.count).printable
  }
}

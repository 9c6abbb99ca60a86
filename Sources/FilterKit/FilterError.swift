internal import FilterABI

/// Why a filter can't do what it was asked. Thrown by filters, carried to the host by FilterKit.
public struct FilterError: Error, Sendable {
  /// What kind of failure it is: the `SLUICE_ERROR_*` of base.h.
  public enum Code: Int32, Sendable {
    /// The filter is at fault.
    case `internal` = -1
    /// The configuration is; ``FilterError/pointer`` says where.
    case configuration = -2
    /// The input is, and so the client.
    case input = -3
    /// A stated limit was passed.
    case limit = -4
    /// Something outside that the filter needs does not answer.
    case unavailable = -5
    /// This filter, or this host, does not do that.
    case unsupported = -6
    /// The host refuses: it takes no more, or what it was given breaks a rule.
    case denied = -8
  }

  public let code: Code
  /// What happened and what to do about it. Never text from an exchange.
  public let message: String
  /// A JSON Pointer (RFC 6901) into the configuration; empty where it is not about one.
  public let pointer: String

  public init(_ code: Code, _ message: String, pointer: String = "") {
    self.code = code
    self.message = message
    self.pointer = pointer
  }

  /// A mistake in the configuration, at `pointer`.
  public static func configuration(_ message: String, at pointer: String) -> FilterError {
    FilterError(.configuration, message, pointer: pointer)
  }
}

extension FilterError {
  /// Writes the detail where the caller wants it, cut to its capacities, and returns the status.
  func report(to detail: UnsafeMutablePointer<sluice_error>?) -> sluice_status {
    guard let detail = unsafe detail else { return code.rawValue }
    unsafe detail.pointee.flags = 0
    unsafe detail.pointee.message_length = Self.copy(
      message, to: detail.pointee.message, capacity: detail.pointee.message_capacity)
    unsafe detail.pointee.pointer_length = Self.copy(
      pointer, to: detail.pointee.pointer, capacity: detail.pointee.pointer_capacity)
    return code.rawValue
  }

  private static func copy(_ text: String, to target: UnsafeMutablePointer<UInt8>?, capacity: UInt64)
    -> UInt64
  {
    guard let target = unsafe target else { return 0 }
    var written = 0
    for byte in text.utf8 where written < Int(capacity) {
      unsafe target[written] = byte
      written += 1
    }
    return UInt64(written)
  }
}

internal import FilterABI

/// What the host offers to a filter (host.h). Usable from any thread, for ever.
@safe public struct Host: @unchecked Sendable {  // the pointer and its tables are immutable and live for ever
  let raw: UnsafePointer<sluice_host>?

  func service<T>(_ id: StaticString, as type: T.Type) -> UnsafePointer<T>? {
    guard let raw = unsafe raw, let table = unsafe raw.pointee.get_extension?(raw, .literal(id)) else {
      return nil
    }
    return unsafe table.assumingMemoryBound(to: type)
  }

  /// Whether a configuration is merely being checked: an instance then does nothing but look at it.
  public var isValidating: Bool { unsafe raw == nil }

  /// The service of keyed hashes; nil where the host does not offer it, as while validating.
  public var fingerprints: Fingerprints? {
    guard let table = unsafe service("sluice.host.fingerprint/1", as: sluice_host_fingerprint.self) else {
      return nil
    }
    return unsafe Fingerprints(host: raw, table: table)
  }

  /// The keys that this installation has issued; nil as for ``fingerprints``.
  public var keys: KeyService? {
    guard let table = unsafe service("sluice.host.keys/1", as: sluice_host_keys.self) else { return nil }
    return unsafe KeyService(host: raw, table: table)
  }

  /// How serious a log entry is.
  public enum LogLevel: UInt32, Sendable { case debug, info, warning, error }

  /// Logs a template with numbers, all of them public. There is no way to log free text.
  public func log(
    _ level: LogLevel, _ template: StaticString, _ fields: [(name: StaticString, number: Int64)] = []
  ) {
    guard let table = unsafe service("sluice.host.log/1", as: sluice_host_log.self) else { return }
    let raws = unsafe fields.map { field in
      unsafe sluice_log_field(
        size: UInt32(MemoryLayout<sluice_log_field>.size), disclosure: SLUICE_FIELD_PUBLIC,
        name: .literal(field.name), text: sluice_bytes(data: nil, length: 0), number: field.number)
    }
    unsafe raws.withUnsafeBufferPointer { buffer in
      unsafe table.pointee.write?(
        raw, level.rawValue, .literal(template),
        sluice_array(
          first: buffer.baseAddress, count: UInt64(buffer.count),
          stride: UInt64(MemoryLayout<sluice_log_field>.stride)))
    }
  }
}

/// A keyed hash of 16 bytes: the same value is recognised without being known.
public struct Fingerprint: Hashable, Sendable {
  public var high, low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Lends the 16 bytes, most significant first.
  public func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<8 {
      bytes[index] = UInt8(truncatingIfNeeded: high >> UInt64((7 - index) << 3))
      bytes[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64((7 - index) << 3))
    }
    return body(bytes.span)
  }
}

/// "sluice.host.fingerprint/1".
@safe public struct Fingerprints: @unchecked Sendable {  // as Host
  let host: UnsafePointer<sluice_host>?
  let table: UnsafePointer<sluice_host_fingerprint>

  /// The fingerprint of a value, normalised by the caller, within a domain such as its kind.
  public func of(_ value: Span<UInt8>, in domain: Span<UInt8>) throws(FilterError) -> Fingerprint {
    var out = InlineArray<16, UInt8>(repeating: 0)
    var status = SLUICE_ERROR_UNAVAILABLE
    var target = out.mutableSpan
    unsafe target.withUnsafeMutableBufferPointer { buffer in
      status = unsafe domain.withABI { domain in
        unsafe value.withABI { value in
          unsafe table.pointee.compute?(host, domain, value, buffer.baseAddress) ?? SLUICE_ERROR_UNAVAILABLE
        }
      }
    }
    guard status == SLUICE_OK else {
      throw FilterError(.unavailable, "The host could not compute a fingerprint.")
    }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<8 {
      high = high << 8 | UInt64(out[index])
      low = low << 8 | UInt64(out[index + 8])
    }
    return Fingerprint(high: high, low: low)
  }
}

internal import FilterABI

/// "sluice.host.history/1": what somebody sent before (history.h).
@safe public struct History: @unchecked Sendable {  // as Host
  let host: UnsafePointer<sluice_host>?
  let table: UnsafePointer<sluice_host_history>

  /// How many different values the subject sent in the window before `time`, together with these.
  /// - Parameters:
  ///   - time: the request's, in seconds since 1970.
  ///   - window: seconds, 1 to 86400.
  ///   - kind: of this alone; nil: of any.
  ///   - fingerprints: the request's own, as a score's session was given them.
  public func count(
    subject: Span<UInt8>, time: Int64, window: UInt64, kind: Kind?, fingerprints: [Fingerprint]
  ) throws(FilterError) -> UInt64 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(fingerprints.count * 16)
    for fingerprint in fingerprints {
      fingerprint.withBytes { span in for index in span.indices { bytes.append(span[index]) } }
    }
    let name = kind.map { kind in kind.withBytes { Array(copying: $0) } } ?? []
    var distinct: UInt64 = 0
    var status = SLUICE_ERROR_UNAVAILABLE
    unsafe bytes.withUnsafeBufferPointer { buffer in
      let prints = unsafe fingerprints.indices.map { index in
        unsafe sluice_bytes(data: buffer.baseAddress.map { unsafe $0 + index * 16 }, length: 16)
      }
      unsafe prints.withUnsafeBufferPointer { prints in
        let array = unsafe sluice_array(
          first: prints.baseAddress, count: UInt64(prints.count),
          stride: UInt64(MemoryLayout<sluice_bytes>.stride))
        status = unsafe subject.withABI { subject in
          unsafe name.span.withABI { name in
            unsafe table.pointee.count?(host, subject, time, window, name, array, &distinct)
              ?? SLUICE_ERROR_UNAVAILABLE
          }
        }
      }
    }
    guard status == SLUICE_OK else {
      throw FilterError(.unavailable, "The host could not say what was sent before.")
    }
    return distinct
  }
}

extension Host {
  /// What somebody sent before; nil where the host does not offer it, as while validating.
  public var history: History? {
    guard let table = unsafe service("sluice.host.history/1", as: sluice_host_history.self) else {
      return nil
    }
    return unsafe History(host: raw, table: table)
  }
}

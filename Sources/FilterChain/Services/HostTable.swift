internal import FilterABI

/// The host as plugins see it: the C table of plugin.h, made once and never freed.
@safe final class HostTable: @unchecked Sendable {  // the record is never changed or freed
  let fingerprints: Fingerprinter
  /// The answers that filters owe.
  let owed: OwedAnswers
  /// What principals sent before, for scores that ask.
  let history = SentHistory()
  /// What the filters that were given this table do.
  let accounts = FilterAccounts()
  private let record: UnsafeMutablePointer<HostRecord>

  var pointer: UnsafePointer<sluice_host> {
    unsafe UnsafeRawPointer(record).assumingMemoryBound(to: sluice_host.self)
  }

  init(_ services: HostServices) {
    fingerprints = Fingerprinter(key: services.fingerprintKey)
    owed = OwedAnswers()
    unsafe record = .allocate(capacity: 1)
    unsafe record.initialize(
      to: HostRecord(
        table: sluice_host(
          size: UInt32(MemoryLayout<sluice_host>.size), abi_major: SLUICE_ABI_MAJOR,
          abi_minor: SLUICE_ABI_MINOR,
          reserved: 0, version: Names.immortal(services.version),
          get_extension: { host, id in
            let table = unsafe HostExtensions.shared.lookUp(id)
            if unsafe table == HostExtensions.shared.historyTable {
              unsafe HostRecord.of(host)?.pointee.history.want()
            }
            return unsafe table
          }),
        services: services, fingerprints: fingerprints, owed: owed, history: history))
  }
}

/// The C table first, so that the pointer that a plugin passes back is a pointer to the whole.
@safe struct HostRecord {
  let table: sluice_host
  let services: HostServices
  let fingerprints: Fingerprinter
  let owed: OwedAnswers
  let history: SentHistory

  /// The record that a plugin's pointer points to; nil for NULL.
  static func of(_ host: UnsafePointer<sluice_host>?) -> UnsafePointer<HostRecord>? {
    unsafe host.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: HostRecord.self) }
  }
}

/// The tables of the host's services: the same for every host of this process.
///
/// Of "sluice.host.completion/1" this build waits for authenticate filters alone; a gate's token is always stale.
@safe final class HostExtensions: @unchecked Sendable {  // the tables are made once and never changed
  static let shared = HostExtensions()

  private let log = UnsafeMutablePointer<sluice_host_log>.allocate(capacity: 1)
  private let fingerprint = UnsafeMutablePointer<sluice_host_fingerprint>.allocate(capacity: 1)
  private let keys = UnsafeMutablePointer<sluice_host_keys>.allocate(capacity: 1)
  private let history = UnsafeMutablePointer<sluice_host_history>.allocate(capacity: 1)
  var historyTable: UnsafeRawPointer { unsafe UnsafeRawPointer(history) }
  private let completion = UnsafeMutablePointer<sluice_host_completion>.allocate(capacity: 1)

  private init() {
    unsafe log.initialize(
      to: sluice_host_log(
        size: UInt32(MemoryLayout<sluice_host_log>.size), reserved: 0,
        write: { host, level, template, fields in
          guard let record = unsafe HostRecord.of(host) else { return }
          unsafe LogService.write(record.pointee.services.log, level, template, fields)
        }))
    unsafe fingerprint.initialize(
      to: sluice_host_fingerprint(
        size: UInt32(MemoryLayout<sluice_host_fingerprint>.size), reserved: 0,
        compute: { host, domain, value, out in
          guard let out = unsafe out, let record = unsafe HostRecord.of(host) else {
            return SLUICE_ERROR_INTERNAL
          }
          let result = unsafe domain.withSpan { domain in
            unsafe value.withSpan { unsafe record.pointee.fingerprints.compute(domain, $0) }
          }
          for index in 0..<16 { unsafe out[index] = result[index] }
          return SLUICE_OK
        }))
    unsafe keys.initialize(
      to: sluice_host_keys(
        size: UInt32(MemoryLayout<sluice_host_keys>.size), reserved: 0,
        find: { host, digest, state, receiver in unsafe HostExtensions.find(host, digest, state, receiver) }))
    unsafe history.initialize(
      to: sluice_host_history(
        size: UInt32(MemoryLayout<sluice_host_history>.size), reserved: 0,
        count: { host, subject, time, window, kind, fingerprints, distinct in
          guard let record = unsafe HostRecord.of(host) else { return SLUICE_ERROR_INTERNAL }
          return unsafe HistoryService.count(
            LentHistory.current ?? record.pointee.history, subject, time, window, kind, fingerprints, distinct
          )
        }))
    unsafe completion.initialize(
      to: sluice_host_completion(
        size: UInt32(MemoryLayout<sluice_host_completion>.size), reserved: 0,
        authenticated: { host, token, authentication in
          guard let record = unsafe HostRecord.of(host) else { return SLUICE_ERROR_INTERNAL }
          guard let answer = unsafe Sized.read(authentication) else { return SLUICE_ERROR_DENIED }
          return unsafe record.pointee.owed.complete(token, AuthenticationAnswer(answer))
            ? SLUICE_OK : SLUICE_ERROR_STALE
        },
        decided: { _, _, _ in SLUICE_ERROR_STALE }))
  }

  /// The table of a service by its id; nil where this host has none of that name.
  func lookUp(_ id: sluice_bytes) -> UnsafeRawPointer? {
    switch unsafe id.text(upTo: 64) {
    case SLUICE_HOST_LOG_ID: unsafe UnsafeRawPointer(log)
    case SLUICE_HOST_FINGERPRINT_ID: unsafe UnsafeRawPointer(fingerprint)
    case SLUICE_HOST_KEYS_ID: unsafe UnsafeRawPointer(keys)
    case SLUICE_HOST_HISTORY_ID: unsafe UnsafeRawPointer(history)
    case SLUICE_HOST_COMPLETION_ID: unsafe UnsafeRawPointer(completion)
    default: nil
    }
  }

  private static func find(
    _ host: UnsafePointer<sluice_host>?, _ digest: UnsafePointer<UInt8>?,
    _ state: UnsafeMutablePointer<UInt32>?,
    _ receiver: UnsafePointer<sluice_key_receiver>?
  ) -> sluice_status {
    guard let record = unsafe HostRecord.of(host), let digest = unsafe digest, let state = unsafe state else {
      return SLUICE_ERROR_INTERNAL
    }
    unsafe state.pointee = SLUICE_KEY_UNKNOWN
    let key = unsafe Array(UnsafeBufferPointer(start: digest, count: 32))
    switch unsafe record.pointee.services.findKey(key) {
    case .valid(let principal):
      guard let receiver = unsafe Sized.read(receiver), let take = unsafe receiver.principal else {
        return SLUICE_ERROR_INTERNAL
      }
      unsafe state.pointee = SLUICE_KEY_VALID
      let image = PrincipalImage(principal)
      unsafe take(receiver.context, image.pointer)
      withExtendedLifetime(image) {}
    case .unknown: break
    case .expired: unsafe state.pointee = SLUICE_KEY_EXPIRED
    case .revoked: unsafe state.pointee = SLUICE_KEY_REVOKED
    case .unavailable: return SLUICE_ERROR_UNAVAILABLE
    }
    return SLUICE_OK
  }
}

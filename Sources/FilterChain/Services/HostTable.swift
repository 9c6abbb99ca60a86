internal import FilterABI

/// The host as plugins see it: the C table of host.h, made once and never freed.
final class HostTable: Sendable {
  private let address: UInt
  let fingerprints: Fingerprinter

  var pointer: UnsafePointer<sluice_host>? { unsafe UnsafePointer(bitPattern: address) }

  init(_ services: HostServices) {
    fingerprints = Fingerprinter(key: services.fingerprintKey)
    let record = UnsafeMutablePointer<HostRecord>.allocate(capacity: 1)
    unsafe record.initialize(
      to: HostRecord(
        table: sluice_host(
          size: UInt32(MemoryLayout<sluice_host>.size), abi_major: SLUICE_ABI_MAJOR,
          abi_minor: SLUICE_ABI_MINOR,
          reserved: 0, version: Names.immortal(services.version),
          get_extension: { _, id in unsafe HostExtensions.shared.lookUp(id) }),
        services: services, fingerprints: fingerprints))
    address = UInt(bitPattern: record)
  }
}

/// The C table first, so that the pointer that a plugin passes back is a pointer to the whole.
@safe struct HostRecord {
  let table: sluice_host
  let services: HostServices
  let fingerprints: Fingerprinter

  static func of(_ host: UnsafePointer<sluice_host>?) -> HostRecord? {
    guard let host = unsafe host else { return nil }
    return unsafe UnsafeRawPointer(host).assumingMemoryBound(to: HostRecord.self).pointee
  }
}

/// The tables of the host's services: the same for every host of this process.
@safe final class HostExtensions: @unchecked Sendable {  // the tables are made once and never changed
  static let shared = HostExtensions()

  private let log = UnsafeMutablePointer<sluice_host_log>.allocate(capacity: 1)
  private let fingerprint = UnsafeMutablePointer<sluice_host_fingerprint>.allocate(capacity: 1)
  private let keys = UnsafeMutablePointer<sluice_host_keys>.allocate(capacity: 1)

  private init() {
    unsafe log.initialize(
      to: sluice_host_log(
        size: UInt32(MemoryLayout<sluice_host_log>.size), reserved: 0,
        write: { host, level, template, fields in unsafe HostExtensions.write(host, level, template, fields) }
      ))
    unsafe fingerprint.initialize(
      to: sluice_host_fingerprint(
        size: UInt32(MemoryLayout<sluice_host_fingerprint>.size), reserved: 0,
        compute: { host, domain, value, out in
          guard let out = unsafe out, let record = unsafe HostRecord.of(host) else {
            return SLUICE_ERROR_INTERNAL
          }
          let result = unsafe domain.withSpan { domain in
            unsafe value.withSpan { record.fingerprints.compute(domain, $0) }
          }
          for index in 0..<16 { unsafe out[index] = result[index] }
          return SLUICE_OK
        }))
    unsafe keys.initialize(
      to: sluice_host_keys(
        size: UInt32(MemoryLayout<sluice_host_keys>.size), reserved: 0,
        find: { host, digest, state, receiver in unsafe HostExtensions.find(host, digest, state, receiver) }))
  }

  /// The table of a service by its id; nil where this host has none of that name.
  func lookUp(_ id: sluice_bytes) -> UnsafeRawPointer? {
    switch unsafe id.text {
    case "sluice.host.log/1": unsafe UnsafeRawPointer(log)
    case "sluice.host.fingerprint/1": unsafe UnsafeRawPointer(fingerprint)
    case "sluice.host.keys/1": unsafe UnsafeRawPointer(keys)
    default: nil
    }
  }

  private static func find(
    _ host: UnsafePointer<sluice_host>?, _ digest: UnsafePointer<UInt8>?,
    _ state: UnsafeMutablePointer<UInt32>?,
    _ receiver: UnsafePointer<sluice_key_receiver>?
  ) -> sluice_status {
    guard let record = unsafe HostRecord.of(host), let digest = unsafe digest, let state = unsafe state,
      let receiver = unsafe receiver
    else { return SLUICE_ERROR_INTERNAL }
    switch record.services.findKey(unsafe Array(UnsafeBufferPointer(start: digest, count: 32))) {
    case .valid(let principal):
      unsafe state.pointee = SLUICE_KEY_VALID
      let image = PrincipalImage(principal)
      unsafe receiver.pointee.principal?(receiver.pointee.context, image.pointer)
      withExtendedLifetime(image) {}
    case .unknown: unsafe state.pointee = SLUICE_KEY_UNKNOWN
    case .expired: unsafe state.pointee = SLUICE_KEY_EXPIRED
    case .revoked: unsafe state.pointee = SLUICE_KEY_REVOKED
    case .unavailable: return SLUICE_ERROR_UNAVAILABLE
    }
    return SLUICE_OK
  }

  private static func write(
    _ host: UnsafePointer<sluice_host>?, _ level: UInt32, _ template: sluice_bytes, _ fields: sluice_array
  ) {
    guard let record = unsafe HostRecord.of(host) else { return }
    var shown: [(name: String, value: String)] = []
    for index in 0..<min(Int(clamping: unsafe fields.count), 16) {
      guard let first = unsafe fields.first else { break }
      let field = unsafe first.advanced(by: index * Int(clamping: fields.stride))
        .assumingMemoryBound(to: sluice_log_field.self).pointee
      let text = unsafe field.text.data == nil ? String(field.number) : field.text.text
      let isPublic = unsafe field.disclosure == SLUICE_FIELD_PUBLIC
      shown.append((unsafe field.name.text, isPublic ? text : "<\(text.utf8.count) bytes>"))
    }
    record.services.log(LogLevel(rawValue: level) ?? .error, unsafe template.text, shown)
  }
}

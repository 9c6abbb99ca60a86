internal import COpenSSL
public import FilterABI
public import Synchronization

/// A host as plugins see it, with the services of host.h: fingerprints under a fixed key, keys that a test gives,
/// and a log that it can read. Never freed, as a host never is.
@safe public final class TestHost: @unchecked Sendable {  // the tables are immutable; the rest is locked
  public enum KeyState: Sendable {
    case valid(subject: String, groups: [String])
    case expired, revoked, storeIsDown
  }

  let pointer: UnsafePointer<sluice_host>
  /// What `keys` knows, by the text of the key.
  public let keys = Mutex<[String: KeyState]>([:])
  /// The templates that were logged.
  public let logged = Mutex<[String]>([])
  /// What `history` tells of everybody: kind, fingerprint, and when it was sent.
  public let sent = Mutex<[(kind: String, print: [UInt8], time: Int64)]>([])
  private let services: Set<String>

  @safe private struct Record {
    var table: sluice_host
    var host: Unmanaged<TestHost>
  }

  nonisolated(unsafe) private static let log = unsafe place(
    sluice_host_log(
      size: size(sluice_host_log.self), reserved: 0,
      write: { host, _, template, _ in
        let text = unsafe template.string
        unsafe TestHost.of(host)?.logged.withLock { $0.append(text) }
      }))

  nonisolated(unsafe) private static let fingerprint = unsafe place(
    sluice_host_fingerprint(
      size: size(sluice_host_fingerprint.self), reserved: 0,
      compute: { _, domain, value, out in
        let message = unsafe domain.array + [0] + value.array
        let key = Array("the key of the tests' installation".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        guard let out = unsafe out,
          unsafe HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &digest, nil) != nil
        else { return SLUICE_ERROR_UNAVAILABLE }
        for index in 0..<16 { unsafe out[index] = digest[index] }
        return SLUICE_OK
      }))

  nonisolated(unsafe) private static let keyService = unsafe place(
    sluice_host_keys(
      size: size(sluice_host_keys.self), reserved: 0,
      find: { host, digest, state, receiver in
        guard let host = unsafe TestHost.of(host), let digest = unsafe digest, let state = unsafe state else {
          return SLUICE_ERROR_INTERNAL
        }
        return unsafe host.find(Array(UnsafeBufferPointer(start: digest, count: 32)), state, receiver)
      }))

  nonisolated(unsafe) private static let history = unsafe place(
    sluice_host_history(
      size: size(sluice_host_history.self), reserved: 0,
      count: { host, _, time, window, kind, prints, distinct in
        guard let host = unsafe TestHost.of(host), (1...86_400).contains(window) else {
          return SLUICE_ERROR_DENIED
        }
        let kind = unsafe kind.string
        let first = unsafe prints.first?.assumingMemoryBound(to: sluice_bytes.self)
        var all = Set(unsafe (0..<Int(prints.count)).map { unsafe first?[$0].array ?? [] })
        for sent in host.sent.withLock({ $0 })
        where sent.time >= time - Int64(window) && (kind.isEmpty || kind == sent.kind) {
          all.insert(sent.print)
        }
        unsafe distinct?.pointee = UInt64(all.count)
        return SLUICE_OK
      }))

  /// - Parameters:
  ///   - services: the ids that get_extension knows.
  ///   - major: of the ABI that the host speaks.
  public init(
    services: Set<String> = [
      "sluice.host.log/1", "sluice.host.fingerprint/1", "sluice.host.keys/1", "sluice.host.history/1",
    ],
    major: UInt32 = SLUICE_ABI_MAJOR
  ) {
    self.services = services
    let record = UnsafeMutablePointer<Record>.allocate(capacity: 1)
    unsafe pointer = UnsafeRawPointer(record).assumingMemoryBound(to: sluice_host.self)
    unsafe record.initialize(
      to: Record(
        table: sluice_host(
          size: size(sluice_host.self), abi_major: major, abi_minor: SLUICE_ABI_MINOR, reserved: 0,
          version: Arena.immortal("harness 1.0.0"),
          get_extension: { host, id in
            guard let host = unsafe TestHost.of(host), unsafe host.services.contains(id.string) else {
              return nil
            }
            switch unsafe id.string {
            case "sluice.host.log/1": return unsafe UnsafeRawPointer(TestHost.log)
            case "sluice.host.fingerprint/1": return unsafe UnsafeRawPointer(TestHost.fingerprint)
            case "sluice.host.history/1": return unsafe UnsafeRawPointer(TestHost.history)
            case "sluice.host.keys/1": return unsafe UnsafeRawPointer(TestHost.keyService)
            default: return nil
            }
          }),
        host: .passRetained(self)))
  }

  private static func place<T>(_ value: T) -> UnsafePointer<T> {
    let block = UnsafeMutablePointer<T>.allocate(capacity: 1)
    unsafe block.initialize(to: value)
    return unsafe UnsafePointer(block)
  }

  private static func of(_ host: UnsafePointer<sluice_host>?) -> TestHost? {
    guard let host = unsafe host else { return nil }
    return unsafe UnsafeRawPointer(host).assumingMemoryBound(to: Record.self).pointee.host
      .takeUnretainedValue()
  }

  private func find(
    _ digest: [UInt8], _ state: UnsafeMutablePointer<UInt32>, _ receiver: UnsafePointer<sluice_key_receiver>?
  ) -> sluice_status {
    let known = keys.withLock { $0 }.first { Self.sha256($0.key) == digest }?.value
    switch known {
    case nil: unsafe state.pointee = SLUICE_KEY_UNKNOWN
    case .expired: unsafe state.pointee = SLUICE_KEY_EXPIRED
    case .revoked: unsafe state.pointee = SLUICE_KEY_REVOKED
    case .storeIsDown: return SLUICE_ERROR_UNAVAILABLE
    case .valid(let subject, let groups):
      unsafe state.pointee = SLUICE_KEY_VALID
      let arena = Arena()
      let principal = unsafe arena.place(
        sluice_principal(
          size: size(sluice_principal.self), reserved: 0, subject: arena.bytes(subject),
          email: arena.bytes(""),
          groups: arena.array(groups.map { unsafe arena.bytes($0) }), established: arena.bytes("store"),
          credential: arena.bytes("key_1"), expires: 0))
      unsafe receiver?.pointee.principal(receiver?.pointee.context, principal)
      withExtendedLifetime(arena) {}
    }
    return SLUICE_OK
  }

  private static func sha256(_ text: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let bytes = Array(text.utf8)
    _ = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    return digest
  }
}

extension Arena {
  /// A text that is never freed.
  static func immortal(_ text: StaticString) -> sluice_bytes {
    unsafe sluice_bytes(data: text.utf8Start, length: UInt64(text.utf8CodeUnitCount))
  }
}

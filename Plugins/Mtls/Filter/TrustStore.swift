internal import COpenSSL
internal import FilterKit
internal import Glibc
internal import Synchronization

/// The authorities whose certificates are taken, and what they have revoked: read from files, and again when one of
/// them changes.
final class TrustStore: Sendable {
  enum Verdict: Equatable {
    case good
    case revoked
    case expired
    /// No list of revocations that is in force covers it.
    case noRevocationList
    case untrusted
  }

  private struct State {
    var store: LoadedStore?
    var version = 0
    var stamps: [Stamp] = []
    var looked: Int64 = 0
  }

  private struct Stamp: Equatable {
    var inode: UInt = 0
    var size: Int = 0
    var seconds: Int = 0
    var nanoseconds: Int = 0
  }

  private let authorities: String
  private let revocations: String?
  private let state = Mutex(State())

  init(authorities: String, revocations: String?) throws(FilterError) {
    self.authorities = authorities
    self.revocations = revocations
    let store = try load()
    let stamps = stamps()
    state.withLock { state in
      state.store = store
      state.stamps = stamps
    }
  }

  /// Changes whenever the files have.
  var version: Int { state.withLock { $0.version } }

  /// Whether the certificate is one of the authorities', for clients, in force and not revoked.
  /// - Parameter now: seconds of a clock that does not jump; the files are looked at once a second.
  func verify(_ certificate: Certificate, now: Int64) throws(FilterError) -> Verdict {
    let store = try current(now)
    defer { ERR_clear_error() }
    guard let context = unsafe X509_STORE_CTX_new() else {
      throw FilterError(.internal, "libcrypto has no memory for checking a certificate.")
    }
    defer { unsafe X509_STORE_CTX_free(context) }
    guard unsafe X509_STORE_CTX_init(context, store.pointer, certificate.pointer, nil) == 1,
      unsafe X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT) == 1
    else { throw FilterError(.internal, "libcrypto could not begin to check a certificate.") }
    if unsafe X509_verify_cert(context) == 1 { return .good }
    switch unsafe X509_STORE_CTX_get_error(context) {
    case X509_V_ERR_CERT_REVOKED: return .revoked
    case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: return .expired
    case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID,
      X509_V_ERR_CRL_SIGNATURE_FAILURE:
      return .noRevocationList
    default: return .untrusted
    }
  }

  /// Reads the files anew where they have changed. Where they can't be read, nobody comes in: what was revoked is not
  /// known any more.
  func refresh(now: Int64) throws(FilterError) {
    _ = try current(now)
  }

  private func current(_ now: Int64) throws(FilterError) -> LoadedStore {
    let isDue = state.withLock { state in
      guard now > state.looked || state.store == nil else { return false }
      state.looked = now
      return true
    }
    if isDue {
      let stamps = stamps()
      let hasChanged = state.withLock { $0.stamps != stamps || $0.store == nil }
      if hasChanged {
        let fresh = try? load()
        state.withLock { state in
          state.store = fresh
          state.stamps = stamps
          state.version += 1
        }
      }
    }
    guard let found = state.withLock({ $0.store }) else {
      throw FilterError(.unavailable, "The certificate authorities or their revocations can't be read.")
    }
    return found
  }

  private func load() throws(FilterError) -> LoadedStore {
    defer { ERR_clear_error() }
    guard let store = LoadedStore(),
      let lookUp = unsafe X509_STORE_add_lookup(store.pointer, X509_LOOKUP_file())
    else { throw FilterError(.internal, "libcrypto has no memory for certificates.") }
    guard unsafe X509_load_cert_file(lookUp, authorities, X509_FILETYPE_PEM) > 0 else {
      throw .configuration("There is no certificate in PEM to be read in this file.", at: "/ca")
    }
    // An intermediate authority may be named without the one above it.
    var flags = X509_V_FLAG_PARTIAL_CHAIN
    if let revocations {
      guard unsafe X509_load_crl_file(lookUp, revocations, X509_FILETYPE_PEM) > 0 else {
        throw .configuration("There is no list of revocations in PEM to be read in this file.", at: "/crl")
      }
      flags |= X509_V_FLAG_CRL_CHECK
    }
    guard unsafe X509_STORE_set_flags(store.pointer, UInt(flags)) == 1 else {
      throw FilterError(.internal, "libcrypto refuses to check revocations.")
    }
    return store
  }

  private func stamps() -> [Stamp] {
    ([authorities] + (revocations.map { [$0] } ?? [])).map { path in
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return Stamp() }
      return Stamp(
        inode: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec,
        nanoseconds: status.st_mtim.tv_nsec)
    }
  }
}

/// Certificates and revocations, as libcrypto holds them. Not changed once it is filled.
@safe private final class LoadedStore: @unchecked Sendable {
  let pointer: OpaquePointer

  init?() {
    guard let made = unsafe X509_STORE_new() else { return nil }
    unsafe pointer = made
  }

  deinit { unsafe X509_STORE_free(pointer) }
}

internal import FilterABI

/// Who is asking, as an authenticate filter establishes it.
public struct Principal: Sendable {
  /// Stable and unique within what established it.
  public var subject: String
  public var email: String
  public var groups: [String]
  /// How it was established: the filter's name.
  public var established: String
  /// An id of the credential that may be shown; never the credential.
  public var credential: String
  /// Seconds since 1970 UTC; 0: no expiry of its own.
  public var expires: Int64

  public init(
    subject: String, email: String = "", groups: [String] = [], established: String, credential: String = "",
    expires: Int64 = 0
  ) {
    self.subject = subject
    self.email = email
    self.groups = groups
    self.established = established
    self.credential = credential
    self.expires = expires
  }
}

extension Principal {
  init(_ raw: sluice_principal) {
    var groups: [String] = []
    unsafe raw.groups.forEach(as: sluice_bytes.self) { groups.append(unsafe $0.pointee.text) }
    unsafe self.init(
      subject: raw.subject.text, email: raw.email.text, groups: groups, established: raw.established.text,
      credential: raw.credential.text, expires: raw.expires)
  }

  /// Lends the principal to the ABI.
  func withABI<R>(_ body: (UnsafePointer<sluice_principal>) -> R) -> R {
    // One buffer holds every text, so that one span keeps all of them alive.
    var text: [UInt8] = []
    func place(_ string: String) -> Range<Int> {
      let start = text.count
      text.append(contentsOf: string.utf8)
      return start..<text.count
    }
    let fields = [subject, email, established, credential].map(place)
    let groupRanges = groups.map(place)
    return unsafe text.withUnsafeBufferPointer { buffer in
      func bytes(_ range: Range<Int>) -> sluice_bytes {
        guard let base = buffer.baseAddress, !range.isEmpty else { return unsafe .literal("") }
        return unsafe sluice_bytes(data: base + range.lowerBound, length: UInt64(range.count))
      }
      let groupBytes = unsafe groupRanges.map(bytes)
      return unsafe groupBytes.withUnsafeBufferPointer { groups in
        let raw = unsafe sluice_principal(
          size: UInt32(MemoryLayout<sluice_principal>.size), reserved: 0, subject: bytes(fields[0]),
          email: bytes(fields[1]),
          groups: sluice_array(
            first: groups.baseAddress, count: UInt64(groups.count),
            stride: UInt64(MemoryLayout<sluice_bytes>.stride)),
          established: bytes(fields[2]), credential: bytes(fields[3]), expires: expires)
        return unsafe withUnsafePointer(to: raw, body)
      }
    }
  }
}

/// "sluice.host.keys/1".
@safe public struct KeyService: @unchecked Sendable {  // as Host
  let host: UnsafePointer<sluice_host>?
  let table: UnsafePointer<sluice_host_keys>

  /// What is known of a key.
  public enum State: Sendable {
    case valid(Principal)
    case unknown, expired, revoked
  }

  /// Looks a key up by the SHA-256 of its text.
  public func find(digest: Span<UInt8>) throws(FilterError) -> State {
    guard digest.count == 32 else { throw FilterError(.internal, "A key's digest has 32 bytes.") }
    let received = PrincipalBox()
    var state = SLUICE_KEY_UNKNOWN
    var receiver = unsafe sluice_key_receiver(
      size: UInt32(MemoryLayout<sluice_key_receiver>.size), reserved: 0,
      context: Unmanaged.passUnretained(received).toOpaque(),
      principal: { context, principal in
        guard let principal = unsafe principal else { return }
        unsafe unbox(unsafe context, as: PrincipalBox.self).principal = unsafe Principal(principal.pointee)
      })
    let status = unsafe digest.withUnsafeBufferPointer { digest in
      unsafe table.pointee.find?(host, digest.baseAddress, &state, &receiver) ?? SLUICE_ERROR_UNAVAILABLE
    }
    guard status == SLUICE_OK else {
      throw FilterError(.unavailable, "The store of keys can't be read, and the key is not known already.")
    }
    switch state {
    case SLUICE_KEY_VALID:
      guard let principal = received.principal else {
        throw FilterError(.internal, "The host called a key valid and gave no principal.")
      }
      return .valid(principal)
    case SLUICE_KEY_EXPIRED: return .expired
    case SLUICE_KEY_REVOKED: return .revoked
    default: return .unknown
    }
  }
}

private final class PrincipalBox {
  var principal: Principal?
}

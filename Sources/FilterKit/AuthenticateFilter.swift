internal import FilterABI

/// A filter that says who is asking (authenticate.h), at once; one that may have to wait for something outside is a
/// ``WaitingAuthenticateFilter``.
public protocol AuthenticateFilter: Filter {
  /// Decides from the head of a request. Any thread.
  func authenticate(_ head: borrowing HeadView) throws(FilterError) -> Authentication
}

/// The head of a request.
@safe public struct HeadView: ~Copyable {
  let raw: UnsafePointer<sluice_head>

  /// Lends the value of each header field of that name (compared without regard to case).
  public func forEachHeader(named name: StaticString, _ body: (Span<UInt8>) -> Void) {
    unsafe raw.pointee.headers.forEach(as: sluice_header.self) { header in
      let matches = unsafe header.pointee.name.withSpan { isEqualIgnoringCase($0, name) }
      if matches { unsafe header.pointee.value.withSpan(body) }
    }
  }

  /// Lends the value of each header field of that name, for names that come from a configuration.
  public func forEachHeader(named name: [UInt8], _ body: (Span<UInt8>) -> Void) {
    unsafe raw.pointee.headers.forEach(as: sluice_header.self) { header in
      let matches = unsafe header.pointee.name.withSpan { candidate in
        guard candidate.count == name.count else { return false }
        for index in name.indices where lowercased(candidate[index]) != lowercased(name[index]) {
          return false
        }
        return true
      }
      if matches { unsafe header.pointee.value.withSpan(body) }
    }
  }

  /// Lends the client's verified certificate, DER; empty where there is none.
  public func withPeerCertificate<R>(_ body: (Span<UInt8>) -> R) -> R {
    unsafe raw.pointee.peer_certificate.withSpan(body)
  }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

private func isEqualIgnoringCase(_ bytes: Span<UInt8>, _ literal: StaticString) -> Bool {
  guard bytes.count == literal.utf8CodeUnitCount else { return false }
  for index in bytes.indices where lowercased(bytes[index]) != lowercased(unsafe literal.utf8Start[index]) {
    return false
  }
  return true
}

/// What an authenticate filter answers.
public enum Authentication: Sendable {
  case allow(Principal)
  /// There is a credential of this kind, and it is not good. `reason` is a stable word: `expired`.
  case deny(reason: String, challenge: String)
  /// There is no credential of this kind: the next stage is asked.
  case challenge(String)
}

private final class AuthenticateBox {
  let filter: any AuthenticateFilter
  init(_ filter: any AuthenticateFilter) { self.filter = filter }
}

/// A filter that says who is asking, and sometimes later.
public protocol WaitingAuthenticateFilter: Filter {
  /// Decides from the head of a request; nil: the answer is given to ``Host/complete(_:_:)`` with the ticket, later.
  /// Any thread.
  func authenticate(_ head: borrowing HeadView, _ ticket: Ticket) throws(FilterError) -> Authentication?
  /// The host no longer waits for this ticket. Any thread.
  func cancel(_ ticket: Ticket)
}

/// Stands for an answer that is owed.
public struct Ticket: Hashable, Sendable {
  let token: UInt64

  /// Whether the host waits at all.
  public var canWait: Bool { token != 0 }
}

extension Host {
  /// Gives a late answer; nil: what is needed to tell does not answer. Any thread. Whether somebody still waited.
  @discardableResult
  public func complete(_ ticket: Ticket, _ answer: Authentication?) -> Bool {
    guard let table = unsafe service("sluice.host.completion/1", as: sluice_host_completion.self) else {
      return false
    }
    var status = SLUICE_ERROR_STALE
    unsafe lend(answer) { unsafe status = table.pointee.authenticated?(raw, ticket.token, $0) ?? status }
    return status == SLUICE_OK
  }
}

private final class WaitingBox {
  let filter: any WaitingAuthenticateFilter
  init(_ filter: any WaitingAuthenticateFilter) { self.filter = filter }
}

func makeWaitingAuthenticateTable<F: WaitingAuthenticateFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { WaitingBox($0) }
  let table = UnsafeMutablePointer<sluice_authenticate>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_authenticate(
      size: UInt32(MemoryLayout<sluice_authenticate>.size), reserved: 0, filter: filter,
      authenticate: { instance, head, emitter, error in
        var isOwed = false
        let status = unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: WaitingBox.self).filter
          let ticket = unsafe Ticket(token: head!.pointee.token)
          guard let answer = try filter.authenticate(unsafe HeadView(raw: head!), ticket) else {
            isOwed = true
            return
          }
          guard unsafe emit(answer, to: emitter!) == SLUICE_OK else {
            throw FilterError(.internal, "The host refused an answer.")
          }
        }
        return isOwed ? SLUICE_PENDING : status
      },
      cancel: { instance, token in
        unsafe unbox(unsafe instance, as: WaitingBox.self).filter.cancel(Ticket(token: token))
      }))
  return UnsafeRawPointer(table)
}

func makeAuthenticateTable<F: AuthenticateFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { AuthenticateBox($0) }
  let table = UnsafeMutablePointer<sluice_authenticate>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_authenticate(
      size: UInt32(MemoryLayout<sluice_authenticate>.size), reserved: 0, filter: filter,
      authenticate: { instance, head, emitter, error in
        unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: AuthenticateBox.self).filter
          let answer = try filter.authenticate(unsafe HeadView(raw: head!))
          guard unsafe emit(answer, to: emitter!) == SLUICE_OK else {
            throw FilterError(.internal, "The host refused an answer.")
          }
        }
      },
      cancel: nil))
  return UnsafeRawPointer(table)
}

private func emit(_ answer: Authentication, to emitter: UnsafePointer<sluice_authenticate_emitter>)
  -> sluice_status
{
  var status = SLUICE_ERROR_INTERNAL
  unsafe lend(answer) { unsafe status = emitter.pointee.emit(emitter.pointee.context, $0) }
  return status
}

/// Lends an answer to the ABI; nil: none can be given.
private func lend(_ answer: Authentication?, _ body: (UnsafePointer<sluice_authentication>) -> Void) {
  func send(
    _ verdict: UInt32, _ principal: UnsafePointer<sluice_principal>?, _ reason: String, _ challenge: String
  ) {
    unsafe reason.withABI { reason in
      unsafe challenge.withABI { challenge in
        let raw = unsafe sluice_authentication(
          size: UInt32(MemoryLayout<sluice_authentication>.size), verdict: verdict, principal: principal,
          reason: reason, challenge: challenge)
        unsafe withUnsafePointer(to: raw, body)
      }
    }
  }
  switch answer {
  case .allow(let principal): unsafe principal.withABI { unsafe send(SLUICE_AUTHENTICATE_ALLOW, $0, "", "") }
  case .deny(let reason, let challenge): send(SLUICE_AUTHENTICATE_DENY, nil, reason, challenge)
  case .challenge(let challenge): send(SLUICE_AUTHENTICATE_CHALLENGE, nil, "", challenge)
  case nil: send(SLUICE_AUTHENTICATE_UNAVAILABLE, nil, "unavailable", "")
  }
}

internal import FilterABI

/// One call of a notifier: takes what it emits, checks and copies it.
final class NotifyCall {
  /// Bytes of a reference.
  private static let longestReference = 1024
  /// Bytes of an answer's body, and of its type.
  private static let longestAnswer = 64 << 10
  private static let longestType = 128

  let detail = ErrorDetail()
  private(set) var reference: String?
  private(set) var answer: HookResponse?
  /// What the filter did that it must not.
  private(set) var fault: String?
  private let decide: (PersonsReply) -> ReplyOutcome

  init(_ decide: @escaping (PersonsReply) -> ReplyOutcome) { self.decide = decide }

  func run(
    _ body: (UnsafePointer<sluice_notify_emitter>, UnsafeMutablePointer<sluice_error>) -> sluice_status
  ) -> sluice_status {
    let slot = EmitterSlot.take()
    defer { slot.giveBack() }
    let emitter = unsafe sluice_notify_emitter(
      size: UInt32(MemoryLayout<sluice_notify_emitter>.size), reserved: 0, context: slot.context,
      reference: { context, text in
        unsafe NotifyCall.take(context) { call in
          guard let text = unsafe text.exactText(upTo: NotifyCall.longestReference) else {
            return "The notifier's reference is no text of at most \(NotifyCall.longestReference) bytes."
          }
          call.reference = text.isEmpty ? nil : text
          return nil
        }
      },
      reply: { context, reply, outcome in
        unsafe NotifyCall.take(context) { call in
          guard let reply = unsafe PersonsReply(reply) else {
            return "The notifier hands over a reply that is too long, or no text."
          }
          unsafe outcome?.pointee = call.decide(reply).rawValue
          return nil
        }
      },
      answer: { context, status, type, body in
        unsafe NotifyCall.take(context) { call in
          guard unsafe body.length <= UInt64(NotifyCall.longestAnswer), (200...599).contains(status),
            let type = unsafe type.exactText(upTo: NotifyCall.longestType), type == type.printable
          else {
            return
              "The notifier's answer has no status of HTTP, or more than \(NotifyCall.longestAnswer) bytes."
          }
          call.answer = unsafe HookResponse(status: Int(status), contentType: type, body: body.copied)
          return nil
        }
      })
    return unsafe slot.lend(emitter, to: self) { emitter in
      unsafe detail.call { unsafe body(emitter, $0) }
    }
  }

  /// Runs one taking, which returns what is wrong. After a fault nothing more is taken.
  private static func take(_ context: UnsafeMutableRawPointer?, _ body: (NotifyCall) -> String?)
    -> sluice_status
  {
    guard let call = unsafe EmitterSlot.target(context, as: NotifyCall.self), call.fault == nil else {
      return SLUICE_ERROR_DENIED
    }
    call.fault = body(call)
    return call.fault == nil ? SLUICE_OK : SLUICE_ERROR_DENIED
  }
}

extension PersonsReply {
  /// Bytes of a name, as ids, subjects and groups are; of a comment; groups of a person.
  private static let longestName = 256
  private static let longestComment = 2000
  private static let mostGroups = 64

  fileprivate init?(_ pointer: UnsafePointer<sluice_reply>?) {
    guard let raw = unsafe Sized.read(pointer),
      let approval = unsafe raw.approval.exactText(upTo: Self.longestName),
      let subject = unsafe raw.subject.exactText(upTo: Self.longestName), !subject.isEmpty,
      let groups = unsafe raw.groups.texts(count: Self.mostGroups, length: Self.longestName),
      let person = unsafe raw.person.exactText(upTo: Self.longestName),
      let comment = unsafe raw.comment.exactText(upTo: Self.longestComment),
      let once = unsafe raw.once.exactText(upTo: Self.longestName), !once.isEmpty
    else { return nil }
    unsafe self.init(
      approval: approval, approves: raw.verdict == SLUICE_REPLY_APPROVE, subject: subject, groups: groups,
      person: person.printable, comment: comment.printable, once: once,
      replayUntil: Int64(clamping: raw.replay_until))
  }
}

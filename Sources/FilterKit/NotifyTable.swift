internal import FilterABI
internal import JSONTree

private final class NotifyBox {
  let filter: any NotifyFilter
  init(_ filter: any NotifyFilter) { self.filter = filter }
}

/// The C table of "sluice.notify/1".
func makeNotifyTable<F: NotifyFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { NotifyBox($0) }
  let table = UnsafeMutablePointer<sluice_notify>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_notify(
      size: UInt32(MemoryLayout<sluice_notify>.size), reserved: 0, filter: filter,
      send: { instance, notification, emitter, retryAfter, error in
        var isLater = false
        let status = unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: NotifyBox.self).filter
          switch unsafe try filter.send(try Notification(notification!)) {
          case .retry(let milliseconds):
            unsafe retryAfter?.pointee = milliseconds
            isLater = true
          case .delivered(nil): break
          case .delivered(let reference?):
            let taken = unsafe reference.withABI { reference in
              unsafe emitter!.pointee.reference(emitter!.pointee.context, reference)
            }
            guard taken == SLUICE_OK else {
              throw FilterError(.internal, "The host refused a reference.")
            }
          }
        }
        return isLater ? SLUICE_ERROR_UNAVAILABLE : status
      },
      receive: { instance, call, emitter, error in
        unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: NotifyBox.self).filter
          let answer = try filter.receive(unsafe HookCall(call!)) { unsafe submit($0, to: emitter!) }
          let taken = unsafe answer.contentType.withABI { type in
            unsafe answer.body.span.withABI { body in
              unsafe emitter!.pointee.answer(
                emitter!.pointee.context, UInt32(clamping: answer.status), type, body)
            }
          }
          guard taken == SLUICE_OK else { throw FilterError(.internal, "The host refused an answer.") }
        }
      },
      poll: { instance, open, emitter, error in
        unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: NotifyBox.self).filter
          var list: [OpenNotification] = []
          unsafe open.forEach(as: sluice_notified.self) { one in
            unsafe list.append(
              OpenNotification(approval: one.pointee.approval.text, reference: one.pointee.reference.text))
          }
          try filter.poll(list) { unsafe submit($0, to: emitter!) }
        }
      }))
  return UnsafeRawPointer(table)
}

private func submit(_ reply: NotifyReply, to emitter: UnsafePointer<sluice_notify_emitter>) -> ReplyOutcome {
  var outcome = SLUICE_OUTCOME_UNAVAILABLE
  let status = unsafe lend(reply) { raw in
    unsafe emitter.pointee.reply(emitter.pointee.context, raw, &outcome)
  }
  guard status == SLUICE_OK else { return .unavailable }
  return ReplyOutcome(rawValue: outcome) ?? .unavailable
}

private func lend<R>(_ reply: NotifyReply, _ body: (UnsafePointer<sluice_reply>) -> R) -> R {
  unsafe reply.approval.withABI { approval in
    unsafe reply.subject.withABI { subject in
      unsafe FilterKit.withABI(reply.groups) { groups in
        unsafe reply.person.withABI { person in
          unsafe reply.comment.withABI { comment in
            unsafe reply.once.withABI { once in
              var raw = unsafe sluice_reply(
                size: UInt32(MemoryLayout<sluice_reply>.size),
                verdict: reply.approves ? SLUICE_REPLY_APPROVE : SLUICE_REPLY_DENY, approval: approval,
                subject: subject, groups: groups, person: person, comment: comment, once: once,
                replay_until: UInt64(clamping: reply.replayUntil))
              return unsafe body(&raw)
            }
          }
        }
      }
    }
  }
}

extension Notification {
  fileprivate init(_ raw: UnsafePointer<sluice_notification>) throws(FilterError) {
    let text = unsafe raw.pointee.json.withSpan { Array(copying: $0) }
    let json: JSONValue
    do { json = try JSONReader.read(text) } catch {
      throw FilterError(.internal, "The notification is no JSON: \(error).")
    }
    unsafe self.init(
      id: raw.pointee.id.text, attempt: Int(clamping: raw.pointee.attempt),
      reference: raw.pointee.reference.text, json: json)
  }
}

extension HookCall {
  fileprivate init(_ raw: UnsafePointer<sluice_notify_call>) {
    var headers: [(name: String, value: String)] = []
    unsafe raw.pointee.headers.forEach(as: sluice_header.self) { header in
      unsafe headers.append((header.pointee.name.text.lowercased(), header.pointee.value.text))
    }
    unsafe self.init(
      time: Int64(clamping: raw.pointee.time), method: raw.pointee.method.text, path: raw.pointee.path.text,
      headers: headers, body: raw.pointee.body.withSpan { Array(copying: $0) })
  }
}

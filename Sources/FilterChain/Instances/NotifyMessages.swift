internal import FilterABI

/// Something that people are to know, on its way to a notifier.
public struct NotificationDraft: Sendable {
  /// The same for each attempt.
  public let id: String
  /// From 1 on.
  public let attempt: UInt32
  /// What an earlier notification about the same approval is known by over there; empty: nothing.
  public let reference: String
  /// docs/notify.md says its members.
  public let json: [UInt8]

  public init(id: String, attempt: UInt32, reference: String, json: [UInt8]) {
    self.id = id
    self.attempt = attempt
    self.reference = reference
    self.json = json
  }

  func lend<R>(_ body: (UnsafePointer<sluice_notification>) -> R) -> R {
    unsafe id.withABI { id in
      unsafe reference.withABI { reference in
        unsafe json.withUnsafeBufferPointer { json in
          var raw = unsafe sluice_notification(
            size: UInt32(MemoryLayout<sluice_notification>.size), attempt: attempt, id: id,
            reference: reference, json: sluice_bytes(json))
          return unsafe body(&raw)
        }
      }
    }
  }
}

/// An HTTP request that arrived for a notifier. Nothing of it has been verified.
public struct HookRequest: Sendable {
  /// Bytes of a body.
  public static let longestBody = 64 << 10

  /// Seconds since 1970 UTC.
  public let time: Int64
  public let method: String
  /// Without the query.
  public let path: String
  public let headers: [(name: String, value: String)]
  public let body: [UInt8]

  public init(
    time: Int64, method: String, path: String, headers: [(name: String, value: String)], body: [UInt8]
  ) {
    self.time = time
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  func lend<R>(_ body: (UnsafePointer<sluice_notify_call>) -> R) -> R {
    // One buffer for all texts: a header's name and value are ranges of it.
    var texts: [UInt8] = []
    var ranges: [(name: Range<Int>, value: Range<Int>)] = []
    func add(_ text: String) -> Range<Int> {
      let start = texts.count
      texts.append(contentsOf: text.utf8)
      return start..<texts.count
    }
    for header in headers { ranges.append((add(header.name), add(header.value))) }
    let method = add(method)
    let path = add(path)
    return unsafe texts.withUnsafeBufferPointer { texts in
      func part(_ range: Range<Int>) -> sluice_bytes {
        unsafe sluice_bytes(UnsafeBufferPointer(rebasing: texts[range]))
      }
      let headers = unsafe ranges.map { range in
        unsafe sluice_header(
          size: UInt32(MemoryLayout<sluice_header>.size), reserved: 0, name: part(range.name),
          value: part(range.value))
      }
      return unsafe headers.withUnsafeBufferPointer { headers in
        unsafe self.body.withUnsafeBufferPointer { content in
          var raw = unsafe sluice_notify_call(
            size: UInt32(MemoryLayout<sluice_notify_call>.size), reserved: 0, time: UInt64(clamping: time),
            method: part(method), path: part(path), headers: sluice_array(headers),
            body: sluice_bytes(content))
          return unsafe body(&raw)
        }
      }
    }
  }
}

/// What is answered to a ``HookRequest``.
public struct HookResponse: Sendable, Equatable {
  public let status: Int
  /// Empty: none.
  public let contentType: String
  public let body: [UInt8]

  public init(status: Int, contentType: String, body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }
}

/// What a person says through a notifier, which has made sure that it is this person.
public struct PersonsReply: Sendable {
  public let approval: String
  public let approves: Bool
  public let subject: String
  public let groups: [String]
  /// Who it is over there.
  public let person: String
  public let comment: String
  /// What a replay of the same message would have in common with it.
  public let once: String
  /// Seconds since 1970 UTC: from then on the notifier refuses the same message.
  public let replayUntil: Int64
}

/// What a reply came to: `SLUICE_OUTCOME_*`.
public enum ReplyOutcome: UInt32, Sendable {
  case counted, approved, denied, notAllowed, ownRequest, alreadyDecided, expired, unknown, replayed,
    unavailable
}

/// Lends approvals and what they are known by.
func withNotified<R>(_ open: [(approval: String, reference: String)], _ body: (sluice_array) -> R) -> R {
  var texts: [UInt8] = []
  var ranges: [(approval: Range<Int>, reference: Range<Int>)] = []
  for one in open {
    let start = texts.count
    texts.append(contentsOf: one.approval.utf8)
    let middle = texts.count
    texts.append(contentsOf: one.reference.utf8)
    ranges.append((start..<middle, middle..<texts.count))
  }
  return unsafe texts.withUnsafeBufferPointer { texts in
    let list = unsafe ranges.map { range in
      unsafe sluice_notified(
        size: UInt32(MemoryLayout<sluice_notified>.size), reserved: 0,
        approval: sluice_bytes(UnsafeBufferPointer(rebasing: texts[range.approval])),
        reference: sluice_bytes(UnsafeBufferPointer(rebasing: texts[range.reference])))
    }
    return unsafe list.withUnsafeBufferPointer { unsafe body(sluice_array($0)) }
  }
}

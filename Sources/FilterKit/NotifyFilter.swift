public import JSONTree

/// A filter that tells people where they are that a request waits for them, and brings back what they say (notify.h).
/// All calls may block; they come from threads of their own, several at once.
public protocol NotifyFilter: Filter {
  /// Delivers a notification. Throws `unavailable` where trying again later may help, after the host's own back-off.
  func send(_ notification: Notification) throws(FilterError) -> Delivery
  /// Takes an HTTP request that arrived for this filter. Nothing of it has been verified. Throws `input` where it is not
  /// what it should be: the host answers 401 and says no more.
  /// - Parameter decide: hands over what a person says, who was verified to be this person.
  func receive(_ call: HookCall, decide: (NotifyReply) -> ReplyOutcome) throws(FilterError) -> HookAnswer
  /// Looks after these approvals, which it has sent notifications about.
  func poll(_ open: [OpenNotification], decide: (NotifyReply) -> ReplyOutcome) throws(FilterError)
}

extension NotifyFilter {
  public func receive(_ call: HookCall, decide: (NotifyReply) -> ReplyOutcome) throws(FilterError)
    -> HookAnswer
  {
    throw FilterError(.unsupported, "This filter takes no requests.")
  }
  public func poll(_ open: [OpenNotification], decide: (NotifyReply) -> ReplyOutcome) throws(FilterError) {}
}

/// Something that people are to know.
public struct Notification: Sendable {
  /// The same for each attempt, another for each notification.
  public let id: String
  /// From 1 on.
  public let attempt: Int
  /// What the first notification about this approval was given back by ``Delivery``; empty: nothing.
  public let reference: String
  /// What happened: docs/notify.md.
  public let json: JSONValue

  public init(id: String, attempt: Int, reference: String, json: JSONValue) {
    self.id = id
    self.attempt = attempt
    self.reference = reference
    self.json = json
  }
}

/// What became of a notification.
public enum Delivery: Sendable, Equatable {
  /// It has arrived, and is known by this over there; nil: by nothing.
  case delivered(reference: String?)
  /// It is to be tried again after so many milliseconds.
  case retry(after: UInt64)
}

/// An approval that a notification was sent about, and that is still open.
public struct OpenNotification: Sendable {
  public let approval: String
  public let reference: String

  public init(approval: String, reference: String) {
    self.approval = approval
    self.reference = reference
  }
}

/// What a person says.
public struct NotifyReply: Sendable, Equatable {
  public var approval: String
  public var approves: Bool
  /// The principal that the person is, and its groups, as the configuration maps them.
  public var subject: String
  public var groups: [String]
  /// Who it is over there, for evidence.
  public var person: String
  public var comment: String
  /// What a replay of the same message would have in common with it.
  public var once: String
  /// Seconds since 1970 UTC: from then on the filter itself refuses the same message.
  public var replayUntil: Int64

  public init(
    approval: String, approves: Bool, subject: String, groups: [String], person: String, comment: String,
    once: String, replayUntil: Int64
  ) {
    self.approval = approval
    self.approves = approves
    self.subject = subject
    self.groups = groups
    self.person = person
    self.comment = comment
    self.once = once
    self.replayUntil = replayUntil
  }
}

/// What a reply came to: the `SLUICE_OUTCOME_*` of notify.h.
public enum ReplyOutcome: UInt32, Sendable, CaseIterable {
  case counted, approved, denied, notAllowed, ownRequest, alreadyDecided, expired, unknown, replayed,
    unavailable

  /// For the person who replied.
  public var sentence: String {
    switch self {
    case .counted: "Noted. Another person has to approve, too."
    case .approved: "Approved. The request goes on."
    case .denied: "Denied."
    case .notAllowed: "You may not decide about this request."
    case .ownRequest: "Nobody decides about their own request."
    case .alreadyDecided: "This was decided before, or you have decided already."
    case .expired: "This has expired. The request has to be sent again."
    case .unknown: "This approval is not known here."
    case .replayed: "This message was taken before."
    case .unavailable: "Nothing was taken: the store can't be used now. Try again."
    }
  }
}

/// An HTTP request that arrived for a filter.
public struct HookCall: Sendable {
  /// Seconds since 1970 UTC.
  public let time: Int64
  public let method: String
  /// Without the query.
  public let path: String
  /// Names in lower case.
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

  /// The value of a field that is there exactly once; nil otherwise, so that nobody checks one and reads another.
  public func header(_ name: String) -> String? {
    let values = headers.filter { $0.name == name }
    return values.count == 1 ? values[0].value : nil
  }
}

/// What is answered to a ``HookCall``.
public struct HookAnswer: Sendable, Equatable {
  public var status: Int
  public var contentType: String
  public var body: [UInt8]

  public init(status: Int = 200, contentType: String = "", body: [UInt8] = []) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }
}

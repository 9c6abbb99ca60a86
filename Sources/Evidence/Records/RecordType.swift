/// What a record speaks of. The raw value is the envelope's `type`.
public enum RecordType: String, Sendable, CaseIterable {
  case sessionOpened = "session.opened"
  case sessionClosed = "session.closed"
  case request
  case decision
  case approvalAsked = "approval.asked"
  case approvalDecided = "approval.decided"
  case upstream
  case response
  case policyChanged = "policy.changed"
  case administration
  /// Never in a log: what readers and sinks get in place of a record whose body was removed.
  case removed
}

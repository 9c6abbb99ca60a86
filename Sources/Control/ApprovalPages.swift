/// A place in the list of approvals: the newest come first.
public struct ApprovalCursor: Sendable, Equatable {
  /// Seconds since 1970 UTC.
  public let created: Int64
  public let id: String

  public init(created: Int64, id: String) {
    self.created = created
    self.id = id
  }
}

extension Store {
  /// A page of approvals, the newest first.
  /// - Parameters:
  ///   - state: of one state, as it is now; nil: of all.
  ///   - subject: of one person's requests; nil: of everybody's.
  ///   - cursor: the last one of the page before; nil: this is the first page.
  public func approvals(
    _ state: Approval.State?, of subject: String?, after cursor: ApprovalCursor?, limit: Int, now: Int64
  ) throws(ControlError) -> [Approval] {
    var conditions: [String] = []
    var arguments: [any Storable] = []
    if let state {
      switch state {
      case .pending, .approved:
        conditions.append("state = ? AND expires > ?")
        arguments += [state.rawValue, now]
      case .expired:
        // What nobody has looked at since its time was over is saved as it was.
        conditions.append("(state = 'expired' OR state IN ('pending', 'approved') AND expires <= ?)")
        arguments.append(now)
      case .denied, .consumed:
        conditions.append("state = ?")
        arguments.append(state.rawValue)
      }
    }
    if let subject {
      conditions.append("subject = ?")
      arguments.append(subject)
    }
    if let cursor {
      conditions.append("(created < ? OR created = ? AND id > ?)")
      arguments += [cursor.created, cursor.created, cursor.id]
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let all = try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM approvals \(filter) ORDER BY created DESC, id LIMIT ?",
        arguments: arguments + [limit]
      ).map { try Self.approval($0, database) }
    }
    return all.map { approval in
      var approval = approval
      approval.expire(now: now)
      return approval
    }
  }
}

/// Access that somebody took at once, without anybody's word, for a reason that they answer for: their own held request,
/// or until a time all that a gate would hold of theirs on that pipeline. Others review it afterwards.
public struct BreakGlass: Sendable, Equatable {
  /// What somebody else thinks of it afterwards.
  public struct Review: Sendable, Equatable {
    public let subject: String
    /// How it was known who they are, e.g. `keys`.
    public let established: String
    /// An unjustified one ends at once.
    public let isJustified: Bool
    public let comment: String
    /// Seconds since 1970 UTC.
    public let time: Int64
  }

  public let id: String
  /// The approval that was not waited for.
  public let approval: String
  /// Who took the access, and whose requests it lets pass.
  public let subject: String
  public let groups: [String]
  public let established: String
  public let pipeline: String
  public let reason: String
  public let created: Int64
  /// Seconds since 1970 UTC. Of one for a single request: as long as that request may be sent.
  public let expires: Int64
  /// Whether it is for that one request alone.
  public let isOnce: Bool
  public internal(set) var reviews: [Review]

  public var isReviewed: Bool { !reviews.isEmpty }
  /// Whether a reviewer has ended it.
  public var isEnded: Bool { reviews.contains { !$0.isJustified } }
}

extension BreakGlass {
  /// Whether another request of the same person may go on by it. The gate's present terms count, not those of then.
  func covers(subject: String, pipeline: String, under terms: GateTerms, now: Int64) -> Bool {
    guard let allowed = terms.breakGlass else { return false }
    return !isOnce && !isEnded && now < expires && now < created + allowed.lifetime
      && subject == self.subject && pipeline == self.pipeline
      && allowed.letBreak(groups: groups)
  }

  /// Takes a review. Who may is who might have decided; nobody reviews what they did themselves.
  /// - Parameter email: of whoever broke the glass, where it is known.
  mutating func review(
    _ reviewer: Approver, email: String = "", under terms: GateTerms, isJustified: Bool, comment: String,
    now: Int64
  ) throws(ControlError) {
    guard !reviewer.names.overlap(PersonNames(subject: subject, email: email)) else {
      throw ControlError(.ownRequest, "nobody reviews what they did themselves")
    }
    guard terms.letDecide(groups: reviewer.groups, isLocalOperator: reviewer.isLocalOperator) else {
      throw ControlError(.notAllowed, "\(id) is reviewed by those who might have decided about \(approval)")
    }
    guard !reviews.contains(where: { $0.subject.lowercased() == reviewer.subject.lowercased() }) else {
      throw ControlError(.alreadyDecided, "\(reviewer.subject) has reviewed \(id) already")
    }
    reviews.append(
      Review(
        subject: reviewer.subject, established: reviewer.established, isJustified: isJustified,
        comment: comment, time: now))
  }
}

extension Approval {
  /// The person whose request this is takes the access at once.
  /// - Parameter lifetime: seconds for which all of their requests that the gate would hold pass; nil: this one alone.
  mutating func breakGlass(
    _ person: Approver, id glass: String, reason: String, lifetime: Int64?, now: Int64
  ) throws(ControlError) {
    guard !reason.allSatisfy(\.isWhitespace) else {
      throw ControlError(.invalid, "breaking the glass needs a reason: others will read it")
    }
    expire(now: now)
    switch state {
    case .pending: break
    case .expired: throw ControlError(.expired, "\(id) has expired; the request has to be sent again")
    case .approved, .denied, .consumed:
      throw ControlError(.alreadyDecided, "\(id) is \(state.rawValue) already")
    }
    // Letter by letter: what two spellings of a name would be allowed together, either might not be alone.
    guard person.subject == subject else {
      throw ControlError(
        .notAllowed, "the glass is broken by whoever's request it is: \(subject), who answers for it")
    }
    guard let allowed = terms.breakGlass, allowed.letBreak(groups: person.groups) else {
      throw ControlError(
        .notAllowed,
        terms.breakGlass.map {
          "the gate lets members of \($0.groups.joined(separator: ", ")) break the glass, and no others"
        } ?? "the gate that holds \(id) has no break-glass; an approver has to decide")
    }
    if let lifetime, !(60...max(60, allowed.lifetime)).contains(lifetime) {
      throw ControlError(
        .invalid, "at this gate a broken glass lasts from a minute to \(allowed.lifetime) seconds")
    }
    self.glass = BreakGlass(
      id: glass, approval: id, subject: subject, groups: person.groups, established: person.established,
      pipeline: pipeline, reason: reason, created: now, expires: lifetime.map { now + $0 } ?? expires,
      isOnce: lifetime == nil, reviews: [])
    state = .approved
  }
}

/// A standing permission for one person's requests that a gate would hold: on this pipeline, for these kinds of
/// findings, until then. Like an approval it counts only with the word of as many different people as the gate asks
/// for, each of whom the gate lets decide.
public struct Grant: Sendable, Equatable {
  /// One person's word for it.
  public struct Supporter: Sendable, Equatable {
    public let subject: String
    public let groups: [String]
    /// How it was known who they are, e.g. `keys`.
    public let established: String
    public let isLocalOperator: Bool
    public let comment: String
    /// Seconds since 1970 UTC.
    public let time: Int64
    /// Empty: it is not known.
    var email = ""

    var names: PersonNames { PersonNames(subject: subject, email: email) }
  }

  public let id: String
  /// Whose requests.
  public let subject: String
  public let pipeline: String
  /// What may be found in them; nothing else.
  public let kinds: [String]
  /// The highest score that it covers.
  public let maximumScore: Int
  public let created: Int64
  /// Seconds since 1970 UTC.
  public let expires: Int64
  public internal(set) var revoked: Int64?
  public internal(set) var supporters: [Supporter]

  /// A grant lasts a week at most: what is needed for longer belongs into the policy.
  public static let longest: Int64 = 7 * 86_400
}

extension Grant {
  /// Whether a request may go on by this grant. Nobody's word counts for their own requests, nor twice.
  /// - Parameter email: the asker's, where it is known.
  func covers(
    subject: String, email: String = "", pipeline: String, kinds: Set<String>, score: Int,
    under terms: GateTerms, now: Int64
  ) -> Bool {
    guard revoked == nil, now < expires, subject.lowercased() == self.subject.lowercased(),
      pipeline == self.pipeline, score <= maximumScore, kinds.isSubset(of: self.kinds)
    else { return false }
    let valid = supporters.filter { supporter in
      !supporter.names.overlap(PersonNames(subject: subject, email: email))
        && terms.letDecide(groups: supporter.groups, isLocalOperator: supporter.isLocalOperator)
    }
    var people: [Supporter] = []
    for supporter in valid where !people.contains(where: { $0.names.overlap(supporter.names) }) {
      people.append(supporter)
    }
    return terms.areMet(by: people.map(\.groups))
  }

  /// Takes one more person's word.
  mutating func support(_ approver: Approver, comment: String, now: Int64) throws(ControlError) {
    guard revoked == nil else { throw ControlError(.alreadyDecided, "\(id) is revoked") }
    guard now < expires else { throw ControlError(.expired, "\(id) has expired") }
    guard !approver.names.overlap(PersonNames(subject: subject, email: "")) else {
      throw ControlError(.ownRequest, "nobody grants anything to themselves")
    }
    guard !supporters.contains(where: { $0.names.overlap(approver.names) }) else {
      throw ControlError(.alreadyDecided, "\(id) has the word of \(approver.subject) already")
    }
    supporters.append(
      Supporter(
        subject: approver.subject, groups: approver.groups, established: approver.established,
        isLocalOperator: approver.isLocalOperator, comment: comment, time: now, email: approver.email))
  }
}

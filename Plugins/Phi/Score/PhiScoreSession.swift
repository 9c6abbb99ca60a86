internal import FilterKit

/// Counts what one request holds.
final class PhiScoreSession: ScoreSession {
  /// As many different values of a kind as are told apart; more make no difference to a score.
  private static let maximumValues = 100_000
  /// As many fingerprints as the host is asked about at once: as many as a body may have findings.
  private static let maximumPrints = 65_536
  /// Points of a kind that no weight is given for.
  private static let otherWeight = 3

  private let filter: PhiScore
  private var values: [Kind: Set<Fingerprint>] = [:]
  /// Names of one word, such as a family name by itself, and of more.
  private var singleNames: Set<Fingerprint> = []
  private var fullNames: Set<Fingerprint> = []
  /// Findings that came without a fingerprint: each counts as a value of its own.
  private var unidentified: UInt64 = 0
  /// Of the texts in which something was found.
  private var roles: Set<Role> = []
  private let exchange: ScoredExchange

  init(_ filter: PhiScore, _ exchange: ScoredExchange) {
    self.filter = filter
    self.exchange = exchange
  }

  func segment(
    _ segment: borrowing SegmentView, text: Span<UInt8>, findings: borrowing FindingList,
    fingerprints: borrowing FingerprintList
  ) throws(FilterError) {
    // What the model answers is nobody's request.
    guard segment.direction == .request else { return }
    if findings.count > 0 { roles.insert(segment.role) }
    for index in 0..<findings.count {
      guard let finding = findings[index] else {
        throw FilterError(.internal, "A finding has no kind.")
      }
      let value = fingerprints[index] ?? nextUnidentified()
      if finding.kind == "NAME" { countName(finding, value, in: text) }
      if values[finding.kind, default: []].count < Self.maximumValues {
        values[finding.kind, default: []].insert(value)
      }
    }
  }

  private func nextUnidentified() -> Fingerprint {
    unidentified += 1
    return Fingerprint(high: .max, low: unidentified)
  }

  private func countName(_ finding: Finding, _ value: Fingerprint, in text: Span<UInt8>) {
    if isFullName(finding, in: text) {
      if fullNames.count < Self.maximumValues { fullNames.insert(value) }
    } else if singleNames.count < Self.maximumValues {
      singleNames.insert(value)
    }
  }

  /// Whether something separates two words of the name. Without its text it counts as full: the higher score.
  private func isFullName(_ finding: Finding, in text: Span<UInt8>) -> Bool {
    guard finding.start <= finding.end, finding.end <= UInt64(text.count) else { return true }
    for index in Int(finding.start)..<Int(finding.end) {
      switch text[index] {
      case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "^"), UInt8(ascii: "\t"), UInt8(ascii: "\n"):
        return true
      default: continue
      }
    }
    return false
  }

  /// A low estimate of how many people the request is about. A name by itself is often part of a full one, or one of
  /// two columns, so that two of them make a person.
  private var people: Int {
    let identifiers = ["MRN", "SSN", "HEALTH_PLAN"].map { (kind: Kind) in values[kind]?.count ?? 0 }
    return max(identifiers.max() ?? 0, fullNames.count, (singleNames.count + 1) / 2)
  }

  func finish() throws(FilterError) -> (score: UInt32, reasons: [ScoreReason]) {
    var reasons: [ScoreReason] = []
    for (kind, distinct) in values.sorted(by: { $0.key.name < $1.key.name }) {
      let weight = filter.weights[kind] ?? Self.otherWeight
      guard weight > 0 else { continue }
      reasons.append(
        ScoreReason(
          code: "kind/\(kind.name.lowercased().replacing("_", with: "-"))",
          points: Int32(Self.points(weight, distinct.count)), count: UInt64(distinct.count)))
    }
    if people >= filter.bulkPeople, filter.bulkAdds > 0 {
      reasons.append(ScoreReason(code: "bulk/people", points: Int32(filter.bulkAdds), count: UInt64(people)))
    }
    for combination in filter.combinations
    where combination.points > 0 && combination.kinds.allSatisfy({ values[$0] != nil }) {
      reasons.append(ScoreReason(code: combination.code, points: Int32(combination.points), count: 0))
    }
    if !values.isEmpty { reasons += try circumstances() }
    let total = reasons.reduce(0) { $0 + Int($1.points) }
    return (UInt32(min(max(total, 0), 100)), reasons)
  }

  /// Where it goes, when, and after what: that counts only where something was found.
  private func circumstances() throws(FilterError) -> [ScoreReason] {
    var reasons: [ScoreReason] = []
    for (role, known) in filter.roles.sorted(by: { $0.value.code < $1.value.code })
    where known.points > 0 && roles.contains(role) {
      reasons.append(ScoreReason(code: known.code, points: Int32(known.points), count: 0))
    }
    for destination in filter.destinations
    where destination.points > 0 && destination.matches(upstream: exchange.upstream, model: exchange.model) {
      reasons.append(ScoreReason(code: destination.code, points: Int32(destination.points), count: 0))
    }
    if let hours = filter.hours, hours.points > 0, hours.isOutside(exchange.time) {
      reasons.append(ScoreReason(code: "hour/outside", points: Int32(hours.points), count: 0))
    }
    if let rule = filter.history, let reason = try history(rule) { reasons.append(reason) }
    return reasons
  }

  /// What the same person has sent within the window, this request included.
  private func history(_ rule: HistoryRule) throws(FilterError) -> ScoreReason? {
    guard let service = rule.service, let time = exchange.time else {
      throw FilterError(.unsupported, "This host does not say when a request came, or what came before.")
    }
    let subject = exchange.subject
    func sent(_ kind: Kind?) throws(FilterError) -> Int {
      let own = kind.map { Array(values[$0] ?? []) } ?? values.values.flatMap { $0 }
      let count = try service.count(
        subject: subject.span, time: time, window: rule.window, kind: kind,
        fingerprints: Array(own.prefix(Self.maximumPrints)))
      return Int(clamping: count)
    }
    if let limit = rule.people {
      let names = (try sent("NAME") + 1) / 2
      let found = max(people, try sent("MRN"), try sent("SSN"), try sent("HEALTH_PLAN"), names)
      if found >= limit {
        return ScoreReason(code: "history/people", points: Int32(rule.points), count: UInt64(found))
      }
    }
    if let limit = rule.values {
      let found = try sent(nil)
      if found >= limit {
        return ScoreReason(code: "history/values", points: Int32(rule.points), count: UInt64(found))
      }
    }
    return nil
  }

  /// The first value counts in full, each doubling of their number half as much again.
  static func points(_ weight: Int, _ count: Int) -> Int {
    guard count > 1 else { return weight }
    let doublings = Int.bitWidth - (count - 1).leadingZeroBitCount
    return min(weight + weight * doublings / 2, 100)
  }
}

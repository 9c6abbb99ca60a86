internal import FilterKit

/// Counts what one request holds.
final class PhiScoreSession: ScoreSession {
  /// As many different values of a kind as are told apart; more make no difference to a score.
  static let maximumValues = 100_000
  /// As many fingerprints as the host is asked about at once: as many as a body may have findings.
  private static let maximumPrints = 65_536
  /// Points of a kind that no weight is given for.
  private static let otherWeight = 3

  private let filter: PhiScore
  private var values: [Kind: Set<Fingerprint>] = [:]
  private var people = People()
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
      if finding.kind == "NAME" { people.add(name: value, isFull: People.isFull(finding, in: text)) }
      if values[finding.kind, default: []].count < Self.maximumValues {
        values[finding.kind, default: []].insert(value)
      }
    }
  }

  private func nextUnidentified() -> Fingerprint {
    unidentified += 1
    return Fingerprint(high: .max, low: unidentified)
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
    let bulk = filter.bulk
    let people = try people.count(by: bulk.identifiers) { kind in values[kind]?.count ?? 0 }
    if people >= bulk.people, bulk.points > 0 {
      reasons.append(
        ScoreReason(
          code: "bulk/people", points: Int32(Self.points(bulk.points, people / bulk.people)),
          count: UInt64(people)))
    }
    for combination in filter.combinations
    where combination.points > 0 && combination.isThere({ values[$0] != nil }) {
      reasons.append(ScoreReason(code: combination.code, points: Int32(combination.points), count: 0))
    }
    if !values.isEmpty { reasons += try circumstances(of: people) }
    let total = reasons.reduce(0) { $0 + Int($1.points) }
    return (UInt32(min(max(total, 0), 100)), reasons)
  }

  /// Where it goes, when, and after what: that counts only where something was found.
  private func circumstances(of people: Int) throws(FilterError) -> [ScoreReason] {
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
    if let rule = filter.history, let reason = try history(rule, people) { reasons.append(reason) }
    return reasons
  }

  /// What the same person has sent within the window, this request included.
  private func history(_ rule: HistoryRule, _ people: Int) throws(FilterError) -> ScoreReason? {
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
      // It keeps no names, so that it can't tell which were full.
      var found = max(people, (try sent("NAME") + 1) / 2)
      for kind in filter.bulk.identifiers { found = max(found, try sent(kind)) }
      found = max(found, try People.reachable(sent))
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

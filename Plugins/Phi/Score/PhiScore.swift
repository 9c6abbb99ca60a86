public import FilterKit
public import JSONTree

/// Says how risky a request is, from what was found in it: kinds, how many different values, how many people, and
/// combinations that tell who somebody is.
///
/// The same findings give the same score; nothing is remembered and nothing is sent anywhere.
public final class PhiScore: ScoreFilter {
  public static let name: StaticString = "phi"
  public static let summary: StaticString = "0 to 100 from kinds, distinct values, people and combinations"
  public static let schema: StaticString = """
    {
      "type": "object",
      "properties": {
        "weights": {
          "type": "object", "additionalProperties": { "type": "integer", "minimum": 0, "maximum": 100 },
          "description": "points of the first value of a kind, by the kind's name"
        },
        "bulk": {
          "type": "object",
          "properties": {
            "people": { "type": "integer", "minimum": 1, "maximum": 100000, "description": "from how many people on" },
            "adds": { "type": "integer", "minimum": 0, "maximum": 100, "description": "how many points that adds" }
          }
        }
      }
    }
    """

  /// Points of the first value of each kind.
  static let defaultWeights: [String: Int] = [
    "SSN": 30, "MRN": 15, "HEALTH_PLAN": 20, "ACCOUNT": 20, "LICENSE": 10, "CREDENTIAL": 40, "BIOMETRIC": 20, "NAME": 8,
    "DATE": 3, "AGE": 5, "PHONE": 8, "FAX": 8, "EMAIL": 8, "ADDRESS": 10, "CITY": 2, "ZIP": 4, "VEHICLE": 8,
    "DEVICE": 8, "URL": 3, "IP": 4, "ID": 8,
  ]

  fileprivate let weights: [Kind: Int]
  fileprivate let bulkPeople: Int
  fileprivate let bulkAdds: Int

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    var named = Self.defaultWeights
    for member in configuration["weights"]?.members ?? [] {
      guard Kind(member.name) != nil else {
        throw .configuration("'\(member.name)' is no name of a kind: upper-case letters and _.", at: "/weights/\(member.name)")
      }
      named[member.name] = member.value.integer
    }
    var weights: [Kind: Int] = [:]
    for (name, weight) in named { if let kind = Kind(name) { weights[kind] = weight } }
    self.weights = weights
    bulkPeople = configuration["bulk"]?["people"]?.integer ?? 5
    bulkAdds = configuration["bulk"]?["adds"]?.integer ?? 40
  }

  public var wantsText: Bool { false }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any ScoreSession {
    PhiScoreSession(self)
  }
}

/// Counts what one request holds.
final class PhiScoreSession: ScoreSession {
  private let filter: PhiScore
  private var values: [Kind: Set<Fingerprint>] = [:]
  /// As many different values of a kind as are told apart; more make no difference to a score.
  private static let maximumValues = 100_000

  init(_ filter: PhiScore) { self.filter = filter }

  func segment(
    _ segment: borrowing SegmentView, text: Span<UInt8>, findings: borrowing FindingList,
    fingerprints: borrowing FingerprintList
  ) throws(FilterError) {
    for index in 0..<findings.count {
      guard let finding = findings[index], let fingerprint = fingerprints[index] else { continue }
      guard values[finding.kind, default: []].count < Self.maximumValues else { continue }
      values[finding.kind, default: []].insert(fingerprint)
    }
  }

  func finish() throws(FilterError) -> (score: UInt32, reasons: [ScoreReason]) {
    var reasons: [ScoreReason] = []
    for (kind, distinct) in values.sorted(by: { $0.key.name < $1.key.name }) {
      let weight = filter.weights[kind] ?? 8
      guard weight > 0 else { continue }
      reasons.append(
        ScoreReason(
          code: "kind/\(kind.name.lowercased().replacing("_", with: "-"))",
          points: Int32(Self.points(weight, distinct.count)), count: UInt64(distinct.count)))
    }
    let people = max(values[Kind("MRN")]?.count ?? 0, values[Kind("SSN")]?.count ?? 0, values[Kind("NAME")]?.count ?? 0)
    if people >= filter.bulkPeople, filter.bulkAdds > 0 {
      reasons.append(ScoreReason(code: "bulk/people", points: Int32(filter.bulkAdds), count: UInt64(people)))
    }
    // Name, birth date and ZIP code together tell most people apart (Sweeney, 2000).
    if values[Kind("NAME")] != nil, values[Kind("DATE")] != nil, values[Kind("ZIP")] != nil {
      reasons.append(ScoreReason(code: "combination/name-date-zip", points: 10, count: 0))
    }
    let total = reasons.reduce(0) { $0 + Int($1.points) }
    return (UInt32(min(max(total, 0), 100)), reasons)
  }

  /// The first value counts in full, each doubling of their number half as much again.
  static func points(_ weight: Int, _ count: Int) -> Int {
    guard count > 1 else { return weight }
    let doublings = Int.bitWidth - (count - 1).leadingZeroBitCount
    return min(weight + weight * doublings / 2, 100)
  }
}

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

  let weights: [Kind: Int]
  let bulkPeople: Int
  let bulkAdds: Int

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    var named = Self.defaultWeights
    for member in configuration["weights"]?.members ?? [] {
      guard Kind(member.name) != nil else {
        throw .configuration(
          "'\(member.name)' is no name of a kind: upper-case letters and _.", at: "/weights/\(member.name)")
      }
      guard let weight = member.value.integer, (0...100).contains(weight) else {
        throw .configuration("A weight is a whole number from 0 to 100.", at: "/weights/\(member.name)")
      }
      named[member.name] = weight
    }
    var weights: [Kind: Int] = [:]
    for (name, weight) in named { if let kind = Kind(name) { weights[kind] = weight } }
    self.weights = weights
    bulkPeople = configuration["bulk"]?["people"]?.integer ?? 5
    bulkAdds = configuration["bulk"]?["adds"]?.integer ?? 40
  }

  /// To tell full names from parts of names; nothing else is looked at.
  public var wantsText: Bool { true }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any ScoreSession {
    PhiScoreSession(self)
  }
}

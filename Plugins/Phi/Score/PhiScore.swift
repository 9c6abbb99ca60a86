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

  /// Points of the first value of each kind. One patient's whole record stays below a gate at 70; several people's, or
  /// a credential beside it, do not.
  static let defaultWeights: [String: Int] = [
    "SSN": 20, "MRN": 6, "HEALTH_PLAN": 6, "ACCOUNT": 8, "LICENSE": 3, "CREDENTIAL": 40, "BIOMETRIC": 8,
    "NAME": 5,
    "DATE": 1, "AGE": 1, "PHONE": 3, "FAX": 3, "EMAIL": 3, "ADDRESS": 4, "CITY": 1, "ZIP": 1, "VEHICLE": 3,
    "DEVICE": 3, "URL": 1, "IP": 1, "ID": 3,
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

public import FilterKit
public import JSONTree

/// Says how risky a request is, from what was found in it: kinds, how many different values, how many people, and
/// combinations that tell who somebody is; and, where something was found, from where it goes, when, and what the same
/// person sent before.
///
/// The same findings in the same request, after the same requests, give the same score; nothing is sent anywhere. More
/// findings never give less.
public final class PhiScore: ScoreFilter {
  public static let name: StaticString = "phi"
  public static let summary: StaticString =
    "0 to 100 from kinds, distinct values, people, combinations, destination, hour and history"
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
            "adds": {
              "type": "integer", "minimum": 0, "maximum": 100,
              "description": "how many points that adds; each doubling of the people adds half as much again"
            },
            "kinds": {
              "type": "array", "items": { "type": "string" }, "maxItems": 64,
              "description": "further kinds of which one person has one, as EMPLOYEE_ID"
            }
          }
        },
        "combinations": {
          "type": "array", "maxItems": 64,
          "description": "kinds that together tell who somebody is; in place of name-date-place",
          "items": {
            "type": "object", "required": ["name", "kinds"],
            "properties": {
              "name": { "type": "string", "description": "for the record, as name-date-place" },
              "kinds": {
                "type": "array", "minItems": 2, "maxItems": 16, "description": "all of these, or of a list one",
                "items": {
                  "oneOf": [
                    { "type": "string" },
                    { "type": "array", "items": { "type": "string" }, "minItems": 1, "maxItems": 16 }
                  ]
                }
              },
              "adds": { "type": "integer", "minimum": 0, "maximum": 100 }
            }
          }
        },
        "roles": {
          "type": "object",
          "description": "points where something was found in a text of that role: which way it travels",
          "properties": {
            "system": { "type": "integer", "minimum": 0, "maximum": 100 },
            "user": { "type": "integer", "minimum": 0, "maximum": 100 },
            "tool": { "type": "integer", "minimum": 0, "maximum": 100, "description": "what a tool has answered" },
            "tool-arguments": {
              "type": "integer", "minimum": 0, "maximum": 100, "description": "what a tool was called with"
            }
          }
        },
        "destinations": {
          "type": "array", "maxItems": 64, "description": "points by where the request goes",
          "items": {
            "type": "object", "required": ["name"],
            "properties": {
              "name": { "type": "string", "description": "for the record, as public-models" },
              "upstream": { "type": "string", "minLength": 1, "maxLength": 253, "description": "the host, * for any letters" },
              "model": { "type": "string", "minLength": 1, "maxLength": 128, "description": "the model, * for any letters" },
              "adds": { "type": "integer", "minimum": 0, "maximum": 100 }
            }
          }
        },
        "hours": {
          "type": "object", "required": ["zone"],
          "description": "points outside of the hours in which people work",
          "properties": {
            "zone": { "type": "string", "description": "UTC, an offset as +01:00, or a name as Europe/Berlin" },
            "from": { "type": "string", "description": "as 07:00" },
            "to": { "type": "string", "description": "as 19:00; before 'from': on the next day" },
            "days": {
              "type": "array", "maxItems": 7, "minItems": 1,
              "items": { "type": "string", "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }
            },
            "adds": { "type": "integer", "minimum": 0, "maximum": 100 }
          }
        },
        "history": {
          "type": "object",
          "description": "points from how much the same person sent within a window on, this request included",
          "properties": {
            "window": { "type": "string", "pattern": "^[0-9]{1,6}(s|m|h)$", "description": "1m to 24h" },
            "people": { "type": "integer", "minimum": 1, "maximum": 4096, "description": "from how many people on" },
            "values": { "type": "integer", "minimum": 1, "maximum": 4096, "description": "from how many values on" },
            "adds": { "type": "integer", "minimum": 0, "maximum": 100 }
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
  let bulk: Bulk
  let combinations: [Combination]
  let roles: [Role: (code: String, points: Int)]
  let destinations: [Destination]
  let hours: Hours?
  let history: HistoryRule?

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
    bulk = try Bulk(configuration)
    combinations = try Combination.read(configuration)
    let known: [String: Role] = [
      "system": .system, "user": .user, "tool": .tool, "tool-arguments": .toolArguments,
    ]
    var roles: [Role: (code: String, points: Int)] = [:]
    let given = configuration["roles"]
    for (name, role) in known.sorted(by: { $0.key < $1.key }) {
      let points = try ScoreOptions.integer(name, within: 0...100, of: given, at: "/roles")
      if let points { roles[role] = ("direction/\(name)", points) }
    }
    self.roles = roles
    destinations = try Destination.read(configuration)
    hours = try configuration["hours"].map { value throws(FilterError) in try Hours(value) }
    history = try configuration["history"].map { value throws(FilterError) in try HistoryRule(value, host) }
  }

  /// To tell full names from parts of names; nothing else is looked at.
  public var wantsText: Bool { true }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any ScoreSession {
    PhiScoreSession(self, ScoredExchange(exchange))
  }
}

/// What of an exchange a score looks at, beside its texts.
struct ScoredExchange {
  private(set) var subject: [UInt8] = []
  private(set) var upstream: [UInt8] = []
  private(set) var model: [UInt8] = []
  /// Seconds since 1970; nil: the host does not say.
  private(set) var time: Int64?

  /// The years 1 to 9999; another time is none, and arithmetic with these does not overflow.
  private static let times: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  init(_ exchange: borrowing ExchangeView) {
    var found: (upstream: [UInt8], model: [UInt8], time: Int64?) = ([], [], nil)
    exchange.forEachAttribute { name, value in
      if Self.isEqual(name, "upstream") { found.upstream = Array(copying: value) }
      if Self.isEqual(name, "model") { found.model = Array(copying: value) }
      if Self.isEqual(name, "time") {
        found.time = Int64(String(decoding: Array(copying: value), as: UTF8.self))
          .flatMap { Self.times.contains($0) ? $0 : nil }
      }
    }
    (upstream, model, time) = found
    subject = exchange.withSubject { Array(copying: $0) }
  }

  private static func isEqual(_ name: Span<UInt8>, _ word: StaticString) -> Bool {
    guard name.count == word.utf8CodeUnitCount else { return false }
    return String(decoding: Array(copying: name), as: UTF8.self) == "\(word)"
  }
}

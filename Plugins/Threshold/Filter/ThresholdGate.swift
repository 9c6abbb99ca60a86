public import FilterKit
public import JSONTree

/// Asks people about requests whose score reaches a threshold.
public final class ThresholdGate: GateFilter {
  public static let name: StaticString = "threshold"
  public static let summary: StaticString = "asks people about requests whose score reaches a threshold"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["at"],
      "properties": {
        "at": {
          "type": "integer", "minimum": 0, "maximum": 100,
          "description": "the score, 0 to 100, from which on people are asked"
        },
        "deny-at": {
          "type": "integer", "minimum": 0, "maximum": 100,
          "description": "the score from which on the request is denied without asking"
        },
        "approvers": {
          "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": 128 }, "maxItems": 64,
          "description": "groups whose members may decide"
        },
        "quorum": {
          "type": "integer", "minimum": 1, "maximum": 16,
          "description": "how many different people must approve"
        },
        "required": {
          "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": 128 }, "maxItems": 16,
          "description": "groups, of each of which somebody must be among those who approve"
        },
        "expires": {
          "type": "string", "pattern": "^[0-9]{1,6}(s|m|h|d)$",
          "description": "how long a decision is waited for, as 15m; then it counts as denied"
        },
        "local-operator": {
          "type": "boolean",
          "description": "whether the owner of the data directory may decide at the command line"
        },
        "on-expiry": {
          "type": "string", "enum": ["deny"],
          "description": "what becomes of a request that nobody has decided about in time: there is no other way"
        },
        "break-glass": {
          "type": "object",
          "description": "who may go on at once in an emergency, on record, and reviewed afterwards",
          "properties": {
            "groups": {
              "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": 128 }, "maxItems": 64,
              "description": "groups whose members may"
            },
            "anyone": { "type": "boolean", "description": "whether whoever asks may, whatever their groups" },
            "lifetime": {
              "type": "string", "pattern": "^[0-9]{1,6}(s|m|h|d)$",
              "description": "the longest that it lasts, as 15m"
            },
            "reason": {
              "type": "string", "enum": ["required"],
              "description": "it always is; it may be said here for the reader"
            }
          }
        }
      }
    }
    """

  private let threshold: UInt32
  private let denyAt: UInt32?
  private let terms: GateTerms

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    threshold = try Self.integer("at", within: 0...100, in: configuration) ?? 100
    denyAt = try Self.integer("deny-at", within: 0...100, in: configuration)
    terms = try Self.terms(configuration)
    if let denyAt, denyAt <= threshold {
      throw .configuration("'deny-at' must be above 'at', or nobody would ever be asked.", at: "/deny-at")
    }
  }

  private static func terms(_ configuration: JSONValue) throws(FilterError) -> GateTerms {
    var terms = GateTerms(approvers: configuration["approvers"]?.strings ?? [])
    terms.required = configuration["required"]?.strings ?? []
    let fewest = UInt32(max(1, terms.required.count))
    terms.quorum = try integer("quorum", within: 1...16, in: configuration) ?? fewest
    terms.localOperator = configuration["local-operator"]?.bool ?? true
    let duration = configuration["expires"]?.string ?? "15m"
    guard let seconds = seconds(duration), (1...604_800).contains(seconds) else {
      throw .configuration("A decision can be waited for from 1s to 7d.", at: "/expires")
    }
    terms.expires = seconds
    for (name, groups) in [("approvers", terms.approvers), ("required", terms.required)]
    where Set(groups).count != groups.count {
      throw .configuration("A group stands here twice.", at: "/\(name)")
    }
    if terms.quorum < fewest {
      throw .configuration(
        "Each required group takes somebody of its own: the quorum is at least \(fewest).", at: "/quorum")
    }
    if terms.approvers.isEmpty, terms.required.isEmpty, !terms.localOperator || terms.quorum > 1 {
      throw .configuration("Nobody could decide: name groups of approvers.", at: "/approvers")
    }
    terms.breakGlass = try configuration["break-glass"].map { value throws(FilterError) in
      try breakGlass(value)
    }
    return terms
  }

  private static func breakGlass(_ value: JSONValue) throws(FilterError) -> GateTerms.BreakGlass {
    let groups = value["groups"]?.strings ?? []
    let anyone = value["anyone"]?.bool ?? false
    guard anyone == groups.isEmpty else {
      throw .configuration(
        "Who may break the glass? Name their groups, or say 'anyone: true', not both.", at: "/break-glass")
    }
    guard let lifetime = seconds(value["lifetime"]?.string ?? "15m"), (60...604_800).contains(lifetime) else {
      throw .configuration("A broken glass lasts from 60s to 7d.", at: "/break-glass/lifetime")
    }
    return GateTerms.BreakGlass(groups: groups, anyone: anyone, lifetime: lifetime)
  }

  public func decide(_ request: borrowing GateRequest) throws(FilterError) -> GateDecision {
    if let denyAt, request.score >= denyAt {
      return .deny(
        reason: "The request's risk score is \(request.score); from \(denyAt) on requests are denied.")
    }
    guard request.score >= threshold else { return .allow }
    return .hold(
      terms,
      reason: "The request's risk score is \(request.score); from \(threshold) on somebody has to approve it."
    )
  }

  /// A whole number under that name; nil where there is none. The schema has bounded it, but a number out of
  /// bounds would trap in the conversion, so it is not relied on alone.
  private static func integer(
    _ name: String, within bounds: ClosedRange<Int>, in configuration: JSONValue
  ) throws(FilterError) -> UInt32? {
    guard let value = configuration[name] else { return nil }
    guard let number = value.integer, bounds.contains(number) else {
      throw .configuration(
        "This is a whole number from \(bounds.lowerBound) to \(bounds.upperBound).", at: "/\(name)")
    }
    return UInt32(number)
  }

  private static func seconds(_ text: String) -> UInt64? {
    let factors: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last, let factor = factors[unit], let number = UInt64(text.dropLast()) else {
      return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }
}

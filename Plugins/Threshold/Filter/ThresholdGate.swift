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
        "expires": {
          "type": "string", "pattern": "^[0-9]{1,6}(s|m|h|d)$",
          "description": "how long a decision is waited for, as 15m; then it counts as denied"
        },
        "local-operator": {
          "type": "boolean",
          "description": "whether the owner of the data directory may decide at the command line"
        }
      }
    }
    """

  private let threshold: UInt32
  private let denyAt: UInt32?
  private let approvers: [String]
  private let quorum: UInt32
  private let expires: UInt64
  private let localOperator: Bool

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    threshold = try Self.integer("at", within: 0...100, in: configuration) ?? 100
    denyAt = try Self.integer("deny-at", within: 0...100, in: configuration)
    approvers = configuration["approvers"]?.strings ?? []
    quorum = try Self.integer("quorum", within: 1...16, in: configuration) ?? 1
    localOperator = configuration["local-operator"]?.bool ?? true
    let duration = configuration["expires"]?.string ?? "15m"
    guard let seconds = Self.seconds(duration), (1...604_800).contains(seconds) else {
      throw .configuration("A decision can be waited for from 1s to 7d.", at: "/expires")
    }
    expires = seconds
    if let denyAt, denyAt <= threshold {
      throw .configuration("'deny-at' must be above 'at', or nobody would ever be asked.", at: "/deny-at")
    }
    if Set(approvers).count != approvers.count {
      throw .configuration("A group stands here twice.", at: "/approvers")
    }
    if approvers.isEmpty, !localOperator || quorum > 1 {
      throw .configuration("Nobody could decide: name groups of approvers.", at: "/approvers")
    }
  }

  public func decide(_ request: borrowing GateRequest) throws(FilterError) -> GateDecision {
    if let denyAt, request.score >= denyAt {
      return .deny(
        reason: "The request's risk score is \(request.score); from \(denyAt) on requests are denied.")
    }
    guard request.score >= threshold else { return .allow }
    return .hold(
      approvers: approvers, quorum: quorum, expires: expires, localOperator: localOperator,
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

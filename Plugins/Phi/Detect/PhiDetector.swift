public import FilterKit
public import JSONTree

/// Finds the identifiers of HIPAA's Safe Harbor (45 CFR 164.514(b)(2)) and credentials in text.
public final class PhiDetector: DetectFilter {
  public static let name: StaticString = "phi"
  public static let summary: StaticString = "HIPAA Safe Harbor identifiers and credentials"
  public static let schema: StaticString = """
    {
      "type": "object",
      "properties": {
        "kinds": {
          "description": "safe-harbor, or a list of kinds",
          "oneOf": [
            { "type": "string", "enum": ["safe-harbor"] },
            {
              "type": "array", "minItems": 1, "maxItems": 64,
              "items": {
                "type": "string",
                "enum": [
                  "NAME", "SSN", "MRN", "DATE", "AGE", "PHONE", "FAX", "EMAIL", "ADDRESS", "CITY", "ZIP", "HEALTH_PLAN",
                  "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "URL", "IP", "BIOMETRIC", "ID", "CREDENTIAL",
                  "ORG"
                ]
              }
            }
          ]
        },
        "min-confidence": {
          "type": "number", "minimum": 0, "maximum": 1,
          "description": "0 to 1; what is less sure is not reported"
        },
        "allow": {
          "type": "array", "maxItems": 10000, "items": { "type": "string", "minLength": 2, "maxLength": 128 },
          "description": "texts that are never reported"
        },
        "deny": {
          "type": "array", "maxItems": 1000, "items": { "type": "string", "minLength": 3, "maxLength": 64 },
          "description": "texts that are always reported, as kind ID"
        }
      }
    }
    """

  let matcher: PatternMatcher
  let rules: [PatternRule]
  let inertness: Inertness
  private let model: TaggerModel
  /// The longest text that is always reported, in bytes.
  let longestDenied: Int
  private let kinds: Set<Kind>?
  private let leastConfidence: UInt32
  private let allowed: Set<[UInt8]>
  /// Scanners that no session uses at the moment.
  private let spare = SpareScanners()

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    kinds = configuration["kinds"]?.strings.map { Set($0.compactMap { Kind($0) }) }
    leastConfidence = UInt32((configuration["min-confidence"]?.number ?? 0.5) * 10_000)
    allowed = Set((configuration["allow"]?.strings ?? []).map { Self.folded(Array($0.utf8)) })
    let denied = configuration["deny"]?.strings ?? []
    rules =
      NumberRules.all + PhoneRules.all + DateRules.all + LabelRules.all + PlaceRules.all + TokenRules.all
      + DenyList.rules(denied)
    do { model = try TaggerModel.shipped.get() } catch {
      throw FilterError(
        .internal, "The tagger's model in this library is damaged (\(error)): install the plugin anew.")
    }
    inertness = Inertness(denied: denied, model)
    longestDenied = denied.map(\.utf8.count).max() ?? 0
    matcher = try PatternMatcher(rules)
  }

  public var maximumHold: UInt64 { UInt64((Scanner.rightContext + 1200) * NormalText.mostPerByte) }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any DetectSession {
    PhiDetectSession(self)
  }

  func takeScanner() -> Scanner {
    spare.take() ?? Scanner(matcher: matcher, rules: rules, inertness: inertness, model)
  }
  func giveBack(_ scanner: Scanner) { spare.give(scanner) }

  /// Whether what was found is to be reported.
  func isWanted(_ candidate: Candidate, in text: Span<UInt8>) -> Bool {
    guard candidate.confidence >= leastConfidence else { return false }
    if let kinds {
      guard kinds.contains(candidate.kind) else { return false }
    } else if candidate.kind == "ORG" {
      return false  // no identifier of Safe Harbor: found for those who ask
    }
    if allowed.isEmpty { return true }
    return !allowed.contains(Self.folded(Array(copying: text.extracting(candidate.range))))
  }

  private static func folded(_ text: [UInt8]) -> [UInt8] {
    text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
  }
}

/// Texts that are always reported.
enum DenyList {
  static func rules(_ texts: [String]) -> [PatternRule] {
    texts.map { text in
      // A pattern has to live as long as the rule: made once per instance, from the configuration.
      let length = text.utf8.count
      return PatternRule(literal: text) { view, end in
        let range = end - length..<end
        guard range.lowerBound >= view.lowerBound, !Bytes.isAlphanumeric(view.byte(range.lowerBound - 1)),
          !Bytes.isAlphanumeric(view.byte(end))
        else { return nil }
        return Candidate(range: range, kind: "ID", confidence: 10_000, detector: "phi/deny-list")
      }
    }
  }
}

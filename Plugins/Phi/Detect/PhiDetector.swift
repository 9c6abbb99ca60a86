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
        },
        "allow-files": {
          "type": "array", "maxItems": 16, "items": { "type": "string", "minLength": 1, "maxLength": 4096 },
          "description": "files with such texts, one on a line; # begins a comment"
        },
        "deny-files": {
          "type": "array", "maxItems": 16, "items": { "type": "string", "minLength": 1, "maxLength": 4096 },
          "description": "files with such texts, one on a line; # begins a comment"
        },
        "patterns": {
          "type": "array", "maxItems": 400, "description": "values of a form of your own",
          "items": {
            "type": "object", "required": ["kind", "pattern"],
            "properties": {
              "kind": { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,31}$" },
              "pattern": {
                "type": "string", "minLength": 3, "maxLength": 512,
                "description": "as Vectorscan has them (PCRE without look-around and back-references), at most 160 bytes of text"
              },
              "confidence": { "type": "number", "minimum": 0, "maximum": 1, "description": "0.8 if left out" },
              "case-sensitive": { "type": "boolean" },
              "whole": { "type": "boolean", "description": "no letter or digit beside it; true if left out" },
              "context": {
                "type": "array", "maxItems": 64, "items": { "type": "string", "minLength": 2, "maxLength": 48 },
                "description": "words before it on its line that make it surer"
              },
              "context-adds": { "type": "number", "minimum": -1, "maximum": 1, "description": "by how much; 0.2 if left out" }
            }
          }
        },
        "context": {
          "type": "array", "maxItems": 64, "description": "words that make the filter's own kinds surer, or less sure",
          "items": {
            "type": "object", "required": ["kind", "words"],
            "properties": {
              "kind": { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,31}$" },
              "words": {
                "type": "array", "minItems": 1, "maxItems": 64,
                "items": { "type": "string", "minLength": 2, "maxLength": 48 }
              },
              "adds": { "type": "number", "minimum": -1, "maximum": 1 }
            }
          }
        },
        "thresholds": {
          "type": "array", "maxItems": 256, "description": "the first one that fits decides, else min-confidence",
          "items": {
            "type": "object", "required": ["min-confidence"],
            "properties": {
              "kind": { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,31}$" },
              "path": { "type": "string", "pattern": "^/", "maxLength": 1024, "description": "a JSON Pointer, * for any step" },
              "role": {
                "type": "string",
                "enum": [
                  "system", "developer", "user", "assistant", "tool", "tool-name", "tool-arguments", "schema", "metadata",
                  "key", "unknown"
                ]
              },
              "min-confidence": { "type": "number", "minimum": 0, "maximum": 1 }
            }
          }
        }
      }
    }
    """

  /// The filter's own rules, and all of their patterns: compiled once for all pipelines.
  private static let rules: [PatternRule] =
    NumberRules.all + AgeRules.all + PhoneRules.all + DateRules.all + BirthDateRules.all
    + LabelRules.all.map { $0.beforeDigits() }
    + PlaceRules.all + TokenRules.all
    + SpelledRules.all + FieldRules.all + MisreadNumbers.all
    + (IdentifierLabels.all + NationalLabels.all).map { $0.beforeDigits() } + NationalForms.all
    + PlateRules.all + ClaimSegments.all + ResourceRules.all + CredentialForms.all + CredentialLiterals.all
    + UnlistedIdentifiers.all + NumbersBesideNames.all + LastDigits.all + TimeFieldRules.all + X12Rules.all
    + DicomRules.all
    + NameFields.all + LogNames.all + MailboxNames.all + AccountRules.all + CalledNames.all + SpelledNames.all
    + Initials.all + FileNames.all + ChatSpeakers.all
  private static let compiled = Result<Patterns, PatternMatcher.Failure> {
    () throws(PatternMatcher.Failure) in
    try Patterns(rules, cache: .standard)
  }

  private let patterns: Patterns
  let custom: CustomRules
  let inertness: Inertness
  private let model: TaggerModel
  private let kinds: Set<Kind>?
  private let thresholds: Thresholds
  private let context: [(kind: Kind, words: ContextWords)]
  /// Scanners that no session uses at the moment.
  private let spare = SpareScanners()

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    thresholds = try Thresholds(configuration)
    let custom = try CustomRules(configuration)
    self.custom = custom
    context = try Self.context(configuration["context"])
    // A pattern's own kind is wanted, whatever the list says.
    kinds = configuration["kinds"]?.strings.map {
      Set($0.compactMap { Kind($0) }).union(custom.ownKinds)
    }
    do { model = try TaggerModel.shipped.get() } catch {
      throw FilterError(
        .internal, "The tagger's model in this library is damaged (\(error)): install the plugin anew.")
    }
    inertness = Inertness(denied: custom.denied, model)
    do throws(PatternMatcher.Failure) { patterns = try Self.compiled.get() } catch {
      throw FilterError(
        .internal, "Vectorscan does not take pattern \(error.index ?? -1): \(error.reason)")
    }
  }

  private static func context(
    _ list: JSONValue?
  ) throws(FilterError) -> [(kind: Kind, words: ContextWords)] {
    var context: [(kind: Kind, words: ContextWords)] = []
    for (index, item) in (list?.array ?? []).enumerated() {
      guard let kind = item["kind"]?.string.flatMap({ Kind($0) }) else {
        throw .configuration("This is no name of a kind.", at: "/context/\(index)/kind")
      }
      context.append((kind, ContextWords(item["words"]?.strings ?? [], adds: item["adds"]?.number ?? 0.2)))
    }
    return context
  }

  public var maximumHold: UInt64 { UInt64(NormalText.mostOriginal(Scanner.rightContext + 1200)) }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any DetectSession {
    PhiDetectSession(self)
  }

  func takeScanner() -> Scanner {
    spare.take()
      ?? Scanner(patterns: patterns, custom: custom, inertness: inertness, model)
  }
  func freshMemory() -> Scanner.Memory { Scanner.Memory(model) }
  func giveBack(_ scanner: Scanner) { spare.give(scanner) }

  /// How sure findings in a text have to be.
  func thresholds(for segment: borrowing SegmentView) -> Thresholds.Local { thresholds.local(to: segment) }

  /// What was found as it is reported, surer or less sure by the pipeline's words beside it; nil where it is not to be.
  func reported(
    _ candidate: Candidate, _ view: borrowing TextView, _ thresholds: Thresholds.Local
  ) -> Candidate? {
    if let kinds {
      guard kinds.contains(candidate.kind) else { return nil }
    } else if candidate.kind == "ORG" {
      return nil  // no identifier of Safe Harbor: found for those who ask
    }
    var reported = candidate
    for (kind, words) in context
    where kind == candidate.kind && words.isBefore(candidate.range.lowerBound, view) {
      reported.confidence = ContextWords.sum(reported.confidence, words.adds)
    }
    guard reported.confidence >= thresholds.least(candidate.kind),
      !custom.isAllowed(candidate.range, of: view.text)
    else { return nil }
    return reported
  }
}

public import FilterKit
public import JSONTree

/// Says what stands in for a protected value: a placeholder that is the same whenever the value is, a fixed word, a
/// part of it, a token that can be opened again, or another value of the same format.
public final class PhiMask: MaskFilter {
  public static let name: StaticString = "phi"
  public static let summary: StaticString =
    "placeholders, redaction, encryption, date shift and surrogates, by kind and by field"
  public static let schema: StaticString = """
    {
      "type": "object",
      "properties": {
        "default": {
          "type": "string", "enum": ["placeholder", "redact", "partial", "hash", "encrypt", "surrogate"],
          "description": "what is done with a value that no rule is about"
        },
        "rules": {
          "type": "array", "maxItems": 256, "description": "the first rule that fits decides",
          "items": {
            "type": "object", "required": ["use"],
            "properties": {
              "kind": { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,31}$", "description": "a kind, as SSN" },
              "path": {
                "type": "string", "pattern": "^/", "maxLength": 1024,
                "description": "a JSON Pointer, * for any step; without a kind the field is protected whatever it holds"
              },
              "min-confidence": {
                "type": "number", "minimum": 0, "maximum": 1,
                "description": "the rule is about findings that are at least as sure as this"
              },
              "use": {
                "type": "string",
                "enum": [
                  "placeholder", "redact", "partial", "hash", "encrypt", "format-preserving", "date-shift",
                  "generalise", "surrogate", "keep"
                ]
              }
            }
          }
        },
        "placeholder": {
          "type": "object",
          "properties": {
            "length": {
              "type": "integer", "minimum": 5, "maximum": 10,
              "description": "letters of a placeholder's code; more make it rarer that two values share one"
            }
          }
        },
        "partial": {
          "type": "object",
          "properties": {
            "keep-last": {
              "type": "integer", "minimum": 1, "maximum": 8,
              "description": "how many characters stay at the end; never more than a third"
            }
          }
        },
        "date-shift": {
          "type": "object",
          "properties": {
            "days": {
              "type": "integer", "minimum": 1, "maximum": 3650,
              "description": "dates move by at most so many days, earlier or later"
            },
            "per": {
              "type": "string", "enum": ["session", "patient", "installation"],
              "description": "what all dates are moved by the same for; a patient is told by the record number before"
            }
          }
        }
      }
    }
    """

  let operators: OperatorTable
  let fingerprints: Fingerprints?
  private let ciphers: Ciphers?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    operators = try OperatorTable(configuration)
    fingerprints = host.fingerprints
    ciphers = try fingerprints.map { (prints) throws(FilterError) in try Ciphers(prints) }
  }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any MaskSession {
    guard let fingerprints, let ciphers else {
      throw FilterError(.unsupported, "This host offers no fingerprints (sluice.host.fingerprint/1).")
    }
    let session = exchange.withSession { Array(copying: $0) }
    return PhiMaskSession(
      ValueMask(operators: operators, fingerprints: fingerprints, ciphers: ciphers, session: session),
      direction: exchange.direction)
  }
}

/// Masks the texts of one direction of an exchange. From one text to the next it keeps who the last patient was, where
/// dates move by the patient.
final class PhiMaskSession: MaskSession {
  private var mask: ValueMask
  private let direction: Direction

  init(_ mask: ValueMask, direction: Direction) {
    self.mask = mask
    self.direction = direction
  }

  func edit(
    _ segment: borrowing SegmentView, base: UInt64, text: Span<UInt8>, findings: borrowing FindingList,
    edits: borrowing EditEmitter
  ) throws(FilterError) {
    if text.isEmpty { return }
    if let use = segment.withPointer({ mask.operators.use(forField: $0) }) {
      return try protect(text, base: base, with: use, findings: findings, edits: edits)
    }
    for index in 0..<findings.count {
      let (finding, range) = try located(index, in: findings, base: base, count: text.count)
      let use = segment.withPointer { mask.operators.use(for: finding, at: $0) }
      try mask.see(text.extracting(range), kind: finding.kind)
      if use == .keep || mask.isMasked(range, of: text) { continue }
      try mask.emit(
        text.extracting(range), at: finding.start, kind: finding.kind, use: inAnswer(use, finding.kind),
        finding: index, to: edits)
    }
  }

  private func inAnswer(_ use: MaskOperator, _ kind: Kind) -> MaskOperator {
    direction == .response ? use.inAnswer(kind) : use
  }

  /// Masks a whole field. What was found inside it is answered with the same replacement: the host makes one edit
  /// of all, and the record says of each finding what became of it.
  private func protect(
    _ text: Span<UInt8>, base: UInt64, with use: MaskOperator, findings: borrowing FindingList,
    edits: borrowing EditEmitter
  ) throws(FilterError) {
    if mask.isMasked(0..<text.count, of: text) { return }
    let done = try mask.emit(
      text, at: base, kind: "FIELD", use: inAnswer(use, "FIELD"), finding: nil, to: edits)
    for index in 0..<findings.count {
      let (finding, range) = try located(index, in: findings, base: base, count: text.count)
      try mask.repeatLast(
        for: text.extracting(range), at: finding.start, kind: finding.kind, use: done, finding: index,
        to: edits)
    }
  }

  /// A finding, and where it lies in the text. One that lies anywhere else is the host's mistake, and denied: it
  /// must not go out unmasked.
  private func located(
    _ index: Int, in findings: borrowing FindingList, base: UInt64, count: Int
  ) throws(FilterError) -> (Finding, Range<Int>) {
    guard let finding = findings[index], finding.start >= base, finding.end > finding.start,
      finding.end - base <= UInt64(count)
    else { throw FilterError(.internal, "A finding does not lie in the text that it belongs to.") }
    return (finding, Int(finding.start - base)..<Int(finding.end - base))
  }
}

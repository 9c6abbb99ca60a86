public import FilterKit
public import JSONTree

/// Says what stands in for a protected value: a placeholder that is the same whenever the value is, a fixed word,
/// or a part of it.
public final class PhiMask: MaskFilter {
  public static let name: StaticString = "phi"
  public static let summary: StaticString = "placeholders, redaction and partial masking, by kind and by field"
  public static let schema: StaticString = """
    {
      "type": "object",
      "properties": {
        "default": {
          "type": "string", "enum": ["placeholder", "redact", "partial"],
          "description": "what is done with a value that no rule is about"
        },
        "rules": {
          "type": "array", "maxItems": 256, "description": "the first rule that fits decides",
          "items": {
            "type": "object", "required": ["use"],
            "properties": {
              "kind": { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,31}$", "description": "a kind, as SSN" },
              "path": {
                "type": "string", "pattern": "^/",
                "description": "a JSON Pointer, * for any element; the field is protected whatever it holds"
              },
              "use": { "type": "string", "enum": ["placeholder", "redact", "partial", "keep"] }
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
        }
      }
    }
    """

  let operators: OperatorTable
  let fingerprints: Fingerprints?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    operators = try OperatorTable(configuration)
    fingerprints = host.fingerprints
  }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any MaskSession {
    PhiMaskSession(self)
  }
}

/// Masks the texts of one direction of an exchange. It keeps nothing from one text to the next.
final class PhiMaskSession: MaskSession {
  private let filter: PhiMask
  private var replacement: [UInt8] = []
  private var normalised: [UInt8] = []

  init(_ filter: PhiMask) { self.filter = filter }

  func edit(
    _ segment: borrowing SegmentView, base: UInt64, text: Span<UInt8>, findings: borrowing FindingList,
    edits: borrowing EditEmitter
  ) throws(FilterError) {
    let field = segment.withPointer { filter.operators.use(forPath: $0) }
    if let field, field != .keep, !text.isEmpty {
      // A protected field goes as a whole, so what was found inside it is answered by the same edit.
      return try protect(text, base: base, with: field, findings: findings, edits: edits)
    }
    if field == .keep { return }
    for index in 0..<findings.count {
      guard let finding = findings[index] else { continue }
      let use = filter.operators.use(forKind: finding.kind)
      guard use != .keep else { continue }
      let value = text.extracting(Int(finding.start - base)..<Int(finding.end - base))
      let fingerprint = try replace(value, kind: finding.kind, with: use)
      let replacement = self.replacement
      try edits.emit(
        start: finding.start, end: finding.end, replacement: replacement.span, finding: index, operation: use.name,
        fingerprint: fingerprint)
    }
  }

  private func protect(
    _ text: Span<UInt8>, base: UInt64, with use: MaskOperator, findings: borrowing FindingList,
    edits: borrowing EditEmitter
  ) throws(FilterError) {
    let fingerprint = try replace(text, kind: Kind("FIELD"), with: use)
    let replacement = self.replacement
    let end = base + UInt64(text.count)
    try edits.emit(
      start: base, end: end, replacement: replacement.span, finding: findings.count > 0 ? 0 : nil,
      operation: use.name, fingerprint: fingerprint)
    for index in 1..<max(findings.count, 1) {
      guard let finding = findings[index] else { continue }
      try edits.emit(
        start: finding.start, end: finding.end, replacement: replacement.span, finding: index, operation: use.name,
        fingerprint: nil)
    }
  }

  /// Puts what stands in for `value` into ``replacement``; returns the value's fingerprint.
  private func replace(_ value: Span<UInt8>, kind: Kind, with use: MaskOperator) throws(FilterError) -> Fingerprint? {
    replacement.removeAll(keepingCapacity: true)
    var fingerprint: Fingerprint?
    if let fingerprints = filter.fingerprints {
      normalised.removeAll(keepingCapacity: true)
      Normalisation.append(value, kind: kind, to: &normalised)
      let normalised = self.normalised
      fingerprint = try kind.withBytes { (domain) -> Result<Fingerprint, FilterError> in
        do throws(FilterError) { return .success(try fingerprints.of(normalised.span, in: domain)) } catch {
          return .failure(error)
        }
      }.get()
    }
    switch use {
    case .placeholder:
      guard let fingerprint else { throw FilterError(.unsupported, "This host offers no fingerprints.") }
      Placeholder.append(kind, fingerprint, to: &replacement)
    case .redact:
      replacement.append(UInt8(ascii: "["))
      kind.withBytes { for index in $0.indices { replacement.append($0[index]) } }
      replacement.append(UInt8(ascii: "]"))
    case .partial: PartialMask.append(value, keepLast: filter.operators.keepLast, to: &replacement)
    case .keep: break
    }
    return fingerprint
  }
}

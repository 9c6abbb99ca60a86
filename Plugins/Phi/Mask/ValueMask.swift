internal import FilterKit

/// Makes the edit of one value after another, in buffers that are used again.
struct ValueMask {
  let operators: OperatorTable
  let fingerprints: Fingerprints
  private var normalisation = Normalisation()
  private var normalised: [UInt8] = []
  private var replacement: [UInt8] = []

  init(operators: OperatorTable, fingerprints: Fingerprints) {
    self.operators = operators
    self.fingerprints = fingerprints
  }

  /// Replaces a value.
  /// - Parameters:
  ///   - offset: of the value in the segment's whole text.
  ///   - finding: the index of the finding that it is; nil for a field that a rule protects.
  mutating func emit(
    _ value: Span<UInt8>, at offset: UInt64, kind: Kind, use: MaskOperator, finding: Int?,
    to edits: borrowing EditEmitter
  ) throws(FilterError) {
    let fingerprint = try fingerprint(of: value, kind: kind)
    replacement.removeAll(keepingCapacity: true)
    switch use {
    case .placeholder:
      Placeholder.append(kind, fingerprint, length: operators.codeLength, to: &replacement)
    case .redact:
      replacement.append(UInt8(ascii: "["))
      kind.withBytes { for index in $0.indices { replacement.append($0[index]) } }
      replacement.append(UInt8(ascii: "]"))
    case .partial: PartialMask.append(value, keepLast: operators.keepLast, to: &replacement)
    case .keep: return
    }
    try edits.emit(
      start: offset, end: offset + UInt64(value.count), replacement: replacement.span, finding: finding,
      operation: use.name, fingerprint: fingerprint)
  }

  /// Answers a finding inside a stretch that the last ``emit(_:at:kind:use:finding:to:)`` has replaced.
  mutating func repeatLast(
    for value: Span<UInt8>, at offset: UInt64, kind: Kind, use: MaskOperator, finding: Int,
    to edits: borrowing EditEmitter
  ) throws(FilterError) {
    let fingerprint = try fingerprint(of: value, kind: kind)
    try edits.emit(
      start: offset, end: offset + UInt64(value.count), replacement: replacement.span, finding: finding,
      operation: use.name, fingerprint: fingerprint)
  }

  /// The keyed hash of the value's form. The same value of two kinds has two.
  private mutating func fingerprint(of value: Span<UInt8>, kind: Kind) throws(FilterError) -> Fingerprint {
    normalised.removeAll(keepingCapacity: true)
    normalisation.append(value, kind: kind, to: &normalised)
    let form = normalised.span
    return try kind.withBytes { (domain) -> Result<Fingerprint, FilterError> in
      do throws(FilterError) { return .success(try fingerprints.of(form, in: domain)) } catch {
        return .failure(error)
      }
    }.get()
  }
}

internal import FilterKit
internal import PhiCrypto

/// What encrypts, with the keys of this installation.
struct Ciphers {
  let sealing: SealedToken
  let format: FormatToken

  init(_ fingerprints: Fingerprints) throws(FilterError) {
    let keys = try PhiKeys { (domain, value) throws(FilterError) in
      let print = try fingerprints.of(value.span, in: domain.span)
      return print.withBytes { Array(copying: $0) }
    }
    sealing = SealedToken(keys: keys)
    format = FormatToken(keys: keys)
  }
}

/// Makes the edit of one value after another, in buffers that are used again.
struct ValueMask {
  let operators: OperatorTable
  let fingerprints: Fingerprints
  private let ciphers: Ciphers
  private let session: [UInt8]
  /// The patient whose record number was seen last.
  private var patient: [UInt8]?
  private var normalisation = Normalisation()
  private var normalised: [UInt8] = []
  private var replacement: [UInt8] = []

  init(operators: OperatorTable, fingerprints: Fingerprints, ciphers: Ciphers, session: [UInt8]) {
    self.operators = operators
    self.fingerprints = fingerprints
    self.ciphers = ciphers
    self.session = session
  }

  /// Takes note of a value, whatever becomes of it: a record number says whose the dates behind it are.
  mutating func see(_ value: Span<UInt8>, kind: Kind) throws(FilterError) {
    guard kind == "MRN", operators.dateShift.scope == .patient else { return }
    normalise(value, kind)
    patient = normalised
  }

  /// Whether bytes of a text are what stands in for a value already: a placeholder, a token of this installation's key,
  /// or, where surrogates are used, one of them.
  func isMasked(_ range: Range<Int>, of text: Span<UInt8>) -> Bool {
    Placeholder.covers(range, of: text) || ciphers.sealing.end(around: range, of: text) != nil
  }

  /// Replaces a value.
  /// - Parameters:
  ///   - offset: of the value in the segment's whole text.
  ///   - finding: the index of the finding that it is; nil for a field that a rule protects.
  /// - Returns: what was done: a placeholder where the value has no such form as the operator needs.
  @discardableResult
  mutating func emit(
    _ value: Span<UInt8>, at offset: UInt64, kind: Kind, use: MaskOperator, finding: Int?,
    to edits: borrowing EditEmitter
  ) throws(FilterError) -> MaskOperator {
    if use == .keep || use == .surrogate && Surrogate.isOne(value, kind: kind) { return .keep }
    let fingerprint = try fingerprint(of: value, kind: kind)
    replacement.removeAll(keepingCapacity: true)
    var done = use
    // What comes back by its key comes back as it was written.
    let plain = use == .encrypt || use == .formatPreserving ? nil : Self.plain(value, kind)
    let made =
      if let plain { try made(plain.span, kind: kind, use: use, fingerprint) } else {
        try made(value, kind: kind, use: use, fingerprint)
      }
    if let made {
      replacement.append(contentsOf: made)
    } else {
      done = .placeholder
      Placeholder.append(kind, fingerprint, length: operators.codeLength, to: &replacement)
    }
    try edits.emit(
      start: offset, end: offset + UInt64(value.count), replacement: replacement.span, finding: finding,
      operation: done.name, fingerprint: fingerprint)
    return done
  }

  /// What an operator makes of a value; nil where that is a placeholder.
  private mutating func made(
    _ value: Span<UInt8>, kind: Kind, use: MaskOperator, _ fingerprint: Fingerprint
  ) throws(FilterError) -> [UInt8]? {
    switch use {
    case .placeholder, .keep: return nil
    case .redact: return redacted(kind)
    case .partial:
      var output: [UInt8] = []
      PartialMask.append(value, keepLast: operators.keepLast, to: &output)
      return output
    case .hash: return Placeholder.digest(kind, fingerprint)
    case .encrypt:
      return try opaque { () throws(CryptoError) in
        try ciphers.sealing.make(Array(copying: value), kind: Self.name(kind))
      }
    case .formatPreserving:
      return try opaque { () throws(CryptoError) in
        try ciphers.format.encrypt(Array(copying: value), kind: Self.name(kind))
      }
    case .dateShift: return try shifted(value)
    case .generalise: return Generalisation.of(value, kind: kind) ?? redacted(kind)
    case .surrogate:
      if kind == "DATE" { return try shifted(value) }
      return try Surrogate.of(value, kind: kind, print: fingerprint) { (part) throws(FilterError) in
        try seed(part)
      }
    }
  }

  /// A value whose format has too few values, or is too long, gets none; a library that fails is an error.
  private func opaque(_ make: () throws(CryptoError) -> [UInt8]) throws(FilterError) -> [UInt8]? {
    do throws(CryptoError) { return try make() } catch {
      if error == .tooSmall { return nil }
      throw FilterError(.internal, "libcrypto could not encrypt a value.")
    }
  }

  private func shifted(_ value: Span<UInt8>) throws(FilterError) -> [UInt8]? {
    guard let date = DateText(value) else { return nil }
    let key: [UInt8] =
      switch operators.dateShift.scope {
      case .session: session
      case .patient: patient ?? session
      case .installation: []
      }
    return date.shifted(by: try operators.dateShift.days(fingerprints, key))
  }

  /// The number that a part of a value always gets, such as a family name.
  private func seed(_ part: String) throws(FilterError) -> UInt64 {
    var folded: [UInt8] = []
    let bytes = Array(part.utf8)
    Folding.append(bytes.span, to: &folded)
    let domain = Array("phi/surrogate".utf8)
    return try fingerprints.of(folded.span, in: domain.span).high
  }

  private func redacted(_ kind: Kind) -> [UInt8] {
    [UInt8(ascii: "[")] + Self.name(kind) + [UInt8(ascii: "]")]
  }

  private static func name(_ kind: Kind) -> [UInt8] { kind.withBytes { Array(copying: $0) } }

  /// Answers a finding inside a stretch that the last ``emit(_:at:kind:use:finding:to:)`` has replaced.
  mutating func repeatLast(
    for value: Span<UInt8>, at offset: UInt64, kind: Kind, use: MaskOperator, finding: Int,
    to edits: borrowing EditEmitter
  ) throws(FilterError) {
    if use == .keep { return }
    let fingerprint = try fingerprint(of: value, kind: kind)
    try edits.emit(
      start: offset, end: offset + UInt64(value.count), replacement: replacement.span, finding: finding,
      operation: use.name, fingerprint: fingerprint)
  }

  /// A value without its escapes; nil where it has none, or where they belong to it: in a URL and in a password.
  private static func plain(_ value: Span<UInt8>, _ kind: Kind) -> [UInt8]? {
    kind == "URL" || kind == "CREDENTIAL" ? nil : EscapedValue.plain(value)
  }

  /// Fills ``normalised``.
  private mutating func normalise(_ value: Span<UInt8>, _ kind: Kind) {
    normalised.removeAll(keepingCapacity: true)
    if let plain = Self.plain(value, kind) {
      normalisation.append(plain.span, kind: kind, to: &normalised)
    } else {
      normalisation.append(value, kind: kind, to: &normalised)
    }
  }

  /// The keyed hash of the value's form. The same value of two kinds has two.
  private mutating func fingerprint(of value: Span<UInt8>, kind: Kind) throws(FilterError) -> Fingerprint {
    normalise(value, kind)
    let form = normalised.span
    return try kind.withBytes { (domain) -> Result<Fingerprint, FilterError> in
      do throws(FilterError) { return .success(try fingerprints.of(form, in: domain)) } catch {
        return .failure(error)
      }
    }.get()
  }
}

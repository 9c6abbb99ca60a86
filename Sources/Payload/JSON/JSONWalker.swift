/// Walks a JSON text (RFC 8259) once, strictly, without recursion, and fills a ``WalkedBody``.
///
/// Reusable; confined to one thread at a time.
public struct JSONWalker {
  /// An object or array that has begun and not ended.
  struct Frame {
    let isObject: Bool
    /// The rules' state of the container itself.
    let state: Int
    /// The role of what stands below and has none of its own.
    let role: Role
    let path: Int
    /// The name of the member that it is the value of.
    let name: WalkedBody.Name
    /// Whether the texts below that no rule mentions arrive in pieces.
    let isChannel: Bool
    /// Where it begins, and how many media that can't be left out there were before it.
    let start: Int
    let media: Int
    /// How many elements or members it has so far.
    var count = 0
    /// Where its keys began among those of ``DuplicateKeys``.
    let keys: Int
    /// The first segment inside it.
    let firstSegment: Int
    /// The role that one of its members stated.
    var statedRole: Role?
  }

  public var limits: WalkedBody.Limits
  var frames: [Frame] = []
  var keys = DuplicateKeys()
  var values = 0
  /// Where the JSON text that is being walked begins in the arena; nil: it is the body itself.
  var base: Int?
  /// The segment whose text it is; -1: it is the body itself.
  var outer = -1
  /// How many JSON texts in strings of one another are being walked.
  var nesting = 0

  public init(limits: WalkedBody.Limits = .init()) { self.limits = limits }

  /// Walks `body` by the rules of an endpoint.
  /// - Throws: ``PayloadError``; then `result` holds nothing of use.
  public mutating func walk(
    _ body: Span<UInt8>, rules: RuleTable, into result: inout WalkedBody
  ) throws(PayloadError) {
    result.reset()
    frames.removeAll(keepingCapacity: true)
    keys.reset()
    values = 0
    base = nil
    outer = -1
    nesting = 0
    var position = JSONLexer.endOfSpace(body, from: 0)
    try value(
      body, &position, rules, state: RuleTable.root, role: .unknown, name: .none, path: -1, into: &result)
    while !frames.isEmpty { try next(body, &position, rules, into: &result) }
    position = JSONLexer.endOfSpace(body, from: position)
    guard position == body.count else {
      throw PayloadError(.invalidJSON, "Something follows the end of the JSON text.", at: position, in: body)
    }
  }

  /// How long a member's name may be, in bytes: each value below has it in its pointer.
  private static let maximumName = 1024

  /// Goes one element or member further in the innermost container, or ends it.
  @inline(__always)
  mutating func next(
    _ body: Span<UInt8>, _ position: inout Int, _ rules: RuleTable, into result: inout WalkedBody
  ) throws(PayloadError) {
    let top = frames.count - 1
    let frame = frames[top]
    position = JSONLexer.endOfSpace(body, from: position)
    guard position < body.count else {
      throw PayloadError(.invalidJSON, "The JSON text ends in the middle.", at: position, in: body)
    }
    let close = frame.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    if body[position] == close {
      position += 1
      return try end(body, at: position, into: &result)
    }
    if frame.count > 0 {
      guard body[position] == UInt8(ascii: ",") else {
        throw PayloadError(.invalidJSON, "A comma is missing.", at: position, in: body)
      }
      position = JSONLexer.endOfSpace(body, from: position + 1)
    }
    frames[top].count += 1
    if frame.isObject {
      try member(body, &position, rules, frame, into: &result)
    } else {
      result.paths.append(
        WalkedBody.Path(parent: frame.path, name: .none, element: frame.count, isPublic: true))
      try value(
        body, &position, rules, state: rules.element(below: frame.state), role: frame.role, name: frame.name,
        path: result.paths.count - 1, into: &result)
    }
  }

  private mutating func end(_ body: Span<UInt8>, at position: Int, into result: inout WalkedBody)
    throws(PayloadError)
  {
    let frame = frames.removeLast()
    if result.media > frame.media, frame.isObject, frames.last?.isObject == false, base == nil {
      result.mediaElements.append(frame.start..<position)
      result.media = frame.media
    }
    guard frame.isObject else { return }
    // In a text in a string no rule depends on a key, and both values are scanned.
    if keys.end(at: frame.keys), base == nil {
      throw PayloadError(
        .duplicateKey,
        "An object has the same key twice, so that two readers could read it in two ways. Send each key once.",
        at: position - 1, in: body)
    }
    guard let role = frame.statedRole else { return }
    for index in frame.firstSegment..<result.segments.count where result.segments[index].role == .unknown {
      result.segments[index].role = role
    }
  }

  private mutating func member(
    _ body: Span<UInt8>, _ position: inout Int, _ rules: RuleTable, _ frame: Frame,
    into result: inout WalkedBody
  ) throws(PayloadError) {
    guard position < body.count, body[position] == UInt8(ascii: "\"") else {
      throw PayloadError(.invalidJSON, "A member's name is missing.", at: position, in: body)
    }
    let start = position + 1
    let isEscaped = try JSONLexer.string(body, &position)
    let raw = start..<position - 1
    guard raw.count <= Self.maximumName else {
      throw PayloadError(.tooManyValues, "A member's name is longer than is accepted.", at: start, in: body)
    }
    var name = WalkedBody.Name(range: raw, isDecoded: false)
    if isEscaped {
      let decoded = result.arena.count
      StringEscapes.decode(body.extracting(raw), into: &result.arena)
      name = WalkedBody.Name(range: decoded..<result.arena.count, isDecoded: true)
    } else if let base {
      name = WalkedBody.Name(range: raw.lowerBound + base..<raw.upperBound + base, isDecoded: true)
    }
    let (state, isKnown, isPublic) = result.withBytes(of: name, body) { text in
      keys.add(text)
      let (state, isKnown) = rules.member(text, below: frame.state)
      return (state, isKnown, isKnown || PlainWords.isIdentifier(text))
    }
    result.paths.append(WalkedBody.Path(parent: frame.path, name: name, element: -1, isPublic: isPublic))
    let path = result.paths.count - 1
    if !isKnown, isEscaped || !isPublic {
      try append(raw, isEscaped, .key, .text, body, name: .none, path: path, into: &result)
    }
    position = JSONLexer.endOfSpace(body, from: position)
    guard position < body.count, body[position] == UInt8(ascii: ":") else {
      throw PayloadError(.invalidJSON, "A colon is missing after a member's name.", at: position, in: body)
    }
    position = JSONLexer.endOfSpace(body, from: position + 1)
    try value(body, &position, rules, state: state, role: frame.role, name: name, path: path, into: &result)
  }

  mutating func value(
    _ body: Span<UInt8>, _ position: inout Int, _ rules: RuleTable, state: Int, role: Role,
    name: WalkedBody.Name, path: Int, into result: inout WalkedBody
  ) throws(PayloadError) {
    values += 1
    guard values <= limits.values else {
      throw PayloadError(
        .tooManyValues, "The JSON text has more values than are accepted. Send less at once.", at: position,
        in: body)
    }
    guard position < body.count else {
      throw PayloadError(.invalidJSON, "The JSON text ends where a value is due.", at: position, in: body)
    }
    let treatment = rules.treatment(state) ?? anywhere(rules, name, body, result)
    switch body[position] {
    case UInt8(ascii: "\""):
      let start = position + 1
      let isEscaped = try JSONLexer.string(body, &position)
      try take(
        start..<position - 1, isEscaped, treatment, rules, role, body, name: name, path: path, into: &result)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard frames.count < limits.depth else {
        throw PayloadError(
          .tooDeep, "The JSON text is nested deeper than is accepted. Send a flatter one.", at: position,
          in: body)
      }
      let media = result.media
      let inside = JSONLexer.endOfSpace(body, from: position + 1)
      let isEmpty = inside < body.count && (body[inside] == 0x5D || body[inside] == 0x7D)
      if !isEmpty { try forbid(treatment, rules, body, at: position) }
      if case .media? = treatment { result.media += 1 }
      if case .joined? = treatment, path >= 0 { result.paths[path].isJoined = true }
      if case .finish? = treatment { result.finishes.append(path) }
      var inherited = role
      var isChannel = frames.last?.isChannel ?? false
      switch treatment {
      case .text(let own)?, .textOnly(let own)?:
        if own != .unknown { inherited = own }
        isChannel = false
      case .channel(let own)?, .jsonChannel(let own)?: (inherited, isChannel) = (own, true)
      default: break
      }
      frames.append(
        Frame(
          isObject: body[position] == UInt8(ascii: "{"), state: state, role: inherited, path: path,
          name: name, isChannel: isChannel, start: position, media: media, keys: keys.mark,
          firstSegment: result.segments.count))
      position += 1
    case UInt8(ascii: "t"):
      try JSONLexer.word("true", body, &position)
      try forbid(treatment, rules, body, at: position - 4)
      if case .attribute(.stream)? = treatment { result.isStreamed = true }
      if case .variant? = treatment, let parent = frames.last, parent.path >= 0 {
        result.paths[parent.path].variant = path
        result.hasVariant = true
      }
    case UInt8(ascii: "f"): try JSONLexer.word("false", body, &position)
    case UInt8(ascii: "n"): try JSONLexer.word("null", body, &position)
    default:
      try number(
        body, &position, treatment, rules, state: state, role, name: name, path: path, into: &result)
    }
  }

  /// What the rules say of a member of that name wherever it stands.
  @inline(__always)
  private func anywhere(
    _ rules: RuleTable, _ name: WalkedBody.Name, _ body: Span<UInt8>, _ result: WalkedBody
  ) -> Treatment? {
    guard rules.hasAnywhere, !name.range.isEmpty else { return nil }
    return result.withBytes(of: name, body) { rules.anywhere($0) }
  }

  /// Takes a string by its treatment.
  private mutating func take(
    _ raw: Range<Int>, _ isEscaped: Bool, _ treatment: Treatment?, _ rules: RuleTable, _ role: Role,
    _ body: Span<UInt8>, name: WalkedBody.Name, path: Int, into result: inout WalkedBody
  ) throws(PayloadError) {
    switch treatment {
    case nil, .number?, .usage?, .variant?, .joined?:
      let use: WalkedBody.Use = treatment == nil && frames.last?.isChannel == true ? .channel : .text
      try append(raw, isEscaped, role, use, body, name: name, path: path, into: &result)
    case .text(let own)?, .textOnly(let own)?:
      try append(
        raw, isEscaped, own == .unknown ? role : own, .text, body, name: name, path: path, into: &result)
    case .channel(let own)?:
      try append(raw, isEscaped, own, .channel, body, name: name, path: path, into: &result)
    case .jsonChannel(let own)?:
      try append(raw, isEscaped, own, .jsonChannel, body, name: name, path: path, into: &result)
    case .attribute(let attribute)?:
      result.attributes.append((attribute, result.segments.count))
      try append(raw, isEscaped, .metadata, .attribute, body, name: name, path: path, into: &result)
    case .token?, .label?, .finish?, .identity?:
      if case .finish? = treatment, Self.isEnd(body.extracting(raw)) { result.finishes.append(path) }
      if case .identity? = treatment, !raw.isEmpty { result.identities.append((path, raw)) }
      if isEscaped || !PlainWords.isToken(body.extracting(raw)) {
        try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
      }
    case .version?:
      if !PlainWords.isName(body.extracting(raw)) {
        try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
      }
    case .timestamp?:
      if !PlainWords.isTimestamp(body.extracting(raw)) {
        try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
      }
    case .source?:
      let word = body.extracting(raw)
      if !word.isEqual(to: "text"), !word.isEqual(to: "content") { result.media += 1 }
      try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
    case .opaque?, .seal?:
      if case .seal? = treatment, !raw.isEmpty { result.finishes.append(path) }
      if !PlainWords.isBase64(body.extracting(raw)) {
        try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
      }
    case .role?:
      frames[frames.count - 1].statedRole = Role(messageRole: body.extracting(raw))
      if isEscaped || !PlainWords.isToken(body.extracting(raw)) {
        try append(raw, isEscaped, .metadata, .text, body, name: name, path: path, into: &result)
      }
    case .media?:
      let (media, index) = (result.media, result.segments.count)
      try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
      // A `data:` URL of a text is that text.
      if !result.segments[index].isOuter { result.media = media + 1 }
    case .blob?:
      let (media, index) = (result.media, result.segments.count)
      try append(raw, isEscaped, role, .text, body, name: name, path: path, into: &result)
      let isBlob = result.withText(index, of: body) { PlainWords.isBase64Alphabet($0) }
      if isBlob, !result.segments[index].isOuter { result.media = media + 1 }
    case .index?: throw Self.noIndex(at: raw.lowerBound - 1, in: body)
    case .forbidden?:
      if !raw.isEmpty { try forbid(treatment, rules, body, at: raw.lowerBound - 1) }
    }
  }

  /// Whether a reason to finish is one: some vendors say in each event that there is none.
  private static func isEnd(_ reason: Span<UInt8>) -> Bool {
    !reason.isEmpty && !reason.isEqual(to: "null") && !reason.isEqual(to: "FINISH_REASON_UNSPECIFIED")
  }

  /// Two texts whose pieces come under one number must not be taken for one, nor one for two.
  private static func noIndex(at position: Int, in body: Span<UInt8>) -> PayloadError {
    PayloadError(.forbidden, "An index is not a whole number.", at: position, in: body)
  }

  private func forbid(
    _ treatment: Treatment?, _ rules: RuleTable, _ body: Span<UInt8>, at position: Int
  ) throws(PayloadError) {
    guard case .forbidden(let reason)? = treatment else { return }
    throw PayloadError(
      .forbidden, "A field that is not let through: \(rules.reasons[Int(reason)]).", at: position, in: body)
  }

  private mutating func append(
    _ raw: Range<Int>, _ isEscaped: Bool, _ role: Role, _ use: WalkedBody.Use, _ body: Span<UInt8>,
    isNumber: Bool = false, name: WalkedBody.Name, path: Int, into result: inout WalkedBody
  ) throws(PayloadError) {
    var decoded: Range<Int>?
    if isEscaped {
      let start = result.arena.count
      StringEscapes.decode(body.extracting(raw), into: &result.arena)
      decoded = start..<result.arena.count
    } else if let base {
      decoded = raw.lowerBound + base..<raw.upperBound + base
    }
    result.segments.append(
      WalkedBody.Segment(
        raw: raw, outer: outer, role: role, use: use, isEscaped: isEscaped, isNumber: isNumber,
        decoded: decoded, name: name, path: path))
    if use == .text, !isNumber, role != .key {
      try walkInside(body, role: role, name: name, path, into: &result)
    }
  }

}

extension JSONWalker {
  /// From this many digits on, a whole number is scanned as text: an SSN has nine, a card sixteen.
  private static let scannedDigits = 7

  private mutating func number(
    _ body: Span<UInt8>, _ position: inout Int, _ treatment: Treatment?, _ rules: RuleTable, state: Int,
    _ role: Role, name: WalkedBody.Name, path: Int, into result: inout WalkedBody
  ) throws(PayloadError) {
    let start = position
    let number = try JSONLexer.number(body, &position)
    switch treatment {
    case .index?:
      guard number.isInteger, number.first == start else { throw Self.noIndex(at: start, in: body) }
      let index = Self.integer(body.extracting(number.first..<position))
      guard let parent = frames.last, parent.path >= 0 else {
        return result.addRootIndex(order: state, name: name, index)
      }
      result.paths[parent.path].statedIndex = index
    case .usage(let usage)?:
      guard number.isInteger else { return }
      let count = Self.integer(body.extracting(number.first..<position))
      if usage == .input { result.inputTokens = count } else { result.outputTokens = count }
    case .number?: return
    case .forbidden?:
      if number.whole != 1 || body[number.first] != 0x30 { try forbid(treatment, rules, body, at: start) }
    case .textOnly?:
      throw PayloadError(
        .forbidden,
        "A number that is not let through: here it stands for text that nothing can read. Send the text itself.",
        at: start, in: body)
    default:
      guard number.whole >= Self.scannedDigits else { return }
      try append(
        start..<position, false, role, .text, body, isNumber: true, name: name, path: path, into: &result)
    }
  }

  /// A number from its digits, as large as it may be; more is cut.
  private static func integer(_ digits: Span<UInt8>) -> Int {
    var value = 0
    for index in digits.indices { value = min(value, 1 << 50) * 10 + Int(digits[index] - 0x30) }
    return value
  }
}

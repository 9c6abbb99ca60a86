internal import FilterKit

/// One exchange under the rules. It keeps the number of the first rule that fits, and no text.
final class RulesSession: GuardSession {
  private let filter: RulesGuard
  /// The lowest number of a rule that fits; `RuleSet.none` while there is none.
  private var fitting = RuleSet.none
  private var hasModel = false
  private var plain: [UInt8] = []
  private var scratch: PatternScratch?

  init(_ filter: RulesGuard) {
    self.filter = filter
  }

  deinit {
    if let scratch { filter.patterns?.give(back: scratch) }
  }

  /// Looks at what the host knows of the exchange: its model and its tools.
  func begin(_ exchange: borrowing ExchangeView) {
    exchange.forEachAttribute { name, value in
      if isEqual(name, "model") {
        hasModel = true
        withFoldedName(value) { note(filter.rules.denies(model: $0)) }
      } else if isEqual(name, "tool") {
        withFoldedName(value) { note(filter.rules.denies(tool: $0)) }
      }
    }
    // Where only some models are allowed, a request that names none is not one of them.
    if !hasModel && filter.rules.hasAllowedModels { note(RuleSet.modelNotAllowed) }
  }

  func segment(
    _ segment: borrowing SegmentView, text: Span<UInt8>, findings: borrowing FindingList
  ) throws(FilterError) {
    if segment.role == .toolName && filter.rules.hasTools {
      withFoldedName(text) { note(filter.rules.denies(tool: $0)) }
    }
    guard let patterns = filter.patterns, !text.isEmpty else { return }
    let scratch = try scratch(of: patterns)
    if PlainText.isASCII(text) {
      note(try patterns.firstMatch(in: text, role: segment.role, scratch: scratch))
      return
    }
    // Other alphabets have look-alikes and invisible characters that would split a word in two: such a text is
    // looked at as it is, and once more without them.
    var copy = takePlain()
    defer { plain = copy }
    PlainText.appendValid(text, to: &copy)
    note(try patterns.firstMatch(in: copy.span, role: segment.role, scratch: scratch))
    copy.removeAll(keepingCapacity: true)
    PlainText.append(text, to: &copy)
    note(try patterns.firstMatch(in: copy.span, role: segment.role, scratch: scratch))
  }

  func finish() throws(FilterError) -> GuardVerdict {
    filter.rules.verdict(fitting)
  }

  /// The session's scratch space, taken for its first text.
  private func scratch(of patterns: PatternDatabase) throws(FilterError) -> PatternScratch {
    if let scratch { return scratch }
    let taken = try patterns.takeScratch()
    scratch = taken
    return taken
  }

  private func note(_ rule: Int?) {
    if let rule, rule < fitting { fitting = rule }
  }

  /// Moves the buffer out, empty: a span of an object's own array could not outlive one access to it.
  private func takePlain() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &plain)
    taken.removeAll(keepingCapacity: true)
    return taken
  }

  /// Lends a name as names are compared: without case and without invisible characters.
  private func withFoldedName(_ name: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    var copy = takePlain()
    defer { plain = copy }
    PlainText.append(name, to: &copy)
    for index in copy.indices { copy[index] = lowercased(copy[index]) }
    body(copy.span)
  }
}

func lowercased(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

private func isEqual(_ name: Span<UInt8>, _ literal: StaticString) -> Bool {
  guard name.count == literal.utf8CodeUnitCount else { return false }
  for index in name.indices where unsafe name[index] != literal.utf8Start[index] { return false }
  return true
}

internal import FilterKit
internal import JSONTree

/// Finds "SHOUT". Written with FilterKit, so that its side of the border is tested too.
final class ShoutDetector: DetectFilter {
  static let name: StaticString = "test-swift"
  static let summary: StaticString = "finds SHOUT"
  static let schema: StaticString = #"{"type":"object","properties":{"wrong":{"type":"boolean"}}}"#

  init(configuration: JSONValue, host: Host) throws(FilterError) {
    if configuration["wrong"] != nil { throw .configuration("It must not be wrong.", at: "/wrong") }
  }

  var maximumHold: UInt64 { 4 }

  func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any DetectSession { ShoutSession() }
}

private final class ShoutSession: DetectSession {
  private static let word = Array("SHOUT".utf8)
  /// How many bytes of the word each text ends with.
  private var matched: [UInt64: Int] = [:]

  func feed(
    _ segment: borrowing SegmentView, base: UInt64, text: Span<UInt8>, end: Bool,
    findings: borrowing FindingEmitter
  ) throws(FilterError) -> UInt64 {
    var count = matched[segment.id] ?? 0
    for index in text.indices {
      // No part of the word is its beginning again but its first letter.
      count = text[index] == Self.word[count] ? count + 1 : text[index] == Self.word[0] ? 1 : 0
      guard count == Self.word.count else { continue }
      let after = base + UInt64(index) + 1
      try findings.emit(
        start: after - 5, end: after, kind: "SHOUT", confidence: 8000, detector: "test-swift/shout")
      count = 0
    }
    matched[segment.id] = end ? nil : count
    return base + UInt64(text.count - (end ? 0 : count))
  }
}

/// A filter that says that it may block: this build has no threads for it.
final class WaitingGuard: GuardFilter {
  static let name: StaticString = "test-swift"
  static let summary: StaticString = "waits"
  static let schema: StaticString = #"{"type":"object"}"#
  static var blocks: Bool { true }

  init(configuration: JSONValue, host: Host) throws(FilterError) {}
  var wantsText: Bool { false }
  func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any GuardSession {
    throw FilterError(.unsupported, "It is never opened.")
  }
}

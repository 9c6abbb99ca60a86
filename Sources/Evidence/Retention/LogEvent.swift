/// What an administration record says about the log itself, as far as it bears on verifying and removing.
enum LogEvent: Equatable {
  case keyRotated(KeyRotation)
  case recordsRemoved(SequenceRanges)
  case sessionHeld(String, SequenceRanges)
  case sessionReleased(String)

  static let removed = "records.removed"
  static let held = "session.held"
  static let released = "session.released"

  /// Reads the data of an administration record, at `data` in `text`; nil where it's about something else.
  init?(_ text: Span<UInt8>, _ data: Range<Int>) {
    func string(_ key: StaticString) -> String? {
      guard let range = JSONScanner.member(key, of: text, data.lowerBound), range.count >= 2,
        text[range.lowerBound] == UInt8(ascii: "\"")
      else { return nil }
      let inner = text.extracting(range.lowerBound + 1..<range.upperBound - 1)
      return unsafe inner.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) }
    }
    switch string("event") {
    case KeyRotation.event:
      guard let new = string("key"), let old = string("previous"), let key = try? VerifierKey(new),
        let previous = try? VerifierKey(old)
      else { return nil }
      self = .keyRotated(KeyRotation(key: key, previous: previous))
    case Self.removed:
      guard let ranges = string("records").flatMap({ SequenceRanges($0) }) else { return nil }
      self = .recordsRemoved(ranges)
    case Self.held:
      guard let session = string("session"), let ranges = string("records").flatMap({ SequenceRanges($0) })
      else {
        return nil
      }
      self = .sessionHeld(session, ranges)
    case Self.released:
      guard let session = string("session") else { return nil }
      self = .sessionReleased(session)
    default: return nil
    }
  }
}

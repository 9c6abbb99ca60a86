/// A record before the log has numbered it.
public struct RecordDraft: Sendable {
  public let type: RecordType
  /// The session's identifier: 1–128 bytes of `A–Z a–z 0–9 . _ : -`, or nil.
  public let session: [UInt8]?
  /// The exchange's identifier, in the same form.
  public let exchange: [UInt8]?
  /// The record's own fields: one JSON object, canonical (RFC 8785), in UTF-8.
  public let data: [UInt8]
  /// When it happened: nanoseconds since 1970-01-01T00:00:00Z (CLOCK_REALTIME).
  public let time: UInt64

  /// Takes the time of now.
  public init(type: RecordType, session: [UInt8]? = nil, exchange: [UInt8]? = nil, data: [UInt8]) {
    self.init(type: type, session: session, exchange: exchange, data: data, time: Timestamp.now())
  }

  /// A draft for something that happened at `time`, in nanoseconds since 1970 UTC.
  public init(type: RecordType, session: [UInt8]?, exchange: [UInt8]?, data: [UInt8], time: UInt64) {
    self.type = type
    self.session = session
    self.exchange = exchange
    self.data = data
    self.time = time
  }

  /// An upper bound of the record's size in the log, in bytes.
  var sizeBound: Int {
    data.count + (session?.count ?? 0) + (exchange?.count ?? 0) + Envelope.overheadBound + Frame.headerSize
  }

  /// Why the log would not take this draft, or nil.
  var fault: EvidenceError? {
    guard data.first == UInt8(ascii: "{"), data.last == UInt8(ascii: "}") else {
      return EvidenceError(.invalidRecord, "the data of a \(type.rawValue) record is not a JSON object")
    }
    assert(JSONScanner.isWhole(data), "the data of a \(type.rawValue) record is not JSON")
    for identifier in [session, exchange] {
      guard let identifier else { continue }
      guard Envelope.isIdentifier(identifier) else {
        return EvidenceError(
          .invalidRecord,
          "a \(type.rawValue) record's session or exchange is not 1–128 bytes of A–Z a–z 0–9 . _ : -")
      }
    }
    return nil
  }
}

/// The canonical object around each record's data:
///
///     {"data":{…},"exchange":"…","log":"…","sequence":17,"session":"…",
///      "time":"2026-11-25T20:31:46.123456789Z","type":"request","v":1}
///
/// on one line and without white space; `exchange` and `session` are left out where there is none.
enum Envelope {
  static let version = 1
  /// More than everything but data, session and exchange can take.
  static let overheadBound = 256
  static let maximumIdentifier = 128

  static func append(_ draft: RecordDraft, log: [UInt8], sequence: UInt64, to bytes: inout [UInt8]) {
    append("{\"data\":", &bytes)
    bytes.append(contentsOf: draft.data)
    if let exchange = draft.exchange {
      append(",\"exchange\":\"", &bytes)
      bytes.append(contentsOf: exchange)
      bytes.append(UInt8(ascii: "\""))
    }
    append(",\"log\":\"", &bytes)
    bytes.append(contentsOf: log)
    append("\",\"sequence\":", &bytes)
    JSONText.integer(sequence, to: &bytes)
    if let session = draft.session {
      append(",\"session\":\"", &bytes)
      bytes.append(contentsOf: session)
      bytes.append(UInt8(ascii: "\""))
    }
    append(",\"time\":\"", &bytes)
    Timestamp.append(draft.time, to: &bytes)
    append("\",\"type\":\"", &bytes)
    bytes.append(contentsOf: draft.type.rawValue.utf8)
    append("\",\"v\":1}", &bytes)
  }

  /// Identifiers are written between quotation marks as they are, so they may hold nothing that needs an escape.
  static func isIdentifier(_ bytes: [UInt8]) -> Bool {
    guard (1...maximumIdentifier).contains(bytes.count) else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  private static func append(_ text: StaticString, _ bytes: inout [UInt8]) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

internal import FilterKit
internal import JSONTree

/// What the sink reads of a record: when it was made, and whether it puts a session under legal hold or lets it go.
struct RecordEnvelope {
  /// RFC 3339, UTC, microseconds: as precise as the database is. Nil where the record has no such time.
  let time: [UInt8]?
  let isAdministration: Bool

  /// Bytes at a record's end in which its time and type stand, as canonical JSON sorts them there.
  private static let tail = 256

  init(_ json: Span<UInt8>) {
    let start = max(0, json.count - Self.tail)
    let tail = json.extracting(start..<json.count)
    time = Self.time(in: tail)
    isAdministration = Self.ends(json, with: #""type":"administration","v":1}"#)
  }

  /// The session that is held, or let go, by an administration record.
  static func hold(_ json: Span<UInt8>) -> (session: String, isHeld: Bool, reason: String)? {
    guard let record = try? JSONReader.read(Array(copying: json)), let data = record["data"],
      let session = data["session"]?.string
    else { return nil }
    let reason = data["reason"]?.string ?? ""
    switch data["event"]?.string {
    case "session.held": return (session, true, reason)
    case "session.released": return (session, false, reason)
    default: return nil
    }
  }

  private static func time(in tail: Span<UInt8>) -> [UInt8]? {
    let key: StaticString = #","time":""#
    // The last one: what stands before it may be anything.
    var place = tail.count - key.utf8CodeUnitCount
    while place >= 0, !isEqual(tail, place, key) { place -= 1 }
    guard place >= 0 else { return nil }
    let start = place + key.utf8CodeUnitCount
    let form: StaticString = "0000-00-00T00:00:00.000000"
    guard start + form.utf8CodeUnitCount < tail.count else { return nil }
    var text: [UInt8] = []
    for index in 0..<form.utf8CodeUnitCount {
      let (byte, wanted) = unsafe (tail[start + index], form.utf8Start[index])
      guard wanted == 0x30 ? (0x30...0x39).contains(byte) : byte == wanted else { return nil }
      text.append(byte)
    }
    var end = start + text.count
    while end < tail.count, (0x30...0x39).contains(tail[end]) { end += 1 }
    guard end < tail.count, tail[end] == UInt8(ascii: "Z") else { return nil }
    return text + [UInt8(ascii: "Z")]
  }

  private static func ends(_ json: Span<UInt8>, with suffix: StaticString) -> Bool {
    let place = json.count - suffix.utf8CodeUnitCount
    return place >= 0 && isEqual(json, place, suffix)
  }

  private static func isEqual(_ bytes: Span<UInt8>, _ place: Int, _ literal: StaticString) -> Bool {
    guard place + literal.utf8CodeUnitCount <= bytes.count else { return false }
    for index in 0..<literal.utf8CodeUnitCount
    where unsafe bytes[place + index] != literal.utf8Start[index] { return false }
    return true
  }
}

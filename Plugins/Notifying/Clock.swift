internal import Glibc

/// Times as services write them.
package enum Clock {
  /// Seconds since 1970 UTC.
  package static func now() -> Int64 { Int64(time(nil)) }

  /// Whether a message of that time may be taken now: a replay within these five minutes is recognised by its id.
  package static func isFresh(_ time: Int64, now: Int64) -> Bool {
    time > now - tolerance && time < now + tolerance
  }

  /// Seconds.
  package static let tolerance: Int64 = 300

  /// Seconds since 1970 UTC of `2026-11-26T10:00:00.123Z`, or with an offset (RFC 3339; Jira's `+0000`, too); nil: it is none.
  package static func parse(_ text: String) -> Int64? {
    let letters = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int32? {
      guard range.upperBound <= letters.count else { return nil }
      var value: Int32 = 0
      for letter in letters[range] {
        guard (0x30...0x39).contains(letter) else { return nil }
        value = value * 10 + Int32(letter - 0x30)
      }
      return value
    }
    guard letters.count >= 20, letters[4] == UInt8(ascii: "-"), letters[7] == UInt8(ascii: "-"),
      letters[10] == UInt8(ascii: "T") || letters[10] == UInt8(ascii: " "),
      letters[13] == UInt8(ascii: ":"), letters[16] == UInt8(ascii: ":"), let year = number(0..<4),
      let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16),
      let second = number(17..<19), year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24,
      minute < 60, second <= 60
    else { return nil }
    var index = 19
    if letters[index] == UInt8(ascii: ".") {
      index += 1
      while index < letters.count, (0x30...0x39).contains(letters[index]) { index += 1 }
    }
    guard index < letters.count, let offset = Self.offset(letters[index...]) else { return nil }
    var parts = unsafe tm()
    unsafe parts.tm_year = year - 1900
    unsafe parts.tm_mon = month - 1
    unsafe parts.tm_mday = day
    unsafe parts.tm_hour = hour
    unsafe parts.tm_min = minute
    unsafe parts.tm_sec = second
    return Int64(unsafe timegm(&parts)) - offset
  }

  /// Seconds of `Z`, `+01:00` or `+0100`.
  private static func offset(_ letters: ArraySlice<UInt8>) -> Int64? {
    if letters.count == 1, letters.first == UInt8(ascii: "Z") { return 0 }
    let digits = letters.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 4, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let values = digits.map { Int64($0 - 0x30) }
    let seconds = (values[0] * 10 + values[1]) * 3600 + (values[2] * 10 + values[3]) * 60
    switch letters.first {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }

  /// RFC 3339, UTC.
  package static func text(_ seconds: Int64) -> String {
    var parts = unsafe tm()
    var time = time_t(seconds)
    unsafe gmtime_r(&time, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return unsafe "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}

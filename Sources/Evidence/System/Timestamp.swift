import Glibc

/// Times as RFC 3339 with nanoseconds, in UTC: `2026-11-25T20:31:46.123456789Z`, always 30 bytes.
enum Timestamp {
  static let length = 30

  /// CLOCK_REALTIME in nanoseconds since 1970.
  static func now() -> UInt64 { clock(CLOCK_REALTIME) }

  /// CLOCK_MONOTONIC in nanoseconds: for deadlines.
  static func monotonic() -> UInt64 { clock(CLOCK_MONOTONIC) }

  private static func clock(_ id: clockid_t) -> UInt64 {
    var time = timespec()
    guard unsafe clock_gettime(id, &time) == 0 else { return 0 }
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Appends the text of `time`, nanoseconds since 1970. Years up to 2554, the end of the type.
  static func append(_ time: UInt64, to bytes: inout [UInt8]) {
    let (seconds, nanoseconds) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    let (days, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
    let (year, month, day) = civil(days)
    digits(year, 4, &bytes)
    bytes.append(UInt8(ascii: "-"))
    digits(month, 2, &bytes)
    bytes.append(UInt8(ascii: "-"))
    digits(day, 2, &bytes)
    bytes.append(UInt8(ascii: "T"))
    digits(second / 3600, 2, &bytes)
    bytes.append(UInt8(ascii: ":"))
    digits(second / 60 % 60, 2, &bytes)
    bytes.append(UInt8(ascii: ":"))
    digits(second % 60, 2, &bytes)
    bytes.append(UInt8(ascii: "."))
    digits(Int(nanoseconds), 9, &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }

  /// Reads that exact form back, or nil.
  static func parse(_ text: Span<UInt8>) -> UInt64? {
    guard text.count == length else { return nil }
    func number(_ from: Int, _ count: Int) -> Int? {
      var value = 0
      for i in from..<from + count {
        let digit = text[i] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
      }
      return value
    }
    for (i, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (29, "Z")]
      as [(Int, Unicode.Scalar)]
    {
      guard text[i] == UInt8(ascii: mark) else { return nil }
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      let nanoseconds = number(20, 9), year >= 1970, year < 2554, (1...12).contains(month),
      (1...31).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let days = daysSinceEpoch(year, month, day)
    guard civil(days) == (year, month, day) else { return nil }
    let seconds = UInt64(days * 86_400 + hour * 3600 + minute * 60 + second)
    return seconds * 1_000_000_000 + UInt64(nanoseconds)
  }

  private static func digits(_ value: Int, _ count: Int, _ bytes: inout [UInt8]) {
    var scale = 1
    for _ in 1..<count { scale *= 10 }
    while scale > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(value / scale % 10))
      scale /= 10
    }
  }

  /// The proleptic Gregorian date of a day number, counted in eras of 400 years that begin on 1 March.
  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y % 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

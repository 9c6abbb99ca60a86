internal import Glibc

/// Times as they stand in requests and answers: seconds since 1970 UTC and back.
enum WireTime {
  static func now() -> Int64 {
    var time = timespec()
    return unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 ? Int64(time.tv_sec) : 0
  }

  /// Milliseconds of a clock that nobody sets.
  static func monotonic() -> UInt64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return 0 }
    return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }

  /// `20130524T000000Z`, as `x-amz-date` has it.
  static func compact(_ seconds: Int64) -> String {
    let part = parts(seconds)
    return padded(part.year, 4) + padded(part.month, 2) + padded(part.day, 2) + "T" + padded(part.hour, 2)
      + padded(part.minute, 2) + padded(part.second, 2) + "Z"
  }

  /// `2013-05-24T00:00:00Z`, as Object Lock has it.
  static func extended(_ seconds: Int64) -> String {
    let part = parts(seconds)
    return "\(padded(part.year, 4))-\(padded(part.month, 2))-\(padded(part.day, 2))T"
      + "\(padded(part.hour, 2)):\(padded(part.minute, 2)):\(padded(part.second, 2))Z"
  }

  /// Reads `2013-05-24T00:00:00Z`, with or without a fraction of a second.
  static func readExtended(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      bytes.last == UInt8(ascii: "Z")
    else { return nil }
    return seconds(
      number(bytes[0..<4]), month: number(bytes[5..<7]), number(bytes[8..<10]), number(bytes[11..<13]),
      number(bytes[14..<16]), number(bytes[17..<19]))
  }

  /// Reads an HTTP date in the one form that is still written: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
  static func readHTTPDate(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 29, text.hasSuffix(" GMT"), bytes[19] == UInt8(ascii: ":") else { return nil }
    let name = String(decoding: bytes[8..<11], as: UTF8.self)
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return seconds(
      number(bytes[12..<16]), month: months.firstIndex(of: name).map { $0 + 1 }, number(bytes[5..<7]),
      number(bytes[17..<19]), number(bytes[20..<22]), number(bytes[23..<25]))
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self)).flatMap { $0 < 0 ? nil : $0 }
  }

  private static func seconds(
    _ year: Int?, month: Int?, _ day: Int?, _ hour: Int?, _ minute: Int?, _ second: Int?
  )
    -> Int64?
  {
    guard let year, let month, let day, let hour, let minute, let second, (1970...9999).contains(year),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    // Days since 1970 of the civil calendar, by years that begin in March.
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
  }

  private static func parts(_ seconds: Int64) -> (
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int
  ) {
    let seconds = Int(max(0, min(seconds, 253_402_300_799)))
    // The civil calendar, by years that begin in March, from the days since 0000-03-01.
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let rest = seconds % 86_400
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1,
      rest / 3600,
      rest / 60 % 60, rest % 60
    )
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}

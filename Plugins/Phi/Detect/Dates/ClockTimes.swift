internal import FilterKit

/// The time that a program writes behind a day: `2024-03-14 06:41:19,881 +0000`, `14/Mar/2024:06:41:19 -0700`. To the second it is as
/// exact as a name; what people say of an appointment (`3/14 at 9:15`) is left as it is.
enum ClockTimes {
  /// Where a date ends with its time, if one follows with its seconds, or right behind a blank with its minutes.
  static func end(_ view: borrowing TextView, behind date: Int) -> Int {
    var start = date
    if view.byte(start) == UInt8(ascii: ",") { start += 1 }
    if view.has(" at ", at: start) {
      // The head of a quoted letter: `On Tue, May 21, 2024 at 4:31 PM Ann wrote:`.
      start += 4
    } else if view.byte(start) == 0x20 || start == date && ":T".utf8.contains(view.byte(start)) {
      start += 1
    } else {
      return date
    }
    guard let minutes = clock(view, start) else { return date }
    var end = minutes
    if view.byte(end) == UInt8(ascii: ":"), view.endOfDigits(end + 1, limit: 3) == end + 3 {
      end += 3
      let fraction = view.endOfDigits(end + 1, limit: 9)
      if ".,".utf8.contains(view.byte(end)), fraction > end + 1 { end = fraction }
    }
    end = half(view, end)
    return zone(view, end)
  }

  /// Where hours and minutes end.
  private static func clock(_ view: borrowing TextView, _ start: Int) -> Int? {
    let hour = view.endOfDigits(start, limit: 3)
    guard (1...2).contains(hour - start), view.number(start..<hour) < 25,
      view.byte(hour) == UInt8(ascii: ":"),
      view.endOfDigits(hour + 1, limit: 3) == hour + 3, view.number(hour + 1..<hour + 3) < 60,
      !Bytes.isDigit(view.byte(hour + 3))
    else { return nil }
    return hour + 3
  }

  /// ` PM`, `am`
  private static func half(_ view: borrowing TextView, _ end: Int) -> Int {
    let start = view.byte(end) == 0x20 ? end + 1 : end
    let isHalf = view.has("am", at: start) || view.has("pm", at: start)
    return isHalf && !Bytes.isJoining(view.byte(start + 2)) ? start + 2 : end
  }

  /// ` +0000`, `-05:00`, ` UTC`, `Z`
  private static func zone(_ view: borrowing TextView, _ end: Int) -> Int {
    if view.byte(end) == UInt8(ascii: "Z"), !Bytes.isJoining(view.byte(end + 1)) { return end + 1 }
    let start = view.byte(end) == 0x20 ? end + 1 : end
    if "+-".utf8.contains(view.byte(start)) {
      let hours = view.endOfDigits(start + 1, limit: 5)
      if hours == start + 5 { return hours }
      let isSplit = hours == start + 3 && view.byte(hours) == UInt8(ascii: ":")
      return isSplit && view.endOfDigits(hours + 1, limit: 3) == hours + 3 ? hours + 3 : end
    }
    for name in ["UTC", "GMT"] as [StaticString]
    where start > end && view.has(name, at: start) && !Bytes.isJoining(view.byte(start + 3)) {
      return start + 3
    }
    return end
  }

  /// The end of a date of `ctime` and of `git`, whose year stands behind the time: `Mar 14 06:41:19 2024 -0600`.
  static func endOfYearLast(_ view: borrowing TextView, behind day: Int) -> Int? {
    guard view.byte(day) == 0x20, let minutes = clock(view, day + 1), view.byte(minutes) == UInt8(ascii: ":"),
      view.endOfDigits(minutes + 1, limit: 3) == minutes + 3
    else { return nil }
    var year = minutes + 4
    // `06:41:19 UTC 2024`
    if (year..<year + 3).allSatisfy({ Bytes.isUpper(view.byte($0)) }), view.byte(year + 3) == 0x20 {
      year += 4
    }
    guard view.byte(minutes + 3) == 0x20, view.endOfDigits(year, limit: 5) == year + 4,
      (1900...2100).contains(view.number(year..<year + 4))
    else { return nil }
    return zone(view, year + 4)
  }
}

internal import FilterKit
internal import Glibc

/// A time zone of the system's database, read once: a TZif file (RFC 8536).
struct ZoneInfo: Sendable {
  /// From when on (seconds since 1970, ascending) which offset from UTC holds, in seconds.
  private let transitions: [(from: Int64, offset: Int64)]
  private let first: Int64

  /// - Parameter name: `UTC`, an offset as `+01:00`, or the database's name as `Europe/Berlin`.
  init(_ name: String) throws(FilterError) {
    if let offset = Self.fixed(name) {
      (transitions, first) = ([], offset)
      return
    }
    // As the database has them: nothing that leads out of its folder.
    let isPlain = name.utf8.allSatisfy { byte in
      byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39 || "/_+-".utf8.contains(byte)
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("/") else {
      throw Self.unknown(name)
    }
    guard let file = Self.read("/usr/share/zoneinfo/\(name)") else { throw Self.unknown(name) }
    guard let read = Self.parse(file) else {
      throw .configuration("The system's file of the time zone '\(name)' can't be read.", at: "/hours/zone")
    }
    (transitions, first) = read
  }

  /// Seconds to add to UTC at that time.
  func offset(at time: Int64) -> Int64 {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].from <= time { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : transitions[low - 1].offset
  }

  private static func unknown(_ name: String) -> FilterError {
    .configuration(
      "There is no such time zone on this system. Write UTC, an offset as +01:00, or a name as Europe/Berlin (package tzdata).",
      at: "/hours/zone")
  }

  private static func fixed(_ name: String) -> Int64? {
    if name == "UTC" { return 0 }
    guard let sign = name.utf8.first, sign == 0x2B || sign == 0x2D,
      let (hours, minutes) = ScoreOptions.clock(name.dropFirst()), hours * 60 + minutes <= 14 * 60
    else { return nil }
    return (sign == 0x2D ? -1 : 1) * Int64(hours * 3600 + minutes * 60)
  }

  /// The largest file that is read: real ones have a few thousand bytes.
  private static let largest = 1 << 16

  private static func read(_ path: String) -> [UInt8]? {
    let handle = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { return nil }
    defer { close(handle) }
    var bytes = [UInt8](repeating: 0, count: largest)
    let count = unsafe Glibc.read(handle, &bytes, largest)
    return count > 0 && count < largest ? Array(bytes[..<count]) : nil
  }

  /// The second block, whose times have 64 bits. Nil: the file is no such file, or its rules go on in a form of
  /// words (section 3.3) from earlier than 2037 on, which nothing here reads.
  private static func parse(_ file: [UInt8]) -> ([(from: Int64, offset: Int64)], Int64)? {
    guard let one = Header(file, at: 0), file[4] >= UInt8(ascii: "2"),
      let two = Header(file, at: 44 + one.size(ofTime: 4))
    else { return nil }
    let times = 44 + one.size(ofTime: 4) + 44
    let indices = times + two.times * 8
    let types = indices + two.times
    let end = times + two.size(ofTime: 8)
    guard end <= file.count, two.types > 0 else { return nil }
    func offset(ofType type: Int) -> Int64 {
      Int64(Int32(truncatingIfNeeded: number(file, types + type * 6, 4)))
    }
    var transitions: [(from: Int64, offset: Int64)] = []
    for index in 0..<two.times {
      let type = Int(file[indices + index])
      guard type < two.types else { return nil }
      transitions.append((number(file, times + index * 8, 8), offset(ofType: type)))
    }
    guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0.from < $1.from }) else { return nil }
    let goesOn = file[end...].contains(UInt8(ascii: ","))
    guard !goesOn || transitions.last?.from ?? 0 >= 2_114_380_800 else { return nil }
    return (transitions, offset(ofType: 0))
  }

  fileprivate static func number(_ file: [UInt8], _ place: Int, _ count: Int) -> Int64 {
    var value: UInt64 = 0
    for index in 0..<count { value = value << 8 | UInt64(file[place + index]) }
    return Int64(bitPattern: value)
  }
}

/// The header of a block (RFC 8536, 3.1).
private struct Header {
  let times, types: Int
  private let isUTC, isStandard, leaps, characters: Int

  init?(_ file: [UInt8], at start: Int) {
    guard start >= 0, file.count >= start + 44, Array(file[start..<start + 4]) == Array("TZif".utf8) else {
      return nil
    }
    let counts = (0..<6).map { Int(ZoneInfo.number(file, start + 20 + $0 * 4, 4)) }
    guard counts.allSatisfy({ $0 <= 1 << 16 }) else { return nil }
    (isUTC, isStandard, leaps) = (counts[0], counts[1], counts[2])
    (times, types, characters) = (counts[3], counts[4], counts[5])
  }

  func size(ofTime width: Int) -> Int {
    times * (width + 1) + types * 6 + characters + leaps * (width + 4) + isStandard + isUTC
  }
}

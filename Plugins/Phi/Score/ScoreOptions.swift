internal import FilterKit
internal import JSONTree

/// Where a request goes, and what that adds.
struct Destination: Sendable {
  let code: String
  /// Globs with `*`; nil: any.
  let upstream, model: [UInt8]?
  let points: Int

  static func read(_ configuration: JSONValue) throws(FilterError) -> [Destination] {
    var all: [Destination] = []
    for (index, entry) in (configuration["destinations"]?.array ?? []).enumerated() {
      let pointer = "/destinations/\(index)"
      let upstream = entry["upstream"]?.string, model = entry["model"]?.string
      guard upstream != nil || model != nil else {
        throw .configuration("A destination names an upstream, a model, or both.", at: pointer)
      }
      all.append(
        Destination(
          code: "destination/\(try ScoreOptions.name(entry, at: pointer))",
          upstream: upstream.map { Array($0.lowercased().utf8) },
          model: model.map { Array($0.lowercased().utf8) },
          points: try ScoreOptions.points(of: entry, at: pointer) ?? 10))
    }
    try ScoreOptions.requireDifferent(all.map(\.code), at: "/destinations")
    return all
  }

  func matches(upstream host: [UInt8], model name: [UInt8]) -> Bool {
    (upstream.map { Self.matches($0[...], host[...]) } ?? true)
      && (model.map { Self.matches($0[...], name[...]) } ?? true)
  }

  /// Whether the text is as the glob says, without regard to case; time grows with the product of their lengths.
  private static func matches(_ glob: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    var (place, at) = (glob.startIndex, text.startIndex)
    var star: (place: Int, at: Int)?
    while at < text.endIndex {
      if place < glob.endIndex, glob[place] == UInt8(ascii: "*") {
        star = (place, at)
        place += 1
      } else if place < glob.endIndex, glob[place] == lower(text[at]) {
        place += 1
        at += 1
      } else if let last = star {
        star = (last.place, last.at + 1)
        (place, at) = (last.place + 1, last.at + 1)
      } else {
        return false
      }
    }
    return glob[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}

/// When people are at work; at other times a request with findings is riskier.
struct Hours: Sendable {
  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  private let zone: ZoneInfo
  /// Minutes of the day; over midnight where `from` is not before `to`.
  private let from, to: Int
  /// Of the day on which the hours begin, Monday first.
  private let isWorkday: [Bool]
  let points: Int

  init(_ value: JSONValue) throws(FilterError) {
    guard let name = value["zone"]?.string else {
      throw .configuration("In which time zone? As 'zone: Europe/Berlin', or UTC.", at: "/hours")
    }
    zone = try ZoneInfo(name)
    from = try Self.minutes(value, "from", default: 7 * 60)
    to = try Self.minutes(value, "to", default: 19 * 60)
    guard from != to else {
      throw .configuration(
        "The hours begin and end at the same time: that is never, or always.", at: "/hours/to")
    }
    let named = value["days"]?.strings ?? Array(Self.days.prefix(5))
    isWorkday = Self.days.map { named.contains($0) }
    points = try ScoreOptions.points(of: value, at: "/hours") ?? 10
  }

  private static func minutes(_ value: JSONValue, _ name: String, default other: Int) throws(FilterError)
    -> Int
  {
    guard let text = value[name]?.string else { return other }
    guard let (hours, minutes) = ScoreOptions.clock(text), hours < 24 else {
      throw .configuration("A time of the day is written as 07:30.", at: "/hours/\(name)")
    }
    return hours * 60 + minutes
  }

  /// Whether a time lies outside; one that is not known does.
  func isOutside(_ time: Int64?) -> Bool {
    guard let time else { return true }
    let local = time + zone.offset(at: time)
    let (day, second) = (floorDivide(local, 86_400), local - floorDivide(local, 86_400) * 86_400)
    let minute = Int(second / 60)
    // 1 January 1970 was a Thursday.
    let weekday = Int((day + 3) - floorDivide(day + 3, 7) * 7)
    if from < to { return !(isWorkday[weekday] && minute >= from && minute < to) }
    let isLate = isWorkday[weekday] && minute >= from
    let isEarly = isWorkday[(weekday + 6) % 7] && minute < to
    return !isLate && !isEarly
  }

  private func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    value >= 0 ? value / by : -((-value + by - 1) / by)
  }
}

/// From how much of one person's requests in a window on they are riskier.
struct HistoryRule: Sendable {
  let service: History?
  /// Seconds.
  let window: UInt64
  let people, values: Int?
  let points: Int

  init(_ value: JSONValue, _ host: Host) throws(FilterError) {
    guard let window = ScoreOptions.seconds(value["window"]?.string ?? "60m"), (60...86_400).contains(window)
    else {
      throw .configuration("A window is from 1m to 24h.", at: "/history/window")
    }
    self.window = window
    people = try ScoreOptions.integer("people", within: 1...4096, of: value, at: "/history")
    values = try ScoreOptions.integer("values", within: 1...4096, of: value, at: "/history")
    points = try ScoreOptions.points(of: value, at: "/history") ?? 30
    guard people != nil || values != nil else {
      throw .configuration("From how many people or values on? As 'people: 20'.", at: "/history")
    }
    service = host.history
    if service == nil, !host.isValidating {
      throw .configuration(
        "This host does not tell what was sent before: it is too old, or runs the filter isolated.",
        at: "/history")
    }
  }
}

/// What several options have in common.
enum ScoreOptions {
  static func name(_ entry: JSONValue, at pointer: String) throws(FilterError) -> String {
    let name = entry["name"]?.string ?? ""
    let isPlain = name.utf8.allSatisfy { byte in
      byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "-")
    }
    guard isPlain, (1...32).contains(name.utf8.count) else {
      throw .configuration(
        "It needs a name for the record: lower-case letters, digits and hyphens, at most 32.",
        at: "\(pointer)/name")
    }
    return name
  }

  /// What an option adds: 0 to 100, so that nothing makes a score smaller.
  static func points(of value: JSONValue?, at pointer: String) throws(FilterError) -> Int? {
    try integer("adds", within: 0...100, of: value, at: pointer)
  }

  /// A whole number under that name; nil where there is none. The schema has bounded it, but a number out of bounds
  /// would lower a score, or trap where it is converted, so it is not relied on alone.
  static func integer(
    _ name: String, within bounds: ClosedRange<Int>, of value: JSONValue?, at pointer: String
  ) throws(FilterError) -> Int? {
    guard let member = value?[name] else { return nil }
    guard let number = member.integer, bounds.contains(number) else {
      throw .configuration(
        "This is a whole number from \(bounds.lowerBound) to \(bounds.upperBound).", at: "\(pointer)/\(name)")
    }
    return number
  }

  /// Hours and minutes as 07:30; nil where it is written otherwise.
  static func clock(_ text: some StringProtocol) -> (hours: Int, minutes: Int)? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
      [0, 1, 3, 4].allSatisfy({ (0x30...0x39).contains(bytes[$0]) })
    else { return nil }
    func number(_ at: Int) -> Int { Int(bytes[at] - 0x30) * 10 + Int(bytes[at + 1] - 0x30) }
    return number(3) < 60 ? (number(0), number(3)) : nil
  }

  static func requireDifferent(_ codes: [String], at pointer: String) throws(FilterError) {
    guard Set(codes).count == codes.count else {
      throw .configuration("Two have the same name.", at: pointer)
    }
  }

  static func seconds(_ text: String) -> UInt64? {
    let factors: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last, let factor = factors[unit], let number = UInt64(text.dropLast()),
      number <= 1_000_000
    else { return nil }
    return number * factor
  }
}

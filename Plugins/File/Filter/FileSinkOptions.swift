internal import FilterKit
internal import JSONTree

/// The configuration of a file sink.
struct FileSinkOptions: Sendable {
  var directory: String
  /// Bytes; a file that would pass it is closed first.
  var maximumSize: UInt64 = 64 << 20
  /// Seconds: a file holds records of one such span of time, counted from 1970 in UTC.
  var span: Int64 = 86_400
  var compresses = true
  /// Seconds; nil: for ever.
  var retention: Int64?

  init(directory: String) {
    self.directory = directory
  }

  init(_ configuration: JSONValue) throws(FilterError) {
    directory = try Self.directory(configuration["directory"]?.string ?? "")
    if let text = configuration["max-size"]?.string {
      maximumSize = UInt64(
        try Self.quantity(
          text, units: [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)],
          within: 65_536...17_179_869_184,
          said: "a size from 64KiB to 16GiB", at: "/max-size"))
    }
    if let text = configuration["max-age"]?.string {
      span = try Self.quantity(
        text, units: Self.times, within: 60...31_622_400, said: "a time from 1m to 366d", at: "/max-age")
    }
    compresses = configuration["compress"]?.bool ?? true
    if let text = configuration["retain"]?.string {
      retention = try Self.quantity(
        text, units: Self.times, within: 3600...31_622_400_000, said: "a time from 1h on", at: "/retain")
    }
  }

  private static let times: [(String, Int64)] = [("m", 60), ("h", 3600), ("d", 86_400)]

  private static func quantity(
    _ text: String, units: [(suffix: String, factor: Int64)], within bounds: ClosedRange<Int64>, said: String,
    at pointer: String
  ) throws(FilterError) -> Int64 {
    for unit in units where text.hasSuffix(unit.suffix) {
      guard let number = Int64(text.dropLast(unit.suffix.utf8.count)) else { continue }
      let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
      if !overflow && bounds.contains(product) { return product }
    }
    throw .configuration("'\(text)' is not \(said).", at: pointer)
  }

  /// Without slashes at the end. The last part of the path is opened by itself, and so has to name something.
  private static func directory(_ text: String) throws(FilterError) -> String {
    var path = text
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    guard !last.isEmpty, last != ".", last != "..", !path.utf8.contains(0) else {
      throw .configuration("Name a directory of its own for the evidence, e.g. ./evidence.", at: "/directory")
    }
    return path
  }
}

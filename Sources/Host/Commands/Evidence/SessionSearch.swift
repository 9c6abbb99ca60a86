internal import ArgumentParser
internal import Evidence
internal import Foundation

/// The options that say which sessions are meant.
struct SessionSearch: ParsableArguments {
  @Option(help: "Who asked: the subject, without regard to case.") var person: String?
  @Option(help: "The pipeline's name.") var pipeline: String?
  @Option(help: "Something of this kind was found, as SSN or NAME.") var kind: String?
  @Option(help: ArgumentHelp("A decision had at least this score, 0 to 100.", valueName: "score")) var risk:
    Int?
  @Option(
    help: "An approval is pending, approved, denied, expired or consumed; or break-glass: nobody was asked.")
  var approval: String?
  @Option(
    help: ArgumentHelp(
      "With a record at or after this: 2026-11-26, 2026-11-26T08:00:00Z, or 24h ago as 24h.",
      valueName: "time"))
  var since: String?
  @Option(help: ArgumentHelp("With a record before this.", valueName: "time")) var until: String?

  private static let states = ["pending", "approved", "denied", "expired", "consumed", "break-glass"]

  func validate() throws {
    if let risk, !(0...100).contains(risk) { throw ValidationError("--risk is a score from 0 to 100.") }
    if let approval, !Self.states.contains(approval) {
      throw ValidationError("--approval is one of \(Self.states.joined(separator: ", ")).")
    }
    _ = try filter
  }

  var filter: SessionFilter {
    get throws {
      var filter = SessionFilter()
      filter.subject = person
      filter.pipeline = pipeline
      filter.kind = kind
      filter.score = risk
      filter.approval = approval
      filter.since = try since.map { try Self.time($0) }
      filter.until = try until.map { try Self.time($0) }
      return filter
    }
  }

  /// Nanoseconds since 1970 UTC.
  static func time(_ text: String) throws -> UInt64 {
    let formatter = ISO8601DateFormatter()
    for options in [
      ISO8601DateFormatter.Options.withInternetDateTime, [.withFullDate, .withDashSeparatorInDate],
    ] {
      formatter.formatOptions = options
      if let date = formatter.date(from: text), date.timeIntervalSince1970 >= 0 {
        return UInt64(date.timeIntervalSince1970) * 1_000_000_000
      }
    }
    guard let age = try? Amount.seconds(text) else {
      throw ValidationError(
        "'\(text)' is no time: a day as 2026-11-26, an instant as 2026-11-26T08:00:00Z, or an age as 24h")
    }
    return UInt64(max(0, secondsNow() - age)) * 1_000_000_000
  }
}

public import FilterKit
public import JSONTree

/// `sink: postgres`: keeps the evidence in a database's own schema, append-only, a partition a month.
///
/// A record is acknowledged after its COMMIT with `synchronous_commit = on`. Each sequence is kept once, by the primary
/// key of a table of hashes, which outlive the records that retention removes. All of libpq is confined to the sink's
/// own thread.
public final class PostgresSink: ReadableSink {
  public static let name: StaticString = "postgres"
  public static let summary: StaticString = "keeps records in PostgreSQL, append-only, a partition a month"
  public static var schema: StaticString { postgresSchema }
  public static var blocks: Bool { true }

  private let options: PostgresOptions
  private let host: Host

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    options = try PostgresOptions(configuration)
    self.host = host
  }

  public var promises: DurabilityLevel { options.isReplicated ? .replicated : .stable }

  public func open(log: String, acknowledger: Acknowledger) throws(FilterError) -> any SinkSession {
    PostgresSession(options: options, log: log, acknowledger: acknowledger, host: host)
  }

  public func probe() throws(FilterError) {
    do throws(PostgresFailure) {
      let connection = try Connection(options, for: .writing, name: "sluice check")
      try ServerCheck(connection, options).check()
    } catch {
      throw error.explained(options, isProbe: true)
    }
    guard let retention = options.retention else { return }
    do throws(PostgresFailure) { try Retention(options, retention).probe() } catch {
      throw error.explained(options, isProbe: true)
    }
  }

  // MARK: Reading back

  public static func configuration(for location: String) throws(FilterError) -> JSONValue {
    try Location(location).configuration
  }

  public func logs() throws(FilterError) -> [String] {
    do throws(PostgresFailure) {
      return try PostgresReader.logs(try Connection(options, for: .reading, name: "sluice evidence"), options)
    } catch {
      throw error.explained(options, isProbe: true)
    }
  }

  public func openReader(log: String) throws(FilterError) -> any SinkReader {
    let reader: PostgresReader
    do throws(PostgresFailure) {
      reader = try PostgresReader(
        try Connection(options, for: .reading, name: "sluice evidence"), log, options)
      if try reader.isThere() { return reader }
    } catch {
      throw error.explained(options, isProbe: true)
    }
    throw FilterError(.input, "There is no log of that id in the schema \(options.schema).")
  }
}

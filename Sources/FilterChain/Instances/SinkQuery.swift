internal import FilterABI

/// What is asked of a sink. By session, exchange, subject, pipeline and time a sink leaves out what it can tell does not
/// match; so what comes has to be looked at again.
public struct SinkQuery: Sendable {
  /// The first sequence; for checkpoints and sessions: 0, or where the last page ended.
  public var from: UInt64 = 0
  /// Sequences below this.
  public var end = UInt64.max
  /// Nanoseconds since 1970 UTC: records of this time or later, …
  public var notBefore: UInt64 = 0
  /// … and of an earlier time than this.
  public var before = UInt64.max
  /// Empty: any.
  public var session = ""
  public var exchange = ""
  public var subject = ""
  public var pipeline = ""
  /// A page ends after so many, …
  public var maximumCount = 1024
  /// … or once it holds so many bytes.
  public var maximumBytes = 4 << 20

  public init() {}

  func withABI<R>(_ body: (UnsafePointer<sluice_read_query>) -> R) -> R {
    unsafe session.withABI { session in
      unsafe exchange.withABI { exchange in
        unsafe subject.withABI { subject in
          unsafe pipeline.withABI { pipeline in
            var raw = unsafe sluice_read_query(
              size: UInt32(MemoryLayout<sluice_read_query>.size), reserved: 0, from: from, end: end,
              not_before: notBefore, before: before, session: session, exchange: exchange, subject: subject,
              pipeline: pipeline, maximum_count: UInt64(max(maximumCount, 1)),
              maximum_bytes: UInt64(max(maximumBytes, 1)))
            return unsafe body(&raw)
          }
        }
      }
    }
  }
}

/// One record as a sink holds it.
public struct HeldRecord: Sendable {
  public let sequence: UInt64
  /// Every byte as it was given; empty where only the hash is held.
  public let json: [UInt8]
  /// SHA-256(0x00 ‖ JSON) as of when it was given; empty where none is held.
  public let leaf: [UInt8]
  /// The sink's own retention has removed the body, and can account for it.
  public let isRemoved: Bool
}

/// One session, as the records that a sink holds tell it.
public struct HeldSession: Sendable {
  public let id: String
  /// Empty where no record says so, as for the pipeline.
  public let subject: String
  public let pipeline: String
  public let firstSequence: UInt64
  /// Nanoseconds since 1970 UTC.
  public let firstTime, lastTime: UInt64
  public let records, exchanges, denied: UInt64
  public let isClosed: Bool
  /// Of what was found in it.
  public let kinds: [String]
  /// The states of its approvals.
  public let approvals: [String]
  /// The highest of its decisions, 0 to 100.
  public let score: Int?
}

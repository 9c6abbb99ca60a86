internal import FilterABI
public import JSONTree

/// A sink from which records can be read back (sink_read.h). Its instances are made like those that keep records.
public protocol ReadableSink: SinkFilter {
  /// The configuration for a place written as a URL: `postgres://auditor@db/evidence`. No side effects. Throws
  /// `input` where it is no such place, or says what does not belong there, such as a password.
  static func configuration(for location: String) throws(FilterError) -> JSONValue
  /// The logs that are held there. May block.
  func logs() throws(FilterError) -> [String]
  /// Begins reading a log. May block. Throws `input` where it is not there.
  func openReader(log: String) throws(FilterError) -> any SinkReader
}

/// A log that is being read. One thread at a time; calls may block. Nothing is changed.
///
/// Each function hands over a page and returns where the next one begins, or nil where there is none. A page may be
/// empty and not the last.
public protocol SinkReader: AnyObject {
  /// Records in ascending order of sequence, from `query.from` on.
  func records(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  /// Checkpoints in ascending order of size. `query.from` is 0, or what the last page returned.
  func checkpoints(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  /// Sessions in the order in which they began; `query.from` as for checkpoints. Throws `unsupported` where there is
  /// no index of them: the host then finds them by reading the records.
  func sessions(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
}

extension SinkReader {
  public func sessions(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    throw FilterError(.unsupported, "This sink has no index of sessions.")
  }
}

/// What is asked for. A sink keeps exactly to ``from``, ``end`` and the bounds of a page; by the rest it leaves out
/// what it can tell does not match, and the host looks again.
@safe public struct ReadQuery: ~Copyable {
  let raw: UnsafePointer<sluice_read_query>

  public var from: UInt64 { unsafe raw.pointee.from }
  /// Sequences below this; `UInt64.max`: all.
  public var end: UInt64 { unsafe raw.pointee.end }
  /// Nanoseconds since 1970 UTC.
  public var notBefore: UInt64 { unsafe raw.pointee.not_before }
  /// Records of an earlier time than this; `UInt64.max`: all.
  public var before: UInt64 { unsafe raw.pointee.before }
  /// Nil: of any, as for the rest.
  public var session: String? { unsafe Self.text(raw.pointee.session) }
  public var exchange: String? { unsafe Self.text(raw.pointee.exchange) }
  public var subject: String? { unsafe Self.text(raw.pointee.subject) }
  public var pipeline: String? { unsafe Self.text(raw.pointee.pipeline) }
  /// A page ends after so many, 1 or more, …
  public var maximumCount: Int { unsafe Int(clamping: max(raw.pointee.maximum_count, 1)) }
  /// … or once what was handed over has reached so many bytes.
  public var maximumBytes: Int { unsafe Int(clamping: raw.pointee.maximum_bytes) }

  private static func text(_ bytes: sluice_bytes) -> String? { unsafe bytes.length == 0 ? nil : bytes.text }
}

/// One session, as the records that are held tell it.
public struct HeldSession: Sendable {
  public var id: String
  public var subject = ""
  public var pipeline = ""
  public var firstSequence: UInt64 = 0
  /// Nanoseconds since 1970 UTC.
  public var firstTime: UInt64 = 0
  public var lastTime: UInt64 = 0
  public var records: UInt64 = 0
  public var exchanges: UInt64 = 0
  public var denied: UInt64 = 0
  public var isClosed = false
  /// Of what was found in it, each once: `NAME`.
  public var kinds: [String] = []
  /// The states of its approvals, each once: `approved`.
  public var approvals: [String] = []
  /// The highest of its decisions, 0 to 100; nil where none has one.
  public var score: UInt32?

  public init(id: String) { self.id = id }
}

/// Takes what is read, and copies it. Where it throws, the page is over: let the error through.
@safe public struct ReadReceiver: ~Copyable {
  let raw: UnsafePointer<sluice_read_receiver>

  /// A record, every byte as it was given; `leaf` is its hash as of then, SHA-256(0x00 ‖ JSON), 32 bytes, or empty
  /// where none is held.
  public func record(sequence: UInt64, json: Span<UInt8>, leaf: Span<UInt8>) throws(FilterError) {
    try hand(sequence, json, leaf, flags: 0)
  }

  /// What is left of a record whose body is not held.
  /// - Parameter isAccountedFor: whether the sink's own retention removed it, and the sink can tell so.
  public func hashOnly(sequence: UInt64, leaf: Span<UInt8>, isAccountedFor: Bool) throws(FilterError) {
    let none: [UInt8] = []
    try hand(sequence, none.span, leaf, flags: isAccountedFor ? SLUICE_HELD_REMOVED : 0)
  }

  private func hand(_ sequence: UInt64, _ json: Span<UInt8>, _ leaf: Span<UInt8>, flags: UInt32)
    throws(FilterError)
  {
    let status = unsafe json.withABI { json in
      unsafe leaf.withABI { leaf in
        var record = unsafe sluice_held_record(
          size: UInt32(MemoryLayout<sluice_held_record>.size), flags: flags, sequence: sequence, json: json,
          leaf: leaf)
        return unsafe raw.pointee.record?(raw.pointee.context, &record) ?? SLUICE_ERROR_DENIED
      }
    }
    try Self.check(status)
  }

  /// A checkpoint's whole note.
  public func checkpoint(_ note: Span<UInt8>) throws(FilterError) {
    try Self.check(
      unsafe note.withABI { unsafe raw.pointee.checkpoint?(raw.pointee.context, $0) ?? SLUICE_ERROR_DENIED })
  }

  public func session(_ session: HeldSession) throws(FilterError) {
    let status = unsafe session.id.withABI { id in
      unsafe session.subject.withABI { subject in
        unsafe session.pipeline.withABI { pipeline in
          unsafe FilterKit.withABI(session.kinds) { kinds in
            unsafe FilterKit.withABI(session.approvals) { approvals in
              var held = unsafe sluice_held_session(
                size: UInt32(MemoryLayout<sluice_held_session>.size),
                flags: session.isClosed ? SLUICE_HELD_CLOSED : 0, id: id, subject: subject,
                pipeline: pipeline,
                first_sequence: session.firstSequence, first_time: session.firstTime,
                last_time: session.lastTime, records: session.records, exchanges: session.exchanges,
                denied: session.denied, kinds: kinds, approvals: approvals,
                score: session.score ?? SLUICE_HELD_NO_SCORE, reserved: 0)
              return unsafe raw.pointee.session?(raw.pointee.context, &held) ?? SLUICE_ERROR_DENIED
            }
          }
        }
      }
    }
    try Self.check(status)
  }

  func log(_ name: String) throws(FilterError) {
    try Self.check(
      unsafe name.withABI { unsafe raw.pointee.log?(raw.pointee.context, $0) ?? SLUICE_ERROR_DENIED })
  }

  func configuration(_ json: [UInt8]) throws(FilterError) {
    try Self.check(
      unsafe json.span.withABI {
        unsafe raw.pointee.configuration?(raw.pointee.context, $0) ?? SLUICE_ERROR_DENIED
      })
  }

  private static func check(_ status: sluice_status) throws(FilterError) {
    // Its answer is the page's answer (sink_read.h).
    guard status == SLUICE_OK else {
      throw FilterError(
        FilterError.Code(rawValue: status) ?? .internal, "The host takes no more of what is read.")
    }
  }
}

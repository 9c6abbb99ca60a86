internal import Synchronization

/// Which session an exchange belongs to: one principal's run of exchanges on one pipeline, until it has been quiet
/// for ``idle``.
public final class SessionTable: Sendable {
  /// Seconds.
  public static let idle: Int64 = 1800
  /// As many sessions as are told apart; beyond, the quietest ends.
  static let maximum = 100_000

  private struct Key: Hashable {
    let subject: String
    let pipeline: String
    let hint: UInt64
  }

  private struct Session {
    let id: String
    var last: Int64
    let key: Key
  }

  private let sessions = Mutex<[Key: Session]>([:])

  public init() {}

  /// The session of an exchange that begins now, and whether it has just been opened. Any thread.
  /// - Parameter hint: what the client says to tell its own sessions apart; it is not kept, only a hash of it.
  public func session(
    subject: String, pipeline: String, hint: [UInt8] = [], now: Int64
  ) -> (id: String, isNew: Bool) {
    let key = Key(subject: subject, pipeline: pipeline, hint: Self.hash(hint))
    return sessions.withLock { sessions in
      if var session = sessions[key], now - session.last < Self.idle {
        session.last = now
        sessions[key] = session
        return (session.id, false)
      }
      if sessions.count >= Self.maximum, let quietest = sessions.min(by: { $0.value.last < $1.value.last }) {
        sessions[quietest.key] = nil
      }
      let session = Session(id: "ses_" + Base32.random(16), last: now, key: key)
      sessions[key] = session
      return (session.id, true)
    }
  }

  private static func hash(_ hint: [UInt8]) -> UInt64 {
    guard !hint.isEmpty else { return 0 }
    var hasher = Hasher()
    hasher.combine(hint)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  /// Takes out the sessions that have been quiet for too long; with `all`, every one.
  public func takeEnded(now: Int64, all: Bool = false) -> [(id: String, subject: String, pipeline: String)] {
    sessions.withLock { sessions in
      let ended = sessions.values.filter { all || now - $0.last >= Self.idle }
      for session in ended { sessions[session.key] = nil }
      return ended.map { ($0.id, $0.key.subject, $0.key.pipeline) }
    }
  }
}

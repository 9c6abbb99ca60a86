/// What a log says about itself, for metrics and readiness.
public struct LogStatus: Sendable {
  /// How many records have a sequence: the next record's sequence.
  public internal(set) var size: UInt64 = 0
  /// How many records are on stable storage.
  public internal(set) var durableSize: UInt64 = 0
  /// How many records the last checkpoint covers.
  public internal(set) var checkpointSize: UInt64 = 0
  /// How many bytes of frames were written since the log was opened.
  public internal(set) var bytesWritten: UInt64 = 0
  /// How many times data was synchronised since the log was opened.
  public internal(set) var synchronizations: UInt64 = 0
  /// How many appends wait for the writer, and their bytes.
  public internal(set) var queueDepth = 0
  public internal(set) var queueBytes = 0
  /// Why nothing is taken any more, or nil. The log has to be opened again.
  public internal(set) var failure: EvidenceError?
  /// Why no segment could be prepared in advance; the log goes on until the present one is full.
  public internal(set) var warning: EvidenceError?
  public internal(set) var sinks: [SinkStatus] = []
}

/// How far one sink is.
public struct SinkStatus: Sendable {
  public internal(set) var name: String
  /// How many records, from the first on, the sink has acknowledged at the level that was asked for.
  public internal(set) var acknowledgedSize: UInt64 = 0
  /// How many stable records of the log it has not acknowledged.
  public internal(set) var lag: UInt64 = 0
  /// What it last failed with, until it succeeds again.
  public internal(set) var failure: EvidenceError?
  /// True where it refused for good: it gets nothing more until the log is opened again.
  public internal(set) var isDown = false
}

/// What opening a log found and did.
public struct RecoveryReport: Sendable, Equatable {
  /// True where the log was made just now.
  public internal(set) var isNew = false
  /// How many records there are.
  public internal(set) var size: UInt64 = 0
  public internal(set) var segments = 0
  /// How many bytes of an unfinished write were cut from the end: none of it had been acknowledged as stable.
  public internal(set) var cutBytes = 0
  /// How many bytes of an unfinished checkpoint were cut.
  public internal(set) var cutCheckpointBytes = 0
  /// How many records the newest checkpoint found covers.
  public internal(set) var checkpointSize: UInt64 = 0
}

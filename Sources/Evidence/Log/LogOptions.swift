extension EvidenceLog {
  /// How a log is kept. The defaults are what a gateway uses.
  public struct Options: Sendable {
    /// The size of a segment in bytes, header included; at least 64 KiB. A larger record has its own segment.
    public var segmentBytes = 64 << 20
    /// The largest record in bytes that is taken; at most 256 MiB.
    public var maximumRecordBytes = 64 << 20
    /// How many bytes of records may wait for the writer. One record is taken whatever its size if none waits.
    public var maximumQueueBytes = 128 << 20
    /// The longest that a record waits for a checkpoint that covers it.
    public var checkpointInterval: Duration = .seconds(60)
    /// A checkpoint is made sooner when nothing has been appended for this long.
    public var checkpointWhenIdle: Duration = .seconds(10)
    /// Records that nobody wanted stable are synchronised after this long.
    public var synchronizeWithin: Duration = .seconds(1)
    /// Called with each new checkpoint, on the writer's thread: it must return at once.
    public var onCheckpoint: (@Sendable (Checkpoint) -> Void)?
    var fileSystem: any FileSystem = PosixFileSystem()

    public init() {}

    /// The options with each bound inside what the format allows.
    var bounded: Options {
      var options = self
      options.segmentBytes = max(64 << 10, min(segmentBytes, 4 << 30))
      options.maximumRecordBytes = max(1 << 10, min(maximumRecordBytes, Frame.maximumRecord))
      return options
    }
  }
}

extension Duration {
  /// Whole nanoseconds, never below zero.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
  }
}

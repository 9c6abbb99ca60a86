/// What a verification found.
public struct VerificationReport: Sendable {
  public enum Verdict: String, Sendable {
    /// Nothing was changed, and signed checkpoints say so.
    case whole
    /// Something was altered, removed, added or cut off.
    case notWhole = "not-whole"
    /// It can't be told: no key, no permission, or nothing there.
    case undetermined
  }

  /// One thing that is wrong.
  public struct Problem: Sendable, Equatable {
    public enum Kind: String, Sendable {
      /// A record is not what was written.
      case altered
      /// Records are not there, or not where they were.
      case missing
      /// A record is there a second time, or out of order, or was never written by this log.
      case inserted
      /// The log ends before a checkpoint says it does.
      case cut
      /// The records of a range are well-formed but not those that a checkpoint signed.
      case rewritten
      /// Records' bodies are gone and no signed record allows it, or a legal hold forbade it.
      case removed
      /// A sealed original is gone without a record that allows it, or is not what its record names.
      case original
      /// A segment's header is not what was written.
      case segment
      /// A checkpoint is not signed by the key, is another log's, or contradicts an earlier one.
      case checkpoint
    }

    public let kind: Kind
    /// The first record that is concerned, and the last one where there are several; nil for a checkpoint.
    public let first: UInt64?
    public let last: UInt64?
    /// The file, and where in it, in bytes.
    public let file: String
    public let offset: Int
    /// What is wrong, for people.
    public let message: String
  }

  public internal(set) var problems: [Problem] = []
  /// Why it can't be told, where it can't.
  public internal(set) var obstacle: String?
  /// What a reader should know and isn't wrong.
  public internal(set) var notes: [String] = []

  public internal(set) var logID = ""
  /// How many records were read.
  public internal(set) var size: UInt64 = 0
  /// How many records, from the first on, the last good checkpoint covers.
  public internal(set) var coveredSize: UInt64 = 0
  /// How many records' bodies are gone, their hashes kept.
  public internal(set) var removed: UInt64 = 0
  public internal(set) var segments = 0
  public internal(set) var bytes = 0
  public internal(set) var checkpoints = 0
  /// How many bytes of an unfinished write follow the last record.
  public internal(set) var unfinishedBytes = 0
  /// Whether a gateway was writing meanwhile.
  public internal(set) var isLive = false
  /// Whether the key was given, rather than found beside the log, where whoever changed the log could change it.
  public internal(set) var isKeyIndependent = false
  /// When the first and the last record were made, nanoseconds since 1970.
  public internal(set) var firstTime: UInt64?
  public internal(set) var lastTime: UInt64?

  /// No more problems are kept than this; the first ones matter.
  static let problemLimit = 100

  public var verdict: Verdict {
    if !problems.isEmpty { return .notWhole }
    return obstacle == nil ? .whole : .undetermined
  }

  /// 0 whole, 1 not, 2 can't tell.
  public var exitCode: Int32 {
    switch verdict {
    case .whole: 0
    case .notWhole: 1
    case .undetermined: 2
    }
  }

  mutating func add(
    _ kind: Problem.Kind, _ first: UInt64?, _ last: UInt64? = nil, file: String, at offset: Int,
    _ message: String
  ) {
    guard problems.count < Self.problemLimit else { return }
    problems.append(
      Problem(kind: kind, first: first, last: last ?? first, file: file, offset: offset, message: message))
  }
}

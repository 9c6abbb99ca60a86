/// Where a log's records can be read back: its own directory, or a sink that has kept them.
public protocol RecordSource {
  /// Calls `body` with each record from `sequence` on, in order, until it returns false. [blocking]
  /// - Parameters:
  ///   - session: of this session alone; nil: of any.
  ///   - exchange: of this exchange alone; nil: of any.
  func read(
    from sequence: UInt64, session: String?, exchange: String?, _ body: (StoredRecord) -> Bool
  ) throws(EvidenceError)
}

extension EvidenceReader: RecordSource {
  public func read(
    from sequence: UInt64, session: String?, exchange: String?, _ body: (StoredRecord) -> Bool
  ) throws(EvidenceError) {
    try forEach(from: sequence) { record in
      if let session, record.session != session { return true }
      if let exchange, record.exchange != exchange { return true }
      return body(record)
    }
  }
}

/// A sink as it is verified: what it holds, whatever that is.
public protocol HeldEvidence: AnyObject {
  /// Calls `body` with each record that is held from `sequence` on, in ascending order of sequence, until it returns
  /// false. [blocking]
  func forEachHeld(from sequence: UInt64, _ body: (HeldItem) throws(EvidenceError) -> Bool)
    throws(EvidenceError)
  /// A page of checkpoints' notes in ascending order of size, from `place` on, which is 0 at first, and where the next
  /// page begins; nil: it was the last. [blocking]
  func checkpoints(from place: UInt64) throws(EvidenceError) -> (notes: [[UInt8]], next: UInt64?)
}

/// One record as a sink holds it.
public struct HeldItem: Sendable {
  /// Under which it is held.
  public let sequence: UInt64
  /// Empty where only the hash is held.
  public let json: [UInt8]
  /// The hash as of when the record was given; nil where none is held.
  public let leaf: HashValue?
  /// The sink's own retention has removed the body, and can account for it.
  public let isRemoved: Bool

  public init(sequence: UInt64, json: [UInt8], leaf: HashValue?, isRemoved: Bool) {
    self.sequence = sequence
    self.json = json
    self.leaf = leaf
    self.isRemoved = isRemoved
  }
}

/// How one record lies in a segment: a header of 40 bytes, then the record's bytes, then the next frame.
///
///     offset  size  what
///          0     4  length of the record in bytes, little-endian, at least 1
///          4     4  CRC-32C of the length's four bytes and the hash's 32, little-endian
///          8    32  the record's leaf hash, SHA-256(0x00 ‖ record)
///         40     n  the record
///
/// The hash finds any change of the record, so the checksum need cover only the header. It is kept beside the
/// record, though it could be computed, for two reasons: where a record was changed and a checkpoint confirms
/// the hashes as they stand, exactly that record is named; and a record whose body has to go one day leaves
/// its hash.
enum Frame {
  static let headerSize = 40
  /// The largest record that a reader accepts. A writer's limit is lower or the same.
  static let maximumRecord = 256 << 20

  struct Header: Equatable {
    var length: Int
    var leaf: HashValue
    /// Whether the checksum fits.
    var isIntact: Bool
  }

  /// Appends a header without its contents, to be filled in by ``complete(_:at:_:)`` once the record follows it.
  static func begin(_ buffer: inout [UInt8]) -> Int {
    let start = buffer.count
    for _ in 0..<headerSize { buffer.append(0) }
    return start
  }

  /// Fills in the header at `start`; the record is everything after it. Returns the leaf hash.
  static func complete(_ buffer: inout [UInt8], at start: Int, _ hasher: Hasher256) -> HashValue {
    let end = buffer.count
    let leaf = unsafe hasher.leaf(buffer.span.extracting(start + headerSize..<end).bytes)
    store(UInt32(end - start - headerSize), &buffer, start)
    for i in 0..<HashValue.byteCount { buffer[start + 8 + i] = leaf.bytes[i] }
    store(checksum(buffer.span, start), &buffer, start + 4)
    return leaf
  }

  /// The header at `start`, which must lie inside `bytes`.
  static func header(_ bytes: Span<UInt8>, at start: Int) -> Header {
    Header(
      length: Int(load(bytes, start)), leaf: HashValue(bytes, at: start + 8),
      isIntact: load(bytes, start + 4) == checksum(bytes, start))
  }

  private static func checksum(_ bytes: Span<UInt8>, _ start: Int) -> UInt32 {
    var state = CRC32C.update(~0, bytes.extracting(start..<start + 4))
    state = CRC32C.update(state, bytes.extracting(start + 8..<start + headerSize))
    return ~state
  }

  private static func load(_ bytes: Span<UInt8>, _ at: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
  }

  private static func store(_ value: UInt32, _ buffer: inout [UInt8], _ at: Int) {
    for i in 0..<4 { buffer[at + i] = UInt8(truncatingIfNeeded: value >> UInt32(8 * i)) }
  }
}

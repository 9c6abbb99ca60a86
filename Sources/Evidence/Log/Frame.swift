/// How one record lies in a segment: a header of 40 bytes, then the record's bytes, then the next frame.
///
///     offset  size  what
///          0     4  length of the record in bytes, little-endian, at least 1; its highest bit says that the
///                   record was removed, and that the next frame follows at once
///          4     4  CRC-32C of the length's four bytes and the hash's 32, little-endian
///          8    32  the record's leaf hash, SHA-256(0x00 ‖ record)
///         40     n  the record
///
/// The hash finds any change of the record, so the checksum need cover only the header. It is kept beside the
/// record, though it could be computed, for two reasons: where a record was changed and a checkpoint confirms
/// the hashes as they stand, exactly that record is named; and a record whose body has to go one day leaves
/// its hash (``Removal``).
enum Frame {
  static let headerSize = 40
  /// The largest record that a reader accepts. A writer's limit is lower or the same.
  static let maximumRecord = 256 << 20

  /// The bit of the length that says that the body is gone.
  private static let removedBit: UInt32 = 1 << 31

  struct Header: Equatable {
    /// How long the record is, or was.
    var length: Int
    /// Whether its body was removed.
    var isRemoved: Bool
    var leaf: HashValue
    /// Whether the checksum fits.
    var isIntact: Bool

    /// How many bytes follow the header.
    var bodyLength: Int { isRemoved ? 0 : length }
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
    let length = load(bytes, start)
    return Header(
      length: Int(length & ~removedBit), isRemoved: length & removedBit != 0,
      leaf: HashValue(bytes, at: start + 8), isIntact: load(bytes, start + 4) == checksum(bytes, start))
  }

  /// The frame that stands for a record whose body goes: its header, marked so.
  static func removed(_ header: Header) -> [UInt8] {
    var buffer: [UInt8] = []
    let start = begin(&buffer)
    store(UInt32(header.length) | removedBit, &buffer, start)
    for i in 0..<HashValue.byteCount { buffer[start + 8 + i] = header.leaf.bytes[i] }
    store(checksum(buffer.span, start), &buffer, start + 4)
    return buffer
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

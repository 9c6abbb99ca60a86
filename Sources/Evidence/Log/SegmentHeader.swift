/// The first 4096 bytes of a segment.
///
///     offset  size  what
///          0     8  "SLUICELG"
///          8     4  version, 1, little-endian like every number here
///         12     4  how many roots follow at 64: the bits set in the first sequence
///         16    16  the log's identifier
///         32     8  the first record's sequence, which is the tree's size before it
///         40     8  when the segment was made, nanoseconds since 1970
///         48    12  zero
///         60     4  CRC-32C of the 4096 bytes with these four taken as zero
///         64  32·n  the roots of the tree's complete subtrees before the first record, largest first
///
/// and zeros to the end. The roots let a reader begin at any segment; a verifier checks them against its own.
struct SegmentHeader: Equatable, Sendable {
  static let size = 4096
  private static let magic = Array("SLUICELG".utf8)
  private static let version: UInt64 = 1

  var log: LogIdentifier
  var created: UInt64
  var frontier: MerkleFrontier

  var firstSequence: UInt64 { frontier.size }

  init(log: LogIdentifier, created: UInt64, frontier: MerkleFrontier) {
    self.log = log
    self.created = created
    self.frontier = frontier
  }

  /// The header at a segment's beginning. Throws `damaged` where it isn't what was written.
  static func read(
    _ file: OpenFile, _ fileSystem: any FileSystem, _ name: SegmentName
  ) throws(EvidenceError) -> SegmentHeader {
    var bytes = [UInt8](repeating: 0, count: size)
    do throws(SystemFailure) {
      _ = try fileSystem.read(file, at: 0, into: &bytes, from: 0)
    } catch {
      throw EvidenceError(error)
    }
    guard let header = SegmentHeader(bytes), header.firstSequence == name.firstSequence else {
      throw EvidenceError(.damaged, "the header of \(name.text) is damaged; run `sluice evidence verify`")
    }
    return header
  }

  func encode() -> [UInt8] {
    var bytes = Self.magic
    bytes.reserveCapacity(Self.size)
    func number(_ value: UInt64, _ count: Int) {
      for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) }
    }
    number(Self.version, 4)
    number(UInt64(frontier.roots.count), 4)
    bytes.append(contentsOf: log.bytes)
    number(firstSequence, 8)
    number(created, 8)
    number(0, 8)
    number(0, 8)
    for root in frontier.roots { root.append(to: &bytes) }
    bytes += [UInt8](repeating: 0, count: Self.size - bytes.count)
    let checksum = CRC32C.checksum(bytes.span)
    for i in 0..<4 { bytes[60 + i] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * i)) }
    return bytes
  }

  /// Nil for anything that ``encode()`` doesn't write.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size, Array(bytes[..<8]) == Self.magic else { return nil }
    func number(_ at: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
    }
    let rootCount = Int(number(12, 4))
    guard number(8, 4) == Self.version, rootCount <= 64 else { return nil }
    let roots = (0..<rootCount).map { HashValue(bytes.span, at: 64 + $0 * HashValue.byteCount) }
    guard let frontier = MerkleFrontier(size: number(32, 8), roots: roots),
      let log = LogIdentifier(Array(bytes[16..<32]))
    else { return nil }
    self.init(log: log, created: number(40, 8), frontier: frontier)
    // One comparison covers the checksum and everything that must be zero.
    guard encode() == bytes else { return nil }
  }
}

/// 128 random bits that name a log; written as 32 lower-case hexadecimal digits.
struct LogIdentifier: Equatable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  init?(text: String) {
    guard let bytes = Hexadecimal.decode(text.utf8) else { return nil }
    self.init(bytes)
  }

  var description: String { Hexadecimal.string(bytes) }
}

internal import FilterKit
internal import Gzip

/// Records on their way to an object, or back from one: a line each, numbered without gaps, and their leaves in the
/// log's Merkle tree in one line at the end, `{"leaves":"BASE64"}`. By that line a cut object is noticed, and which
/// record was altered.
struct RecordLines {
  /// Bytes of lines that an object of this plugin's never passes: the largest record and its line feed, or a batch.
  static let limit = 268_435_457

  let first: UInt64
  /// Of the records' lines, without the last one.
  private(set) var bytes: [UInt8] = []
  /// 32 bytes for each record; fewer where a damaged object is read.
  private(set) var leaves: [UInt8] = []
  private var ends: [Int] = []

  private static let trailer = (start: Array("{\"leaves\":\"".utf8), end: Array("\"}\n".utf8))

  init(first: UInt64) { self.first = first }

  var count: Int { ends.count }
  /// The number after the last record's.
  var next: UInt64 { first + UInt64(ends.count) }

  /// The record of that number, without its line feed.
  func range(of sequence: UInt64) -> Range<Int> {
    let index = Int(sequence - first)
    return (index == 0 ? 0 : ends[index - 1])..<(ends[index] - 1)
  }

  /// Its leaf as of when it was put; empty where the object has none.
  func leaf(of sequence: UInt64) -> ArraySlice<UInt8> {
    let start = Int(sequence - first) << 5
    return start + 32 <= leaves.count ? leaves[start..<(start + 32)] : []
  }

  mutating func append(_ json: Span<UInt8>) {
    Digests.appendLeaf(of: json, to: &leaves)
    unsafe json.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(0x0A)
    ends.append(bytes.count)
  }

  /// The object's body; nil where there is not enough memory. The same records always make the same bytes.
  func body(compressed: Bool) -> [UInt8]? {
    let last = Self.trailer.start + Array(Digests.base64(leaves).utf8) + Self.trailer.end
    guard compressed else { return bytes + last }
    guard let compressor = GzipCompressor() else { return nil }
    var output: [UInt8] = []
    guard compressor.compress(bytes.span, isLast: false, into: &output),
      compressor.compress(last.span, isLast: true, into: &output)
    else { return nil }
    return output
  }

  // MARK: Reading

  /// What is wrong with an object.
  enum Damage: Error, Equatable {
    /// It is no whole gzip file, or holds more than an object may.
    case packing
    /// This line, counted from 1, is no record.
    case line(Int)
    /// This line's record says that it has another number.
    case number(Int, says: UInt64)
    /// This line is not what was put.
    case leaf(Int)
    /// The last line, with the leaves, is missing or does not fit.
    case end

    var text: String {
      switch self {
      case .packing: "it is no whole gzip file of lines"
      case .line(let line): "line \(line) is no record"
      case .number(let line, let says): "line \(line) is record \(says)"
      case .leaf(let line): "line \(line) was altered"
      case .end: "its last line is missing"
      }
    }
  }

  /// What an object holds; or what is wrong with it, where it is not what this plugin puts.
  static func read(_ body: [UInt8], isCompressed: Bool, first: UInt64) -> Result<RecordLines, Damage> {
    let (lines, isWhole) = salvage(body, isCompressed: isCompressed, first: first)
    if !isWhole { return .failure(.packing) }
    return lines.damage.map { .failure($0) } ?? .success(lines)
  }

  /// As much of an object as can be read, for those who look for what was done to it; and whether it was unpacked.
  static func salvage(_ body: [UInt8], isCompressed: Bool, first: UInt64) -> (
    lines: RecordLines, isWhole: Bool
  ) {
    var lines = RecordLines(first: first)
    var isWhole = true
    // The leaves are less than a record's line each, but for the shortest.
    let limit = limit + limit / 2
    if isCompressed {
      guard let decompressor = GzipDecompressor() else { return (lines, false) }
      var isTooLong = false
      let isGood = decompressor.decompress(body.span) { piece in
        guard !isTooLong, lines.bytes.count + piece.count <= limit else { return isTooLong = true }
        unsafe piece.withUnsafeBufferPointer { unsafe lines.bytes.append(contentsOf: $0) }
      }
      isWhole = isGood && decompressor.isComplete && !isTooLong
    } else {
      lines.bytes = body.count <= limit ? body : []
      isWhole = body.count <= limit
    }
    lines.split()
    return (lines, isWhole)
  }

  /// Finds the lines. What follows the last line feed is one more.
  private mutating func split() {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let next = min(end + 1, bytes.count)
      if next == bytes.count, let found = Self.leaves(bytes[start...]) {
        leaves = found
        bytes.removeLast(bytes.count - start)
        return
      }
      if end == bytes.count { bytes.append(0x0A) }
      ends.append(end + 1)
      start = end + 1
    }
  }

  private static func leaves(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.starts(with: trailer.start), line.reversed().starts(with: trailer.end.reversed()) else {
      return nil
    }
    return Digests.fromBase64(line.dropFirst(trailer.start.count).dropLast(trailer.end.count))
  }

  private var damage: Damage? {
    for index in 0..<count {
      let number = first + UInt64(index)
      let range = range(of: number)
      guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "{"),
        bytes[range.upperBound - 1] == UInt8(ascii: "}"), bytes[range].allSatisfy({ $0 >= 0x20 })
      else { return .line(index + 1) }
      if let says = Self.number(bytes[range]), says != number { return .number(index + 1, says: says) }
      var leaf: [UInt8] = []
      Digests.appendLeaf(of: bytes.span.extracting(range), to: &leaf)
      if leaves.count == count << 5, !self.leaf(of: number).elementsEqual(leaf) { return .leaf(index + 1) }
    }
    return count > 0 && leaves.count == count << 5 ? nil : .end
  }

  /// The number that a record itself says: after the last `"sequence":` of its line, where it has one. A record's
  /// other members, whose texts might hold the same words, stand before it or hold no quotation mark.
  private static func number(_ line: ArraySlice<UInt8>) -> UInt64? {
    let name = Array("\"sequence\":".utf8)
    var index = line.endIndex - name.count
    let stop = max(line.startIndex, line.endIndex - 1024)
    while index >= stop {
      if line[index] == name[0], line[index..<(index + name.count)].elementsEqual(name) {
        let digits = line[(index + name.count)...].prefix { (0x30...0x39).contains($0) }
        return UInt64(String(decoding: digits, as: UTF8.self))
      }
      index -= 1
    }
    return nil
  }
}

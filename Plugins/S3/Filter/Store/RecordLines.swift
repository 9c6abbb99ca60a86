internal import FilterKit
internal import Gzip

/// Records on their way to an object, or back from one: a line each, numbered without gaps.
struct RecordLines {
  /// Bytes of lines that an object of this plugin's never passes: the largest record and its line feed, or a batch.
  static let limit = 268_435_457

  let first: UInt64
  private(set) var ends: [Int] = []
  private(set) var bytes: [UInt8] = []

  init(first: UInt64) { self.first = first }

  var count: Int { ends.count }
  /// The number after the last record's.
  var next: UInt64 { first + UInt64(ends.count) }

  /// The record of that number, without its line feed.
  func range(of sequence: UInt64) -> Range<Int> {
    let index = Int(sequence - first)
    return (index == 0 ? 0 : ends[index - 1])..<(ends[index] - 1)
  }

  mutating func append(_ json: Span<UInt8>) {
    bytes.reserveCapacity(bytes.count + json.count + 1)
    unsafe json.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(0x0A)
    ends.append(bytes.count)
  }

  /// The object's body; nil where there is not enough memory.
  func body(compressed: Bool) -> [UInt8]? {
    guard compressed else { return bytes }
    guard let compressor = GzipCompressor() else { return nil }
    var output: [UInt8] = []
    return compressor.compress(bytes.span, isLast: true, into: &output) ? output : nil
  }

  /// What an object holds; nil, and why, where it is not what this plugin writes.
  static func read(_ body: [UInt8], isCompressed: Bool, first: UInt64) -> Result<RecordLines, Damage> {
    var lines = RecordLines(first: first)
    if isCompressed {
      guard let decompressor = GzipDecompressor() else { return .failure(.unpacked) }
      var isTooLong = false
      let isGood = decompressor.decompress(body.span) { piece in
        guard lines.bytes.count + piece.count <= limit else { return isTooLong = true }
        unsafe piece.withUnsafeBufferPointer { unsafe lines.bytes.append(contentsOf: $0) }
      }
      guard isGood, decompressor.isComplete, !isTooLong else { return .failure(.unpacked) }
    } else {
      guard body.count <= limit else { return .failure(.unpacked) }
      lines.bytes = body
    }
    return lines.split().map { .failure($0) } ?? .success(lines)
  }

  /// What is wrong with an object.
  enum Damage: Error, Equatable {
    /// It is no whole gzip file, or holds more than an object may.
    case unpacked
    /// This line, counted from 1, is no record, or the object ends within it.
    case line(Int)
    /// This line's record says that it has another number.
    case number(Int, says: UInt64)
    case empty

    var text: String {
      switch self {
      case .unpacked: "it is no whole gzip file of lines"
      case .line(let line): "line \(line) is no record"
      case .number(let line, let says): "line \(line) is record \(says)"
      case .empty: "it is empty"
      }
    }
  }

  private mutating func split() -> Damage? {
    var start = 0
    while start < bytes.count {
      let line = ends.count + 1
      guard let end = bytes[start...].firstIndex(of: 0x0A), end > start + 1, bytes[start] == UInt8(ascii: "{"),
        bytes[end - 1] == UInt8(ascii: "}"), bytes[start..<end].allSatisfy({ $0 >= 0x20 })
      else { return .line(line) }
      if let number = Self.number(bytes[start..<end]), number != first + UInt64(ends.count) {
        return .number(line, says: number)
      }
      ends.append(end + 1)
      start = end + 1
    }
    return ends.isEmpty ? .empty : nil
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

internal import FilterKit

/// How the objects of one log are named, below the prefix:
///
///     LOG/log.json                                  what this is
///     LOG/records/00000000000000001234.jsonl.gz     lines of JSON, by the number of the first
///     LOG/checkpoints/00000000000000001300-0123456789abcdef.txt   signed notes, by their size and digest
///     LOG/writers/00000000000000000003.json         who writes; only where the store has no conditional puts
struct ObjectNames: Sendable {
  private static let digits = 20
  private let root: String
  private let suffix: String

  /// - Parameter log: the log's id. What is no ASCII letter, digit, `-`, `_` or `.` is written as `=` and two
  ///   hexadecimal digits, so that two logs never share a name and none leads out of the prefix.
  init(prefix: String, log: String, compresses: Bool) throws(FilterError) {
    var stem = ""
    for byte in log.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        stem.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where !stem.isEmpty: stem.append(".")
      default: stem += "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    guard !stem.isEmpty, stem.utf8.count <= 200 else {
      throw FilterError(.internal, "The log's id is empty, or too long to name objects by.")
    }
    root = prefix.isEmpty ? stem : "\(prefix)/\(stem)"
    suffix = compresses ? ".jsonl.gz" : ".jsonl"
  }

  var description: String { "\(root)/log.json" }
  var records: String { "\(root)/records/" }
  var checkpoints: String { "\(root)/checkpoints/" }
  var writers: String { "\(root)/writers/" }

  func batch(first: UInt64) -> String { records + Self.number(first) + suffix }

  /// The keys that a batch may have: whether it is compressed may be configured anew.
  func bothForms(first: UInt64) -> [String] {
    [".jsonl.gz", ".jsonl"].map { records + Self.number(first) + $0 }
  }

  func writer(_ generation: UInt64) -> String { "\(writers)\(Self.number(generation)).json" }

  /// The first record's number, of a key below ``records``. Both forms are read, whatever is written now.
  func first(of key: String) -> UInt64? {
    guard key.hasPrefix(records) else { return nil }
    let name = key.dropFirst(records.count)
    guard name.hasSuffix(".jsonl") || name.hasSuffix(".jsonl.gz") else { return nil }
    return Self.read(name.prefix { $0 != "." })
  }

  func checkpoint(_ note: [UInt8], size: UInt64) -> String {
    "\(checkpoints)\(Self.number(size))-\(Digests.hexadecimal(Digests.sha256(note)).prefix(16)).txt"
  }

  /// The size of a checkpoint, of a key below ``checkpoints``.
  func size(of key: String) -> UInt64? {
    guard key.hasPrefix(checkpoints), key.hasSuffix(".txt") else { return nil }
    let name = key.dropFirst(checkpoints.count).dropLast(4)
    let digest = name.dropFirst(Self.digits + 1)
    guard digest.utf8.count == 16, name.dropFirst(Self.digits).first == "-" else { return nil }
    return Self.read(name.prefix(Self.digits))
  }

  /// The log that a folder below the prefix is of; nil where it is not one that this names.
  static func log(folder: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(folder.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "=") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  func generation(of key: String) -> UInt64? {
    guard key.hasPrefix(writers), key.hasSuffix(".json") else { return nil }
    return Self.read(key.dropFirst(writers.count).dropLast(5))
  }

  static func number(_ number: UInt64) -> String {
    let text = String(number)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }

  private static func read(_ text: Substring) -> UInt64? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt64(text)
  }
}

internal import FilterKit

/// How the files of one log are named: `LOG.00000000000000001234.jsonl`, by the number of their first record.
struct FileNames: Sendable {
  /// What a file of the log is.
  enum Form: Equatable { case plain, compressed, unfinished }

  private static let digits = 20
  private let stem: String

  /// - Parameter log: the log's id. What is no ASCII letter, digit, `-`, `_` or `.` is written as `%` and two
  ///   hexadecimal digits, so that two logs never share a name and none leads out of the directory.
  init(log: String) throws(FilterError) {
    var stem = ""
    for byte in log.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        stem.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where !stem.isEmpty: stem.append(".")
      default: stem += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    guard !stem.isEmpty, stem.utf8.count <= 200 else {
      throw FilterError(.internal, "The log's id is empty, or too long to name files by.")
    }
    self.stem = stem
  }

  /// Holds the lock that keeps a second writer out.
  var lock: String { "\(stem).lock" }

  /// Holds the log's checkpoints.
  var checkpoints: String { "\(stem).checkpoints" }

  /// The log that a file in the directory belongs to; nil where it is none of a sink's.
  static func log(of name: String) -> String? {
    let base =
      name.hasSuffix(".jsonl.gz") ? name.dropLast(9) : name.hasSuffix(".jsonl") ? name.dropLast(6) : ""
    guard base.utf8.count > digits + 1, base.dropLast(digits).last == "." else { return nil }
    guard base.suffix(digits).utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    var bytes: [UInt8] = []
    var stem = Array(base.dropLast(digits + 1).utf8)[...]
    while let byte = stem.popFirst() {
      if byte == UInt8(ascii: "%"),
        let value = UInt8(String(decoding: stem.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        stem = stem.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  func name(first: UInt64, _ form: Form) -> String {
    let number = String(first)
    let name = "\(stem).\(String(repeating: "0", count: Self.digits - number.utf8.count))\(number).jsonl"
    switch form {
    case .plain: return name
    case .compressed: return name + ".gz"
    case .unfinished: return name + ".gz.tmp"
    }
  }

  /// What a name in the directory says; nil where it is no file of this log.
  func parse(_ name: String) -> (first: UInt64, form: Form)? {
    guard name.hasPrefix(stem + ".") else { return nil }
    let rest = name.dropFirst(stem.count + 1)
    let number = rest.prefix(Self.digits)
    guard number.utf8.count == Self.digits, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let first = UInt64(number)
    else { return nil }
    switch rest.dropFirst(Self.digits) {
    case ".jsonl": return (first, .plain)
    case ".jsonl.gz": return (first, .compressed)
    case ".jsonl.gz.tmp": return (first, .unfinished)
    default: return nil
    }
  }
}

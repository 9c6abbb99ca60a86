internal import FilterKit

/// Reads a file of lines as a crash may have left it, and says where its good part ends.
///
/// A record is one line: it begins with `{`, ends with `}` and holds no control characters, as canonical JSON
/// escapes them all. What follows the last good line is a torn tail, which was never acknowledged. A bad line
/// *before* a good one is no crash's work: somebody changed the file, or the disk is at fault.
struct LineScan {
  private(set) var lines: UInt64 = 0
  /// Bytes up to and including the last good line.
  private(set) var end: UInt64 = 0
  /// Where the last good line begins.
  private(set) var lastStart: UInt64 = 0
  /// The number, from 1, of a bad line that a good one follows.
  private(set) var damagedLine: UInt64?

  private var offset: UInt64 = 0
  private var lineStart: UInt64 = 0
  private var first: UInt8 = 0
  private var last: UInt8 = 0
  private var hasControl = false
  private var badLine: UInt64?

  mutating func add(_ bytes: Span<UInt8>) {
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == 0x0A {
        endLine(at: offset + UInt64(index) + 1)
        continue
      }
      if first == 0 { first = byte == 0 ? 1 : byte }
      if byte < 0x20 { hasControl = true }
      last = byte
    }
    offset += UInt64(bytes.count)
  }

  private mutating func endLine(at next: UInt64) {
    let isGood = first == UInt8(ascii: "{") && last == UInt8(ascii: "}") && !hasControl
    if isGood && badLine == nil {
      lines += 1
      (lastStart, end) = (lineStart, next)
    } else if isGood {
      damagedLine = damagedLine ?? badLine
    } else if badLine == nil {
      badLine = lines + 1
    }
    lineStart = next
    (first, last, hasControl) = (0, 0, false)
  }
}

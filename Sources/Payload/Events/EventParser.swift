/// Takes a stream of server-sent events apart (WHATWG HTML, 9.2.6), however the bytes are split.
///
/// A state machine without I/O. Lines end in CR, LF or CRLF; an event ends at an empty line.
public struct EventParser {
  /// One event or comment block, as it came and as what it says.
  struct Event {
    /// The whole event in ``EventParser/buffer``, empty line included.
    let raw: Range<Int>
    /// The data lines' values in the buffer, in order.
    let data: [Range<Int>]
    /// The other lines in the buffer, line ends excluded.
    let otherLines: [Range<Int>]
  }

  /// The longest event that is accepted, in bytes.
  public static let maximumEvent = 1 << 20

  private(set) var buffer: [UInt8] = []
  private var eventStart = 0
  private var lineStart = 0
  private var position = 0
  private var data: [Range<Int>] = []
  private var otherLines: [Range<Int>] = []
  /// Whether the stream has begun: what comes before may be a byte order mark, which is skipped (9.2.5).
  private var hasBegun = false
  /// The last line ended in CR, so that an LF that comes next belongs to it.
  private var isAfterReturn = false

  public init() {}

  /// How many bytes are held that no event has claimed yet.
  public var held: Int { buffer.count - eventStart }

  /// Takes the next bytes of the stream. What earlier events pointed to is gone.
  mutating func append(_ bytes: Span<UInt8>) throws(PayloadError) {
    if eventStart > 0 {
      buffer.removeSubrange(..<eventStart)
      for index in data.indices {
        data[index] = data[index].lowerBound - eventStart..<data[index].upperBound - eventStart
      }
      for index in otherLines.indices {
        otherLines[index] =
          otherLines[index].lowerBound - eventStart..<otherLines[index].upperBound - eventStart
      }
      lineStart -= eventStart
      position -= eventStart
      eventStart = 0
    }
    guard buffer.count + bytes.count <= Self.maximumEvent + bytes.count else {
      throw PayloadError(
        .eventTooLarge, "An event of the stream is larger than is accepted.", at: 0, in: bytes)
    }
    buffer.append(copying: bytes)
  }

  /// The next event that is whole, or nil.
  mutating func next() throws(PayloadError) -> Event? {
    guard hasBegun || begin() else { return nil }
    while position < buffer.count {
      let byte = buffer[position]
      if isAfterReturn {
        isAfterReturn = false
        if byte == 0x0A {
          position += 1
          lineStart = position
          if data.isEmpty && otherLines.isEmpty && eventStart == position - 1 { eventStart = position }
          continue
        }
      }
      guard byte == 0x0A || byte == 0x0D else {
        position += 1
        continue
      }
      let line = lineStart..<position
      position += 1
      lineStart = position
      isAfterReturn = byte == 0x0D
      guard line.isEmpty else {
        note(line)
        continue
      }
      // The LF of a CRLF stays with the event that it ends.
      if isAfterReturn, position < buffer.count, buffer[position] == 0x0A {
        position += 1
        lineStart = position
        isAfterReturn = false
      }
      let event = Event(raw: eventStart..<position, data: data, otherLines: otherLines)
      eventStart = position
      data.removeAll(keepingCapacity: true)
      otherLines.removeAll(keepingCapacity: true)
      return event
    }
    guard held <= Self.maximumEvent else {
      throw PayloadError(
        .eventTooLarge, "An event of the stream is larger than is accepted.", at: 0, in: buffer.span)
    }
    return nil
  }

  /// Skips a byte order mark; false where more bytes must come to tell.
  private mutating func begin() -> Bool {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if buffer.starts(with: mark) {
      (eventStart, lineStart, position) = (3, 3, 3)
    } else if buffer.count < 3, mark.starts(with: buffer) {
      return false
    }
    hasBegun = true
    return true
  }

  private mutating func note(_ line: Range<Int>) {
    guard line.count >= 4, buffer.span.extracting(line).extracting(first: 4).isEqual(to: "data"),
      line.count == 4 || buffer[line.lowerBound + 4] == UInt8(ascii: ":")
    else { return otherLines.append(line) }
    var start = min(line.lowerBound + 5, line.upperBound)
    if start < line.upperBound, buffer[start] == 0x20 { start += 1 }
    data.append(start..<line.upperBound)
  }
}

/// A JSON text that arrives in pieces, such as a tool's arguments: each string in it is a text of its own, read
/// without its escapes and written back with them. What is no text flows at once, byte for byte.
///
/// It reads leniently: what a model writes may be no JSON at all, and is then one plain text.
struct JSONPieces {
  /// Whose text it is.
  struct Place {
    let channel: Int
    let pointer: [UInt8]
    let role: Role
  }

  private enum State {
    /// Nothing has come but white space.
    case start
    /// Between values.
    case between
    /// In a member's name, which is short and waits for its end.
    case name
    case string
    /// In a number or a word.
    case bare
    /// This is no JSON.
    case plain
  }

  private struct Container {
    let isObject: Bool
    /// Where in ``path`` its own ends.
    let path: Int
    var expectsName: Bool
  }

  /// A name or a number is at most so long, in bytes.
  private static let maximumWord = 4096
  private static let maximumDepth = 128
  /// JSON's own, and those that Python writes and reads in numbers' place.
  private static let words: [StaticString] = ["true", "false", "null", "NaN", "Infinity", "-Infinity"]

  private var state = State.start
  private var containers: [Container] = []
  /// The pointer of the value that is read, below the channel's.
  private var path: [UInt8] = []
  /// What has come of a name, a number or a string and has not gone out, as it came.
  private var raw: [UInt8] = []
  /// The beginning of an escape, or of a pair of them, whose end has not come.
  private var carry: [UInt8] = []

  /// Takes the next piece and appends what may go out; with `end` all of it.
  mutating func feed<F: StreamFilter>(
    _ piece: Span<UInt8>, end: Bool, at place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    var bytes = carry
    carry = []
    bytes.append(copying: piece)
    var position = 0
    while position < bytes.count {
      switch state {
      case .start, .between: try structure(bytes.span, &position, F.Failure.self, into: &output)
      case .name: try name(bytes.span, &position, place, filter: &filter, into: &output)
      case .string: try string(bytes.span, &position, end: end, place, filter: &filter, into: &output)
      case .bare: try bare(bytes.span, &position, place, filter: &filter, into: &output)
      case .plain:
        try plain(bytes.span.extracting(position...), end: end, place, filter: &filter, into: &output)
        position = bytes.count
        if end { return }
      }
    }
    guard end else { return }
    switch state {
    case .start, .between: break
    case .name: try endName(place, filter: &filter, into: &output)
    case .string: try string([], end: true, place, filter: &filter, into: &output)
    case .bare:
      try endBare(place, filter: &filter, into: &output)
      guard case .plain = state else { return }
      let nothing: [UInt8] = []
      try plain(nothing.span, end: true, place, filter: &filter, into: &output)
    case .plain:
      let nothing: [UInt8] = []
      try plain(nothing.span, end: true, place, filter: &filter, into: &output)
    }
  }

  private mutating func structure<Failure>(
    _ bytes: Span<UInt8>, _ position: inout Int, _: Failure.Type, into output: inout [UInt8]
  ) throws(StreamError<Failure>) {
    let byte = bytes[position]
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: break
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard containers.count < Self.maximumDepth else {
        throw .payload(
          PayloadError(.tooDeep, "A tool's arguments are nested deeper than is accepted.", at: 0, in: bytes))
      }
      let isObject = byte == UInt8(ascii: "{")
      containers.append(Container(isObject: isObject, path: path.count, expectsName: isObject))
      state = .between
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard let last = containers.popLast(), last.isObject == (byte == UInt8(ascii: "}")) else {
        return state = .plain
      }
      path.removeSubrange(last.path...)
    case UInt8(ascii: ","):
      guard let last = containers.last else { return state = .plain }
      if last.isObject {
        containers[containers.count - 1].expectsName = true
        path.removeSubrange(last.path...)
      }
    case UInt8(ascii: ":"):
      guard containers.last?.isObject == true else { return state = .plain }
      containers[containers.count - 1].expectsName = false
    case UInt8(ascii: "\""):
      if let last = containers.last {
        state = last.isObject && last.expectsName ? .name : .string
      } else {
        // All of it may be one string; what stands behind another value is no JSON.
        guard state == .start else { return state = .plain }
        state = .string
      }
    default:
      guard !containers.isEmpty else { return state = .plain }
      return state = .bare
    }
    output.append(byte)
    position += 1
  }

  private mutating func name<F: StreamFilter>(
    _ bytes: Span<UInt8>, _ position: inout Int, _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\""), !Self.endsInBackslash(raw) {
        try endName(place, filter: &filter, into: &output)
        output.append(byte)
        position += 1
        return state = .between
      }
      raw.append(byte)
      position += 1
      try Self.limit(raw, F.Failure.self)
    }
  }

  private mutating func endName<F: StreamFilter>(
    _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    var text: [UInt8] = []
    StringEscapes.decode(raw.span, into: &text)
    path.append(UInt8(ascii: "/"))
    if PlainWords.isIdentifier(text.span) {
      path += text
      output += raw
    } else {
      path.append(UInt8(ascii: "*"))
      if try !whole(text, role: .key, place, filter: &filter, into: &output) { output += raw }
    }
    raw.removeAll(keepingCapacity: true)
  }

  private mutating func bare<F: StreamFilter>(
    _ bytes: Span<UInt8>, _ position: inout Int, _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"),
        UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
        state = .between
        return try endBare(place, filter: &filter, into: &output)
      default:
        raw.append(bytes[position])
        position += 1
        try Self.limit(raw, F.Failure.self)
      }
    }
  }

  private mutating func endBare<F: StreamFilter>(
    _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    let isWord = Self.words.contains { raw.span.isEqual(to: $0) }
    let isNumber = raw.allSatisfy { 0x30...0x39 ~= $0 || "+-.eE".utf8.contains($0) }
    guard isWord || isNumber else {
      // This is no JSON: from here on it is one text.
      let text = raw
      raw.removeAll(keepingCapacity: true)
      state = .plain
      return try plain(text.span, end: false, place, filter: &filter, into: &output)
    }
    let isShort = raw.count < 7 && raw.allSatisfy { 0x30...0x39 ~= $0 || "+-.eE".utf8.contains($0) }
    var masked: [UInt8] = []
    if !isWord, !isShort, try whole(raw, role: place.role, place, filter: &filter, into: &masked) {
      output.append(UInt8(ascii: "\""))
      output += masked
      output.append(UInt8(ascii: "\""))
    } else {
      output += raw
    }
    raw.removeAll(keepingCapacity: true)
  }

  private mutating func string<F: StreamFilter>(
    _ bytes: Span<UInt8>, _ position: inout Int, end: Bool, _ place: Place, filter: inout F,
    into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    let start = position
    var isClosed = false
    scan: while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        isClosed = true
        break scan
      case UInt8(ascii: "\\"):
        let length = Self.escapeLength(bytes, at: position)
        guard position + length <= bytes.count else {
          if !end { carry = Self.copy(bytes.extracting(position...)) }
          let text = Self.copy(bytes.extracting(start..<(end ? bytes.count : position)))
          position = bytes.count
          return try string(text, end: false, place, filter: &filter, into: &output)
        }
        position += length
      default: position += 1
      }
    }
    let text = Self.copy(bytes.extracting(start..<position))
    try string(text, end: isClosed, place, filter: &filter, into: &output)
    guard isClosed else { return }
    output.append(UInt8(ascii: "\""))
    position += 1
    state = .between
  }

  /// How many bytes must be there to read the escape at `position`: a pair of surrogates is read at once.
  private static func escapeLength(_ bytes: Span<UInt8>, at position: Int) -> Int {
    guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else { return 2 }
    guard let unit = StringEscapes.codeUnit(bytes, at: position + 2) else {
      return position + 6 > bytes.count ? 6 : 2
    }
    guard unit & 0xFC00 == 0xD800 else { return 6 }
    if position + 6 < bytes.count, bytes[position + 6] != UInt8(ascii: "\\") { return 6 }
    if position + 7 < bytes.count, bytes[position + 7] != UInt8(ascii: "u") { return 6 }
    if position + 12 <= bytes.count {
      let low = StringEscapes.codeUnit(bytes, at: position + 8)
      return (low ?? 0) & 0xFC00 == 0xDC00 ? 12 : 6
    }
    return 12
  }

  /// Feeds more of a string, as it came, and writes what goes out: as it came, where nothing in it has changed.
  private mutating func string<F: StreamFilter>(
    _ more: [UInt8], end: Bool, _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    var text: [UInt8] = []
    StringEscapes.decode(more.span, into: &text)
    raw += more
    var released: [UInt8] = []
    let pointer = place.pointer + path
    let release: StreamRelease
    do throws(F.Failure) {
      release = try filter.feed(
        channel: place.channel, pointer: pointer.span, role: place.role, text: text.span, end: end,
        into: &released)
    } catch { throw .filter(error) }
    var cursor = (decoded: 0, raw: 0)
    var (copied, written, removed) = (0, 0, 0)
    for edit in release.edits {
      let start = StringEscapes.rawPosition(of: edit.range.lowerBound, in: raw.span, cursor: &cursor)
      output += raw[min(copied, start)..<start]
      written += edit.range.lowerBound - removed
      StringEscapes.encode(released.span.extracting(written..<written + edit.length), into: &output)
      written += edit.length
      removed = edit.range.upperBound
      copied = StringEscapes.rawPosition(of: edit.range.upperBound, in: raw.span, cursor: &cursor)
    }
    let gone = end ? raw.count : StringEscapes.rawPosition(of: release.count, in: raw.span, cursor: &cursor)
    output += raw[min(copied, gone)..<gone]
    raw.removeSubrange(..<gone)
  }

  private mutating func plain<F: StreamFilter>(
    _ text: Span<UInt8>, end: Bool, _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    do throws(F.Failure) {
      _ = try filter.feed(
        channel: place.channel, pointer: place.pointer.span, role: place.role, text: text, end: end,
        into: &output)
    } catch { throw .filter(error) }
  }

  /// Passes a text that is whole; appends it where something in it has changed, and says whether it has.
  private func whole<F: StreamFilter>(
    _ text: [UInt8], role: Role, _ place: Place, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) -> Bool {
    var edits: [(range: Range<Int>, text: [UInt8])] = []
    let pointer = place.pointer + path
    let name = path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
    do throws(F.Failure) {
      try filter.whole(pointer: pointer.span, name: name.span, role: role, text: text.span) { range, with in
        edits.append((range, Self.copy(with)))
      }
    } catch { throw .filter(error) }
    guard !edits.isEmpty else { return false }
    var copied = 0
    for edit in edits {
      StringEscapes.encode(text.span.extracting(copied..<max(copied, edit.range.lowerBound)), into: &output)
      StringEscapes.encode(edit.text.span, into: &output)
      copied = max(copied, edit.range.upperBound)
    }
    StringEscapes.encode(text.span.extracting(copied...), into: &output)
    return true
  }

  private static func limit<Failure>(_ word: [UInt8], _: Failure.Type) throws(StreamError<Failure>) {
    guard word.count > maximumWord else { return }
    throw .payload(
      PayloadError(
        .tooManyValues, "A name or a number in a tool's arguments is longer than is accepted.", at: 0,
        in: word.span))
  }

  private static func endsInBackslash(_ raw: [UInt8]) -> Bool {
    raw.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
  }

  private static func copy(_ span: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(copying: span)
    return bytes
  }
}

/// Lines of an event outside its data, and how events are written.
enum EventLines {
  /// How much of a line may be passed on.
  enum Passed {
    case all, nothing
    /// The colon of a comment, which keeps a connection awake.
    case colon
  }

  /// A line may be passed on where it can hold no text of a person's. Fields that the standard does not know
  /// are ignored by clients, and left out.
  static func harmless(_ line: Span<UInt8>) -> Passed {
    let colon = line.indices.first { line[$0] == UInt8(ascii: ":") } ?? line.count
    var value = line.extracting(min(colon + 1, line.count)..<line.count)
    if value.count > 0, value[0] == 0x20 { value = value.extracting(1..<value.count) }
    let name = line.extracting(0..<colon)
    if name.isEmpty { return value.isEmpty || isKnownWord(value) ? .all : .colon }
    if name.isEqual(to: "event") || name.isEqual(to: "id") {
      return value.count <= 64 && PlainWords.isToken(value) ? .all : .nothing
    }
    if name.isEqual(to: "retry") {
      return value.count <= 6 && value.indices.allSatisfy { 0x30...0x39 ~= value[$0] } ? .all : .nothing
    }
    return .nothing
  }

  /// What servers write to keep a connection awake.
  private static func isKnownWord(_ text: Span<UInt8>) -> Bool {
    text.isEqual(to: "ping") || text.isEqual(to: "keep-alive") || text.isEqual(to: "keepalive")
      || text.isEqual(to: "heartbeat") || text.isEqual(to: "OPENROUTER PROCESSING")
  }

  /// Appends what may be passed on of an event's other lines; whether that is all of them, as they came.
  static func append(_ lines: [Range<Int>], of buffer: Span<UInt8>, to output: inout [UInt8]) -> Bool {
    var isAll = true
    for line in lines {
      let line = buffer.extracting(line)
      let passed = harmless(line)
      switch passed {
      case .all: output.append(copying: line)
      case .colon: output.append(UInt8(ascii: ":"))
      case .nothing: break
      }
      if passed != .nothing { output.append(0x0A) }
      if passed != .all { isAll = false }
    }
    return isAll
  }

  /// Appends the data of an event and its end.
  static func append(data json: Span<UInt8>, to output: inout [UInt8]) {
    output.append(contentsOf: "data: ".utf8)
    var start = 0
    for index in json.indices where json[index] == 0x0A {
      output.append(copying: json.extracting(start...index))
      output.append(contentsOf: "data: ".utf8)
      start = index + 1
    }
    output.append(copying: json.extracting(start..<json.count))
    output.append(contentsOf: [0x0A, 0x0A])
  }
}

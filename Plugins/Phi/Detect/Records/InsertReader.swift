internal import FilterKit

/// Reads the rows of SQL's INSERT by the names of their columns: those of the statement, or of the CREATE TABLE before it; and those of
/// PostgreSQL's COPY, which stand below it with tabs between (`COPY staff (emp_no, full_name) FROM stdin;`).
///
/// It goes over each byte once, in order. A line that begins no such statement goes by at once.
struct InsertReader {
  private enum State {
    case lineStart, other
    /// Reading the words of a statement, up to what they announce.
    case words
    /// Inside the parentheses of names, of definitions, of a row.
    case names, definitions, row
    /// Between two rows.
    case between
    /// In the lines below a COPY: at the beginning of one, behind a backslash there, and in one.
    case copyStart, copyEnd, copy
  }

  private static let longestValue = 128
  private static let mostColumns = 128

  private var state = State.lineStart
  private var columns: [Kind?] = []
  /// What the last CREATE TABLE had.
  private var table: [Kind?] = []
  private var word = FieldNames.NameHash()
  private var (isCreate, isCopy) = (false, false)
  /// The statement's columns are known.
  private var isReady = false
  private var depth = 0
  private var cell = 0
  private var isQuoted = false
  /// The name of a definition, and whether the database fills its column.
  private var name: FieldNames.NameHash?
  private var isFilled = false

  mutating func begin() { self = InsertReader() }

  private static let insert = hash("insert")
  private static let create = hash("create")
  private static let values = hash("values")
  private static let copy = hash("copy")
  private static let input = hash("stdin")
  private static let filled = Set(
    ["identity", "autoincrement", "autoincrement", "serial", "bigserial", "generated"].map { hash($0) })

  private static func hash(_ word: String) -> UInt64 {
    var hash = FieldNames.NameHash()
    for byte in word.utf8 { hash.add(byte) }
    return hash.value
  }

  mutating func read(_ text: Span<UInt8>, _ range: Range<Int>, _ emit: (Candidate) -> Void) {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = text[index]
      switch state {
      case .other:
        index = ByteSearch.next(0x0A, in: text, index..<range.upperBound)
        if index < range.upperBound {
          state = .lineStart
          index += 1
        }
        continue
      case .lineStart: startLine(byte)
      case .words: readWord(byte)
      case .names: readName(byte)
      case .definitions: readDefinition(byte)
      case .row: readRow(text, index, byte, emit)
      case .between: readBetween(byte)
      case .copyStart, .copyEnd, .copy: readCopy(text, index, byte, emit)
      }
      index += 1
    }
  }

  private mutating func startLine(_ byte: UInt8) {
    if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { return }
    guard byte | 0x20 == UInt8(ascii: "i") || byte | 0x20 == UInt8(ascii: "c") else {
      state = .other
      return
    }
    (state, isReady, isCreate, isCopy, columns) = (.words, false, false, false, [])
    word = FieldNames.NameHash()
    isFirst = true
    word.add(byte)
  }

  /// The word being read is the line's first.
  private var isFirst = false

  private mutating func readWord(_ byte: UInt8) {
    if Bytes.isJoining(byte) {
      word.add(byte)
      return
    }
    if isFirst, word.count > 0 {
      isFirst = false
      (isCreate, isCopy) = (word.value == Self.create, word.value == Self.copy)
      guard byte == 0x20 || byte == 0x09, isCreate || isCopy || word.value == Self.insert else {
        state = byte == 0x0A ? .lineStart : .other
        return
      }
    } else if !isCreate, word.value == Self.values {
      if !isReady { columns = table }
      columns = KeyColumns.settled(columns)
      state = FieldNames.isHeader(columns) ? .between : .other
    } else if isCopy, isReady, byte == UInt8(ascii: ";") || byte == 0x0A, word.value == Self.input {
      columns = KeyColumns.settled(columns)
      state = FieldNames.isHeader(columns) ? (byte == 0x0A ? .copyStart : .copy) : .other
      (cell, isWaiting) = (columns.count, false)
      return
    }
    word = FieldNames.NameHash()
    if byte == UInt8(ascii: "(") {
      (depth, name, isFilled, cell, isQuoted) = (1, nil, false, 0, false)
      switch state {
      case .between: state = .row
      case .words where isCreate: (state, table) = (.definitions, [])
      case .words: state = isReady ? .other : .names
      default: break
      }
    } else if byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=") {
      state = .other
    }
  }

  private mutating func readName(_ byte: UInt8) {
    if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ")") {
      columns.append(KeyColumns.kind(of: word))
      word = FieldNames.NameHash()
      if byte == UInt8(ascii: ")") { (state, isReady) = (.words, true) }
      if columns.count > Self.mostColumns { state = .other }
    } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "(") {
      state = .other
    } else {
      word.add(byte)
    }
  }

  private mutating func readDefinition(_ byte: UInt8) {
    if Bytes.isJoining(byte) || byte == UInt8(ascii: "_") {
      word.add(byte)
      return
    }
    if word.count > 0 {
      if name == nil { name = word } else if Self.filled.contains(word.value) { isFilled = true }
      word = FieldNames.NameHash()
    }
    if byte == UInt8(ascii: "(") { depth += 1 }
    if byte == UInt8(ascii: ")") { depth -= 1 }
    guard depth == 0 || depth == 1 && byte == UInt8(ascii: ",") else { return }
    if let name, !isFilled { table.append(KeyColumns.kind(of: name)) }
    (name, isFilled) = (nil, false)
    if depth == 0 || table.count > Self.mostColumns { state = .other }
  }

  private mutating func readRow(_ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void)
  {
    if isQuoted {
      if byte == UInt8(ascii: "'") { isQuoted = false }
      return
    }
    switch byte {
    case UInt8(ascii: "'"):
      isQuoted = true
      // Behind a quote of its own, the text goes on.
      if index > 0, text[index - 1] == byte { return }
      report(text, index + 1, emit) { $0 == UInt8(ascii: "'") || $0 == 0x0A }
    case UInt8(ascii: "("): depth += 1
    case UInt8(ascii: ")"):
      depth -= 1
      if depth == 0 { state = .between }
    case UInt8(ascii: ",") where depth == 1: cell += 1
    default:
      if depth == 1, Bytes.isDigit(byte), index > 0, " ,(\t\n".utf8.contains(text[index - 1]) {
        report(text, index, emit) { !Bytes.isDigit($0) }
      }
    }
  }

  private mutating func readBetween(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("): (state, depth, cell, isQuoted) = (.row, 1, 0, false)
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","): break
    default: state = .other
    }
  }

  /// The cell of a COPY has not begun yet.
  private var isWaiting = false

  /// A row of a COPY: cells with tabs between, up to `\.` on a line of its own.
  private mutating func readCopy(
    _ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void
  ) {
    if byte == 0x0A {
      // An empty line has no cells.
      (state, cell, isWaiting) = (state == .copyStart ? .lineStart : .copyStart, 0, true)
      return
    }
    switch state {
    case .copyEnd where byte == UInt8(ascii: "."): state = .other
    case .copyStart where byte == UInt8(ascii: "\\"): (state, isWaiting) = (.copyEnd, false)
    default:
      state = .copy
      if byte == 0x09 {
        (cell, isWaiting) = (cell + 1, true)
      } else if isWaiting {
        isWaiting = false
        report(text, index, emit) { $0 == 0x09 || $0 == 0x0A }
      }
    }
  }

  private func report(
    _ text: Span<UInt8>, _ start: Int, _ emit: (Candidate) -> Void, until isEnd: (UInt8) -> Bool
  ) {
    guard cell < columns.count, let kind = columns[cell] else { return }
    var end = start
    while end < text.count, end - start <= Self.longestValue, !isEnd(text[end]) { end += 1 }
    guard end < text.count, end - start <= Self.longestValue,
      let value = FieldNames.value(kind, in: text, start..<end), value.lowerBound == start
    else { return }
    // `van Dyk` begins with a small letter, `blue` is a colour.
    if kind == "NAME" || kind == "CITY", Bytes.isLower(text[start]),
      !(start + 1..<end).contains(where: { Bytes.isUpper(text[$0]) && text[$0 - 1] == 0x20 })
    {
      return
    }
    emit(Candidate(range: value, kind: FieldNames.reported(kind), confidence: 9000, detector: "phi/insert"))
  }
}

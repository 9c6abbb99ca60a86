internal import FilterKit

/// Reads records that stand in a text line by line: HL7 v2 messages by the positions of their fields, and tables (CSV,
/// TSV, Markdown, the output of SQL clients) by the names of their columns.
///
/// It goes over each byte once, in order, and remembers where it is, so that a text may arrive in pieces. What a line is,
/// it learns at its beginning, and a table's columns at the end of its first line: it acts forwards only.
struct RecordReader {
  /// A cell with more bytes, or more words, is prose.
  private static let longestCell = 128
  private static let mostWords = 6
  private static let mostColumns = 256
  /// A name of a column is not longer.
  private static let longestName = 48

  private enum Line {
    /// Its first bytes say what it is.
    case beginning
    case header, row, message
    case other
  }

  private var line = Line.beginning
  /// The bytes of the line so far; no more than matter.
  private var length = 0
  private var segment: UInt32 = 0
  private var columns: [Kind?] = []
  private var separator: UInt8 = 0
  private var names: [Kind?] = []
  private var name = FieldNames.NameHash()
  private var nameLength = 0
  private var cell = 0
  private var component = 1
  private var isWaiting = false
  private var isQuoted = false
  /// Nothing but signs of a table's rule so far: `|---|---|`.
  private var isRule = true
  /// What stands before a line where an editor or an agent shows a file: its number, and a tab or an arrow (`    12→`).
  private enum Numbering { case none, blanks, digits, arrow, read, over }
  private var numbering = Numbering.none
  /// The lines of the table have numbers.
  private var isNumbered = false
  /// HL7's separators of fields, components and repetitions.
  private var field = UInt8(ascii: "|")
  private var part = UInt8(ascii: "^")
  private var repetition = UInt8(ascii: "~")

  mutating func begin() { self = RecordReader() }

  /// Goes over the bytes of a range and reports the values that begin in it.
  mutating func read(_ text: Span<UInt8>, _ range: Range<Int>, _ emit: (Candidate) -> Void) {
    var index = range.lowerBound
    while index < range.upperBound {
      if length == 0, line == .beginning, columns.isEmpty,
        let start = endOfProse(text, index, range.upperBound)
      {
        line = .other
        index = start
        continue
      }
      let byte = text[index]
      if byte == 0x0A || byte == 0x0D {
        endLine(text, index)
      } else {
        if readNumber(byte) {
          index += 1
          continue
        }
        switch line {
        case .other: break
        case .beginning: beginLine(text, index, byte, emit)
        case .header: readName(byte)
        case .row: readRow(text, index, byte, emit)
        case .message: readMessage(text, index, byte, emit)
        }
        length += 1
      }
      index += 1
      // Prose goes by quickly.
      if line == .other {
        index = Self.endOfLine(text, index, range.upperBound)
      }
    }
  }

  /// Reads the number before a line; true where the line begins behind the byte, or the byte is a part of the number of a row.
  private mutating func readNumber(_ byte: UInt8) -> Bool {
    guard numbering != .over, numbering != .read, line == .beginning || line == .header,
      columns.isEmpty || isNumbered
    else {
      return false
    }
    switch (numbering, byte) {
    case (.none, 0x20) where length == 0, (.blanks, 0x20): numbering = .blanks
    case (.none, 0x30...0x39) where length == 0, (.blanks, 0x30...0x39), (.digits, 0x30...0x39):
      numbering = .digits
    // The three bytes of an arrow.
    case (.digits, 0xE2), (.arrow, 0x86): numbering = .arrow
    case (.digits, 0x09), (.arrow, 0x92):
      (line, length, segment, numbering) = (.beginning, 0, 0, .read)
      names.removeAll(keepingCapacity: true)
      (name, nameLength) = (FieldNames.NameHash(), 0)
      return true
    default:
      numbering = .over
      // A line without a number is none of the table's.
      if isNumbered { columns = [] }
      return false
    }
    return !columns.isEmpty
  }

  /// Where the text of a line begins that has a number before it.
  private static func startOfNumbered(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard text[start] == 0x20 || Bytes.isDigit(text[start]) else { return nil }
    var index = start
    while index < end, text[index] == 0x20 { index += 1 }
    let digit = index
    while index < end, Bytes.isDigit(text[index]) { index += 1 }
    guard index > digit, index < end else { return nil }
    if text[index] == 0x09 { return index + 1 }
    return text[index] == 0xE2 && index + 2 < end && text[index + 1] == 0x86 && text[index + 2] == 0x92
      ? index + 3 : nil
  }

  private static func endOfLine(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    let feed = ByteSearch.next(0x0A, in: text, start..<end)
    return ByteSearch.next(0x0D, in: text, start..<feed)
  }

  /// Where the line ends that begins here, if its first bytes show that it is no record and no header; nil where they don't.
  /// Where no columns are known, such a line leaves nothing behind.
  private func endOfProse(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    let start = numbering == .none ? Self.startOfNumbered(text, start, end) ?? start : start
    guard start + 4 <= end else { return nil }
    // What may be a segment of HL7.
    let fourth = text[start + 3]
    guard !Bytes.isUpper(text[start]) || Bytes.isJoining(fourth) || fourth <= 0x20 else { return nil }
    var index = start
    let longest = min(end, start + Self.longestName + 1)
    let signs = Self.signs
    while index < longest {
      switch signs[Int(text[index])] {
      case .plain: index += 1
      // A line of one cell names no columns.
      case .end: return index
      case .separator: return Self.endOfList(text, index, end)
      case .code: return Self.endOfLine(text, index, end)
      }
    }
    return index - start > Self.longestName ? Self.endOfLine(text, index, end) : nil
  }

  /// The same for a line of which the first cell has ended at `first`: names of columns are short, without a program's signs, and
  /// don't end as a sentence does.
  private static func endOfList(_ text: Span<UInt8>, _ first: Int, _ end: Int) -> Int? {
    let separator = text[first]
    let signs = signs
    var (cell, index) = (first + 1, first + 1)
    while index < end {
      let byte = text[index]
      switch signs[Int(byte)] {
      case .end: return ".:,;".utf8.contains(text[index - 1]) ? index : nil
      case .code: return endOfLine(text, index, end)
      case .separator where byte == separator: cell = index + 1
      case .separator, .plain: if index - cell >= longestName { return endOfLine(text, index, end) }
      }
      index += 1
    }
    return nil
  }

  private enum Sign { case plain, separator, code, end }
  private static let signs: [Sign] = (0...255).map { (byte: UInt8) in
    isCode(byte)
      ? .code : ",\t;|".utf8.contains(byte) ? .separator : byte == 0x0A || byte == 0x0D ? .end : .plain
  }

  private mutating func endLine(_ text: Span<UInt8>, _ index: Int) {
    switch line {
    case .header:
      names.append(KeyColumns.kind(of: name))
      let last = index > 0 ? text[index - 1] : 0
      if separator != 0, names.count > 1, FieldNames.isHeader(names), !".:,;".utf8.contains(last) {
        columns = KeyColumns.settled(names)
        isNumbered = numbering == .read
      } else {
        columns = []
      }
    case .row where cell + 1 != columns.count && !isRule: columns = []
    case .beginning where length == 0 && index > 0 && isNewLine(text[index - 1], before: text[index]):
      columns = []  // an empty line
    default: break
    }
    line = .beginning
    (length, cell, component, segment) = (0, 0, 1, 0)
    (isWaiting, isQuoted, isRule, numbering) = (true, false, true, .none)
    if columns.isEmpty { isNumbered = false }
    names.removeAll(keepingCapacity: true)
    (name, nameLength, separator) = (FieldNames.NameHash(), 0, columns.isEmpty ? 0 : separator)
  }

  /// Whether a byte ended another line than the next one does: CR LF end one together.
  private func isNewLine(_ byte: UInt8, before next: UInt8) -> Bool {
    byte == 0x0A || byte == 0x0D && next == 0x0D
  }

  /// The first four bytes tell a segment of HL7; any other line is a row where columns are known, or may be a header.
  private mutating func beginLine(
    _ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void
  ) {
    if length == 0, !columns.isEmpty {
      line = .row
      isWaiting = true
      return readRow(text, index, byte, emit)
    }
    if length < 3 {
      segment = segment << 8 | UInt32(byte)
      return readName(byte)
    }
    if length == 3, !Bytes.isJoining(byte), byte > 0x20, RecordFields.isKnown(segment),
      byte == field || segment == RecordFields.segment("MSH")
    {
      line = .message
      field = byte
      cell = segment == RecordFields.segment("MSH") ? 1 : 0
      return readMessage(text, index, byte, emit)
    }
    line = .header
    readName(byte)
  }

  // MARK: Tables

  private mutating func readName(_ byte: UInt8) {
    let isSeparator =
      separator == 0
      ? byte == UInt8(ascii: ",") || byte == 0x09 || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|")
      : byte == separator
    guard isSeparator else {
      nameLength += 1
      name.add(byte)
      // What a program has, no name of a column has.
      if nameLength > Self.longestName || Self.isCode(byte) { line = .other }
      return
    }
    separator = byte
    names.append(KeyColumns.kind(of: name))
    if names.count > Self.mostColumns { line = .other }
    (name, nameLength) = (FieldNames.NameHash(), 0)
  }

  private static func isCode(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "="), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "*"), UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "@"):
      true
    default: false
    }
  }

  private mutating func readRow(
    _ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void
  ) {
    if !"-+|: ".utf8.contains(byte) { isRule = false }
    if byte == separator, !isQuoted {
      cell += 1
      isWaiting = true
      return
    }
    if byte == UInt8(ascii: "\"") {
      isQuoted.toggle()
      return
    }
    guard isWaiting, byte != 0x20, byte != 0x09 else { return }
    isWaiting = false
    guard cell < columns.count, let kind = columns[cell] else { return }
    let (isQuoted, separator, isLast) = (isQuoted, separator, cell == columns.count - 1)
    report(text, index, kind, "phi/column", emit, isLast: isLast) {
      $0 == 0x0A || $0 == 0x0D || $0 == UInt8(ascii: "\"") || $0 == separator && !isQuoted
    }
  }

  /// Reports the cell from `start` to where it ends, if it looks like a value of its column. A line ends with the last
  /// one alone.
  private func report(
    _ text: Span<UInt8>, _ start: Int, _ kind: Kind, _ detector: StaticString, _ emit: (Candidate) -> Void,
    isLast: Bool = true, until isEnd: (UInt8) -> Bool
  ) {
    var end = start
    var words = 1
    while end < text.count, !isEnd(text[end]) {
      if Bytes.isSpace(text[end]), end > start, !Bytes.isSpace(text[end - 1]) { words += 1 }
      end += 1
      if end - start > Self.longestCell || words > Self.mostWords { return }
    }
    if !isLast, end == text.count || text[end] == 0x0A || text[end] == 0x0D { return }
    guard let value = FieldNames.value(kind, in: text, start..<end), value.lowerBound == start else { return }
    emit(Candidate(range: value, kind: FieldNames.reported(kind), confidence: 9000, detector: detector))
  }

  // MARK: HL7

  private mutating func readMessage(
    _ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void
  ) {
    if segment == RecordFields.segment("MSH"), length == 4 || length == 5 {
      // MSH-2 names the other separators.
      if length == 4 { part = byte } else { repetition = byte }
      return
    }
    if byte == field {
      cell += 1
      (component, isWaiting) = (1, true)
    } else if byte == repetition {
      (component, isWaiting) = (1, true)
    } else if byte == part {
      component += 1
      isWaiting = true
    } else if isWaiting, byte != 0x20 {
      isWaiting = false
      guard let form = RecordFields.form(segment, cell) else { return }
      reportField(text, index, form, emit)
    }
  }

  /// Whether a component has no digit, as a family name has none where the number of a person (XCN.1) was left out.
  private func isWord(_ text: Span<UInt8>, _ start: Int, _ part: UInt8) -> Bool {
    var end = start
    while end < text.count, end - start < 40, Bytes.isLetter(text[end]) || " '-".utf8.contains(text[end]) {
      end += 1
    }
    return end - start > 2 && end < text.count && text[end] == part
  }

  /// Whether a component is no code with a point, which stands where fields have been left out: `|Z00.00|`.
  private func isNumber(_ text: Span<UInt8>, _ start: Int) -> Bool {
    var end = start
    while end < text.count, end - start < 12, Bytes.isJoining(text[end]) { end += 1 }
    return end == text.count || text[end] != UInt8(ascii: ".") || Bytes.isLetter(text[end - 1])
  }

  /// Whether somebody is no more than the name of an account.
  private func isAccount(_ text: Span<UInt8>, _ start: Int) -> Bool {
    let end = AccountForm.end(text, start)
    return end < text.count
      && (text[end] == field || text[end] == repetition || text[end] == 0x0A || text[end] == 0x0D)
      && AccountForm.isSomebodys(text, start..<end)
  }

  private func reportField(
    _ text: Span<UInt8>, _ start: Int, _ form: RecordFields.Form, _ emit: (Candidate) -> Void
  ) {
    let (field, part, repetition) = (field, part, repetition)
    let kind: Kind
    switch (form, component) {
    case (.name, 1), (.person, 2): return reportName(text, start, emit)
    case (.person, 1) where isWord(text, start, part): return reportName(text, start, emit)
    case (.value(let value), 1): kind = value
    case (.address, 1), (.address, 2): kind = "ADDRESS"
    case (.address, 3): kind = "CITY"
    case (.address, 5): kind = "ZIP"
    case (.phone, 1), (.phone, 12): kind = "PHONE"
    case (.phone, 6):
      // The area code and the local number are two components.
      var end = start
      var parts = 1
      while end < text.count, end - start < 24,
        Bytes.isDigit(text[end]) || " -".utf8.contains(text[end]) || text[end] == part && parts == 1
      {
        if text[end] == part { parts += 1 }
        end += 1
      }
      let digits = (start..<end).count { Bytes.isDigit(text[$0]) }
      guard parts == 2, (7...12).contains(digits), end < text.count, Bytes.isDigit(text[end - 1]) else {
        return
      }
      return emit(Candidate(range: start..<end, kind: "PHONE", confidence: 9000, detector: "phi/hl7"))
    // Who did it may have an account alone: `|JMCCLINTOCK|`.
    case (.person, 1):
      guard isNumber(text, start) else { return }
      kind = isAccount(text, start) ? FieldNames.account : "LICENSE"
    default: return
    }
    report(text, start, kind, "phi/hl7", emit) {
      $0 == 0x0A || $0 == 0x0D || $0 == field || $0 == repetition || $0 == part
    }
  }

  /// All parts of a name are one.
  private func reportName(_ text: Span<UInt8>, _ start: Int, _ emit: (Candidate) -> Void) {
    let (field, part, repetition) = (field, part, repetition)
    var parts = 1
    report(text, start, "NAME", "phi/hl7", emit) { byte in
      if byte == part { parts += 1 }
      return byte == 0x0A || byte == 0x0D || byte == field || byte == repetition || parts > 5
    }
  }
}

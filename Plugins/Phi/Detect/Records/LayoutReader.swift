internal import FilterKit

/// Reads layouts that blanks make, line by line: tables whose columns stand one below the other under a line of names, and
/// lines of a name and its value (`number       3725 16686 1`, psql's `mob  | +91 98407 21553`, redis' `1) "name"` before `2) "Ana"`).
///
/// It goes over each byte once, in order, as ``RecordReader`` does, and acts forwards only.
struct LayoutReader {
  private struct Column {
    let kind: Kind?
    let start: Int
    var end: Int
  }

  private enum Line {
    /// Nothing of it has been settled.
    case key, header, row
    /// Behind a bar, before the value; in an element of a list.
    case value, element
    case other
  }

  private static let longestKey = 40
  private static let longestCell = 96
  private static let mostColumns = 64
  private static let bar = UInt8(ascii: "|")

  private var line = Line.key
  /// The signs of the line so far.
  private var offset = 0
  private var columns: [Column] = []
  private var names: [Column] = []
  private var name = FieldNames.NameHash()
  private var nameStart = -1
  private var blanks = 0
  private var cells = 0
  /// The row's last cell begins below a name's beginning.
  private var isAligned = false
  /// What the next line's element holds, where this line's is the name of a field, and which number it has.
  private var pending: Kind?
  private var element = 0
  private var number = 0

  mutating func begin() { self = LayoutReader() }

  mutating func read(_ text: Span<UInt8>, _ range: Range<Int>, _ emit: (Candidate) -> Void) {
    var index = range.lowerBound
    while index < range.upperBound {
      if offset == 0, line == .key, columns.isEmpty, let next = endOfOther(text, index, range.upperBound) {
        index = next
        continue
      }
      let byte = text[index]
      if byte == 0x0A {
        endLine(text, index)
        index += 1
        continue
      }
      switch line {
      case .other:
        index = ByteSearch.next(0x0A, in: text, index..<range.upperBound)
        continue
      case .key, .header: readName(text, index, byte, emit)
      case .row: readRow(text, index, byte, emit)
      case .value:
        if byte > 0x20 {
          line = .other
          if let kind = names.first?.kind { report(text, index, kind, "phi/expanded", emit) }
        }
      case .element: readElement(text, index, byte, emit)
      }
      if byte & 0xC0 != 0x80 { offset += byte == 0x09 ? 8 : 1 }
      index += 1
    }
  }

  /// Where the next line begins, if the line that begins here is no layout and ends in the range; nil where that is not sure. Where no
  /// columns are known, such a line leaves nothing behind.
  private func endOfOther(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    let signs = Self.signs
    var index = start
    while index < end {
      let byte = text[index]
      guard byte != 0x20 else {
        index += 1
        continue
      }
      let isBullet =
        (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "*")) && index + 1 < text.count
        && text[index + 1] == 0x20
      guard isBullet || byte == 0x09 || byte == 0x0D else { break }
      index += 1
    }
    guard index < end, !Bytes.isDigit(text[index]) else { return nil }
    if text[index] == 0x0A { return index + 1 }
    guard Bytes.isLetter(text[index]) || text[index] == UInt8(ascii: "#") else {
      return Self.nextLine(text, after: index, end)
    }
    var start = index
    index += 1
    while index < end {
      switch signs[Int(text[index])] {
      case .end: return index + 1
      case .code: return Self.nextLine(text, after: index, end)
      case .other:
        guard text[index] == 0x0D, index + 1 < end, text[index + 1] == 0x0A else { return nil }
        return index + 2
      // Two blanks, or a bar behind one, make cells.
      case .blank:
        guard index + 1 < end, text[index + 1] != 0x20, signs[Int(text[index + 1])] != .other else {
          return nil
        }
      case .joined: if index - start > Self.longestKey { return Self.nextLine(text, after: index, end) }
      case .continuation:
        if index - start > Self.longestKey { return Self.nextLine(text, after: index, end) }
        start += 1
      }
      index += 1
    }
    return nil
  }

  private static func nextLine(_ text: Span<UInt8>, after start: Int, _ end: Int) -> Int? {
    let feed = ByteSearch.next(0x0A, in: text, start..<end)
    return feed < end ? feed + 1 : nil
  }

  private enum Sign { case joined, continuation, blank, code, end, other }
  private static let signs: [Sign] = (0...255).map { (byte: UInt8) in
    switch byte {
    case 0x0A: .end
    case 0x20: .blank
    case 0x09, 0x0D, UInt8(ascii: "|"): .other
    case 0x80...0xBF: .continuation
    default: codes[Int(byte)] || ":\"'".utf8.contains(byte) ? .code : .joined
    }
  }

  private mutating func endLine(_ text: Span<UInt8>, _ index: Int) {
    switch line {
    case .header:
      endName()
      let last = index > 0 ? text[index - 1] : 0
      if names.count >= 2, FieldNames.isHeader(names.map(\.kind)), names.count <= Self.mostColumns,
        !".,:;".utf8.contains(last)
      {
        columns = zip(names, KeyColumns.settled(names.map(\.kind))).map { name, kind in
          Column(kind: kind, start: name.start, end: name.end)
        }
      }
    case .row: if cells < 2 { columns = [] }
    case .key: if offset == 0 { columns = [] }
    case .other, .value, .element: break
    }
    names.removeAll(keepingCapacity: true)
    line = columns.isEmpty ? .key : .row
    (offset, nameStart, blanks, cells) = (0, -1, 0, 0)
    name = FieldNames.NameHash()
  }

  /// Signs that stand in no name of a field.
  private static let codes: [Bool] = (0...255).map { (byte: UInt8) in
    "=(){}[]<>;\\`@$%&!?,+~^".utf8.contains(byte)
  }

  private mutating func endName() {
    guard nameStart >= 0 else { return }
    names.append(Column(kind: KeyColumns.kind(of: name), start: nameStart, end: offset - blanks))
    (name, nameStart) = (FieldNames.NameHash(), -1)
  }

  private mutating func readName(
    _ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void
  ) {
    if byte == 0x20 || byte == 0x09 || byte == 0x0D {
      blanks += byte == 0x09 ? 2 : 1
      return
    }
    if nameStart < 0, names.isEmpty {
      // A bullet before a name.
      if "-*".utf8.contains(byte), index + 1 < text.count, text[index + 1] == 0x20 { return }
      if Bytes.isDigit(byte), line == .key {
        (line, number) = (.element, 0)
        return readElement(text, index, byte, emit)
      }
      if !Bytes.isLetter(byte) && byte != UInt8(ascii: "#") {
        line = .other
        return
      }
      (nameStart, blanks) = (offset, 0)
      name.add(byte)
      return
    }
    if byte == Self.bar, names.isEmpty, blanks >= 1 {
      endName()
      line = names.first?.kind.map { $0 != KeyColumns.kind } ?? false ? .value : .other
      return
    }
    if blanks >= 2 {
      endName()
      if line == .key, let kind = names.first?.kind, kind != KeyColumns.kind, !isHeader(text, index) {
        line = .other
        return report(text, index, kind, "phi/layout", emit)
      }
      // A line with no known name at its beginning may still be a header.
      line = .header
      nameStart = offset
    }
    blanks = 0
    if Self.codes[Int(byte)] || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"")
      || byte == UInt8(ascii: "'")
      || offset - nameStart > Self.longestKey || names.count > Self.mostColumns || byte == Self.bar
    {
      line = .other
      return
    }
    if nameStart < 0 { nameStart = offset }
    name.add(byte)
  }

  /// Whether the cell that begins at a position is a name of a column, too.
  private func isHeader(_ text: Span<UInt8>, _ start: Int) -> Bool {
    var hash = FieldNames.NameHash()
    var index = start
    while index < text.count, index - start < Self.longestKey, text[index] >= 0x20 {
      if text[index] == 0x20, index + 1 < text.count, text[index + 1] == 0x20 { break }
      hash.add(text[index])
      index += 1
    }
    return FieldNames.kind(ofColumn: hash) != nil
  }

  // MARK: Rows

  private mutating func readRow(_ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void)
  {
    if byte == 0x20 || byte == 0x09 || byte == 0x0D {
      blanks += byte == 0x09 ? 2 : 1
      return
    }
    let isFirst = offset == blanks && cells == 0
    let isAtColumn = blanks >= 1 && isAligned && begins(offset)
    guard isFirst || blanks >= 2 || isAtColumn else {
      blanks = 0
      return
    }
    blanks = 0
    cells += 1
    isAligned = begins(offset)
    guard let column = column(text, index), let kind = column.kind else { return }
    report(text, index, kind, "phi/aligned", emit, at: offset)
  }

  /// Whether a column's name begins at an offset. Only behind a cell that begins so, too, one blank ends a cell: in a table that is
  /// aligned to the right, a name begins anywhere.
  private func begins(_ offset: Int) -> Bool { columns.contains { $0.start == offset } }

  /// The column of the cell that begins at a position: the one below whose name it begins, ends or stands, or else the one whose turn
  /// it is.
  private func column(_ text: Span<UInt8>, _ index: Int) -> Column? {
    if let column = columns.first(where: { $0.start == offset }) { return column }
    let end = offset + width(text, index..<endOfCell(text, index, at: offset))
    if let column = columns.first(where: { $0.end == end }) { return column }
    if let column = columns.first(where: { $0.start < end && offset < $0.end }) { return column }
    return cells <= columns.count ? columns[cells - 1] : nil
  }

  private func width(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    range.count { text[$0] & 0xC0 != 0x80 }
  }

  /// Where a cell ends: before two blanks, a bar, the line's end, or a blank before another column.
  private func endOfCell(_ text: Span<UInt8>, _ start: Int, at offset: Int?) -> Int {
    var end = start
    var place = offset ?? 0
    let isAligned = offset.map { begins($0) } ?? false
    while end < text.count, end - start <= Self.longestCell {
      let byte = text[end]
      if byte == 0x0A || byte == 0x0D || byte == 0x09 { break }
      if byte == 0x20, end + 1 < text.count {
        let next = text[end + 1]
        if next == 0x20 || next == Self.bar { break }
        if isAligned, begins(place + 1) { break }
      }
      if byte & 0xC0 != 0x80 { place += 1 }
      end += 1
    }
    return end
  }

  private static let mostWords = 6

  private func report(
    _ text: Span<UInt8>, _ start: Int, _ kind: Kind, _ detector: StaticString, _ emit: (Candidate) -> Void,
    at offset: Int? = nil
  ) {
    var end = endOfCell(text, start, at: offset)
    guard end - start <= Self.longestCell, end > start else { return }
    if kind == "NAME" || kind == "CITY" {
      // A number behind a name is the next cell, or none of it.
      if let digit = (start..<end).first(where: { Bytes.isDigit(text[$0]) }) { end = digit }
      while end > start, !Bytes.isLetter(text[end - 1]), text[end - 1] != UInt8(ascii: ".") { end -= 1 }
      guard isProper(text, start..<end) else { return }
    }
    let words = (start..<end).count { text[$0] == 0x20 } + 1
    guard words <= Self.mostWords, let value = FieldNames.value(kind, in: text, start..<end),
      value.lowerBound == start
    else {
      return
    }
    emit(Candidate(range: value, kind: FieldNames.reported(kind), confidence: 8800, detector: detector))
  }

  /// Whether each word may be one of a name: capitals, and particles between them.
  private func isProper(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 2, Bytes.isUpper(text[range.lowerBound]) || text[range.lowerBound] >= 0x80 else {
      return false
    }
    var (start, others) = (range.lowerBound, 0)
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, text[end] != 0x20 { end += 1 }
      if end > start, Bytes.isLower(text[start]) {
        if end - start > 4 { return false }
        others += 1
      }
      start = end + 1
    }
    var first = range.lowerBound
    while first < range.upperBound, Bytes.isLetter(text[first]) { first += 1 }
    let classes = Lexicon.classes(Lexicon.hash(text, range.lowerBound..<first))
    return others <= 2 && (classes.isName || classes.contains(.place) || !classes.contains(.word))
  }

  // MARK: Lists of redis

  /// `1) "name"`, and `2) "Ana Silva"` on the next line.
  private mutating func readElement(
    _ text: Span<UInt8>, _ index: Int, _ byte: UInt8, _ emit: (Candidate) -> Void
  ) {
    if Bytes.isDigit(byte), number < 10_000 {
      number = number * 10 + Int(byte & 15)
      return
    }
    if byte == UInt8(ascii: ")") || byte == 0x20 { return }
    let wanted = number == element + 1 ? pending : nil
    (line, pending, element) = (.other, nil, number)
    guard byte == UInt8(ascii: "\"") else { return }
    let start = index + 1
    var end = start
    while end < text.count, end - start <= Self.longestCell, text[end] != byte, text[end] != 0x0A { end += 1 }
    guard end < text.count, text[end] == byte else { return }
    if let wanted {
      if let value = FieldNames.value(wanted, in: text, start..<end), value.lowerBound == start {
        emit(
          Candidate(range: value, kind: FieldNames.reported(wanted), confidence: 8800, detector: "phi/list"))
      }
      return
    }
    guard number % 2 == 1 else { return }
    var hash = FieldNames.NameHash()
    for place in start..<end { hash.add(text[place]) }
    pending = FieldNames.kind(ofColumn: hash)
  }
}

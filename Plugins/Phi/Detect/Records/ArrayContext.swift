internal import FilterKit

/// What the elements of JSON arrays say of each other: `["SSN", "219099999"]`, and tables whose first row, or whose
/// `columns`, name what the rows hold. It looks at short texts alone, in the order of the payload.
struct ArrayContext {
  /// A longer text is neither a name nor a value, and its findings may be remembered without what stood before it.
  static let longest = 47
  private static let mostColumns = 64

  /// The array that the last short text was in, its kinds by their names, and how many have one.
  private var parent: [UInt8] = []
  private var names: [Kind?] = []
  private var last = -1
  /// The columns that the last array of names gave, and where the table is.
  private var columns: [Kind?] = []
  private var table: [UInt8] = []

  /// The kind of a text by what stood before it; nil where nothing says so.
  mutating func kind(of text: Span<UInt8>, in segment: borrowing SegmentView) -> Kind? {
    guard text.count <= Self.longest else { return nil }
    return segment.withPointer { pointer in
      var split = pointer.count
      while split > 0, Bytes.isDigit(pointer[split - 1]) { split -= 1 }
      guard split > 0, split < pointer.count, pointer.count - split <= 2,
        pointer[split - 1] == UInt8(ascii: "/")
      else { return nil }
      let index = Validators.number((split..<pointer.count).map { pointer[$0] })
      let isSame = parent.count == split - 1 && parent.indices.allSatisfy { parent[$0] == pointer[$0] }
      if !isSame { begin(pointer.extracting(..<(split - 1))) }
      let name = FieldNames.kind(of: text)
      defer {
        last = index
        if index == names.count, index < Self.mostColumns { names.append(name) }
      }
      if name != nil { return nil }
      // A word in lower case behind a name is the next column's name rather than somebody's.
      if isSame, index == last + 1, let named = names.last, let named,
        named != "NAME" && named != "CITY" || !text.isEmpty && !Bytes.isLower(text[0])
      {
        return named
      }
      return isInTable && index < columns.count ? columns[index] : nil
    }
  }

  private mutating func begin(_ array: Span<UInt8>) {
    // Two names make a row of them.
    if names.count(where: { $0 != nil }) >= 2 {
      columns = names
      table = Array(parent[..<(parent.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
    }
    parent = Array(copying: array)
    names.removeAll(keepingCapacity: true)
    last = -1
  }

  /// Whether the array that is read is a row beside, or below, what the names were in.
  private var isInTable: Bool { !columns.isEmpty && parent.starts(with: table) }
}

/// A shared library's file, read as bytes: nothing of it runs. Every offset in it is a stranger's and is checked.
///
/// 64-bit ELF in this machine's byte order (System V ABI, "Object Files").
public struct ELFImage: Sendable {
  /// A section: its name, type, and where its bytes are in the file.
  struct Section: Sendable {
    let name: String
    let type: UInt32
    let link: Int
    let range: Range<Int>
  }

  private let bytes: [UInt8]
  private let sections: [Section]
  /// Each segment's type, flags, and where its bytes are.
  private let segments: [(type: UInt32, flags: UInt32, range: Range<Int>)]

  /// As many sections, segments or symbols as are looked at.
  private static let most = 1 << 20

  /// Nil where the bytes are no shared library of this kind.
  public init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    let reader = ELFReader(bytes: bytes)
    guard bytes.count >= 64, Array(bytes[0..<7]) == [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1],
      reader.half(at: 16) == 3,  // ET_DYN
      let programs = reader.offset(at: 32), let programSize = reader.half(at: 54),
      let programCount = reader.half(at: 56),
      let headers = reader.offset(at: 40), let headerSize = reader.half(at: 58),
      let headerCount = reader.half(at: 60),
      let nameIndex = reader.half(at: 62)
    else { return nil }
    var segments: [(type: UInt32, flags: UInt32, range: Range<Int>)] = []
    for index in 0..<programCount where programSize >= 56 {
      let start = programs + index * programSize
      guard let type = reader.word(at: start), let flags = reader.word(at: start + 4),
        let range = reader.range(offsetAt: start + 8, sizeAt: start + 32)
      else { return nil }
      segments.append((type, flags, range))
    }
    self.segments = segments
    var raw: [(name: Int, section: Section)] = []
    for index in 0..<headerCount where headerSize >= 64 {
      let start = headers + index * headerSize
      guard let name = reader.word(at: start), let type = reader.word(at: start + 4),
        let link = reader.word(at: start + 40)
      else { return nil }
      // SHT_NOBITS has a size and no bytes.
      let range = type == 8 ? 0..<0 : reader.range(offsetAt: start + 24, sizeAt: start + 32)
      guard let range else { return nil }
      raw.append((Int(name), Section(name: "", type: type, link: Int(link), range: range)))
    }
    let names = nameIndex < raw.count ? raw[nameIndex].section.range : 0..<0
    sections = raw.map { entry in
      Section(
        name: reader.text(at: names.lowerBound + entry.name, before: names.upperBound) ?? "",
        type: entry.section.type,
        link: entry.section.link, range: entry.section.range)
    }
  }

  /// The descriptors of all notes of an owner and a type, as they stand in the file, and where.
  public func notes(owner: String, type: UInt32) -> [Range<Int>] {
    let reader = ELFReader(bytes: bytes)
    var found: [Range<Int>] = []
    for segment in segments where segment.type == 4 {  // PT_NOTE
      var at = segment.range.lowerBound
      while at + 12 <= segment.range.upperBound, found.count < 16 {
        guard let nameSize = reader.word(at: at), let textSize = reader.word(at: at + 4),
          let noteType = reader.word(at: at + 8)
        else { break }
        let name = at + 12
        let text = name + (Int(nameSize) + 3) / 4 * 4
        let end = text + Int(textSize)
        guard text <= segment.range.upperBound, end <= segment.range.upperBound else { break }
        if noteType == type, nameSize == owner.utf8.count + 1, reader.text(at: name, before: text) == owner {
          found.append(text..<end)
        }
        at = text + (Int(textSize) + 3) / 4 * 4
      }
    }
    return found
  }

  /// The bytes of a part of the file.
  public func bytes(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  /// The names of the symbols that the library defines and shows; nil where it has no table of them.
  public var exports: [String]? {
    let reader = ELFReader(bytes: bytes)
    guard let table = sections.first(where: { $0.type == 11 }), table.link < sections.count else {
      return nil  // SHT_DYNSYM
    }
    let strings = sections[table.link].range
    var names: [String] = []
    for start in stride(from: table.range.lowerBound, to: table.range.upperBound - 23, by: 24) {
      guard names.count < Self.most, let name = reader.word(at: start),
        let section = reader.half(at: start + 6)
      else { return nil }
      let info = bytes[start + 4]
      let visibility = bytes[start + 5] & 3
      // Defined here, global or weak, and not hidden.
      guard section != 0, info >> 4 == 1 || info >> 4 == 2, visibility == 0 || visibility == 3 else {
        continue
      }
      names.append(reader.text(at: strings.lowerBound + Int(name), before: strings.upperBound) ?? "?")
    }
    return names.sorted()
  }

  /// What the library asks the loader for.
  public struct Dynamic: Sendable {
    public var needed: [String] = []
    /// Where it wants its libraries looked for.
    public var paths: [String] = []
    public var hasTextRelocations = false
  }

  public var dynamic: Dynamic {
    let reader = ELFReader(bytes: bytes)
    var result = Dynamic()
    guard let table = sections.first(where: { $0.type == 6 }), table.link < sections.count else {
      return result
    }
    let strings = sections[table.link].range
    for start in stride(from: table.range.lowerBound, to: table.range.upperBound - 15, by: 16) {
      guard let tag = reader.offset(at: start), let value = reader.offset(at: start + 8) else { break }
      func text() -> String { reader.text(at: strings.lowerBound + value, before: strings.upperBound) ?? "?" }
      switch tag {
      case 0: return result
      case 1: result.needed.append(text())
      case 15, 29: result.paths += text().split(separator: ":").map(String.init)
      case 22: result.hasTextRelocations = true
      default: continue
      }
    }
    return result
  }

  /// Whether it wants a stack that code may run on.
  public var wantsExecutableStack: Bool {
    segments.contains { $0.type == 0x6474_e551 && $0.flags & 1 != 0 }  // PT_GNU_STACK
  }
}

/// Reads numbers and texts at places that may not be there.
struct ELFReader {
  let bytes: [UInt8]

  func word(at offset: Int) -> UInt32? {
    guard offset >= 0, offset <= bytes.count - 4 else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) }
  }

  func half(at offset: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - 2 else { return nil }
    return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }

  /// A 64-bit number; nil where it is more than any file has.
  func offset(at offset: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - 8 else { return nil }
    let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) }
    return value < 1 << 48 ? Int(value) : nil
  }

  func range(offsetAt: Int, sizeAt: Int) -> Range<Int>? {
    guard let start = offset(at: offsetAt), let size = offset(at: sizeAt), start <= bytes.count,
      size <= bytes.count - start
    else { return nil }
    return start..<start + size
  }

  /// The text that ends with a NUL before `end`.
  func text(at start: Int, before end: Int) -> String? {
    guard start >= 0, start < end, end <= bytes.count else { return nil }
    guard let stop = bytes[start..<min(end, start + 4096)].firstIndex(of: 0) else { return nil }
    return String(validating: bytes[start..<stop], as: UTF8.self)
  }
}

/// An element of the XML that S3 answers with: its name, its text, its children.
///
/// Strict and small: elements, attributes (which are skipped), text, the five entities and numbered characters. What
/// else XML has (document types, other entities, CDATA, comments, processing instructions) is refused, and so is
/// whatever passes the limits.
struct XMLElement {
  /// Without a prefix.
  var name: String
  var text = ""
  var children: [XMLElement] = []

  private static let maximumDepth = 8
  private static let maximumElements = 50_000

  /// The first child of that name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The document's root; nil where the bytes are no such XML.
  static func read(_ bytes: [UInt8]) -> XMLElement? {
    var reader = Reader(bytes: bytes)
    return reader.document()
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var count = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() -> XMLElement? {
      _ = take("\u{FEFF}")
      if take("<?xml") {
        guard let end = find("?>"), end - position < 200 else { return nil }
        position = end + 2
      }
      skipSpace()
      guard let root = element(depth: 0) else { return nil }
      skipSpace()
      return position == bytes.count ? root : nil
    }

    private mutating func element(depth: Int) -> XMLElement? {
      count += 1
      guard depth < maximumDepth, count <= maximumElements, take("<"), let name = self.name() else {
        return nil
      }
      guard skipAttributes() else { return nil }
      var element = XMLElement(name: name.split(separator: ":").last.map(String.init) ?? name)
      if take("/>") { return element }
      guard take(">") else { return nil }
      var text: [UInt8] = []
      while position < bytes.count {
        if bytes[position] == UInt8(ascii: "<") {
          if take("</") {
            guard self.name() == name else { return nil }
            skipSpace()
            element.text = String(decoding: text, as: UTF8.self)
            return take(">") ? element : nil
          }
          guard let child = self.element(depth: depth + 1) else { return nil }
          element.children.append(child)
        } else if bytes[position] == UInt8(ascii: "&") {
          guard let character = reference() else { return nil }
          text.append(contentsOf: String(character).utf8)
        } else {
          text.append(bytes[position])
          position += 1
        }
      }
      return nil
    }

    private mutating func name() -> String? {
      let start = position
      while position < bytes.count {
        switch bytes[position] {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: ":"):
          position += 1
          continue
        default: break
        }
        break
      }
      guard (1...100).contains(position - start) else { return nil }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipAttributes() -> Bool {
      while true {
        skipSpace()
        guard position < bytes.count else { return false }
        if bytes[position] == UInt8(ascii: ">") || bytes[position] == UInt8(ascii: "/") { return true }
        guard name() != nil else { return false }
        skipSpace()
        guard take("=") else { return false }
        skipSpace()
        guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27,
          let end = bytes[(position + 1)...].firstIndex(of: bytes[position]),
          !bytes[position..<end].contains(UInt8(ascii: "<"))
        else { return false }
        position = end + 1
      }
    }

    private mutating func reference() -> Character? {
      guard let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
      let name = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
      position = end + 1
      switch name {
      case "amp": return "&"
      case "lt": return "<"
      case "gt": return ">"
      case "quot": return "\""
      case "apos": return "'"
      default:
        guard name.hasPrefix("#") else { return nil }
        let isHexadecimal = name.hasPrefix("#x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), digits.first != "+" else {
          return nil
        }
        return Unicode.Scalar(value).map(Character.init)
      }
    }

    private mutating func skipSpace() {
      while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ literal: String) -> Bool {
      guard bytes[position...].starts(with: literal.utf8) else { return false }
      position += literal.utf8.count
      return true
    }

    private func find(_ literal: String) -> Int? {
      let wanted = Array(literal.utf8)
      var index = position
      while index + wanted.count <= bytes.count {
        if bytes[index..<(index + wanted.count)].elementsEqual(wanted) { return index }
        index += 1
      }
      return nil
    }
  }
}

/// What a plugin's file says of itself before anything of it runs (note.h).
public struct PluginNote: Sendable, Hashable {
  public static let owner = "Sluice"
  public static let type: UInt32 = 1

  /// Reverse DNS, as the plugin's table says it.
  public let id: String
  /// Of the header that it was built with.
  public let major: Int
  public let minor: Int
  /// E.g. `sluice.detect/1`.
  public let extensions: [String]
  /// SHA-256 over the schemas, in hexadecimal; nil where the note says nothing.
  public let schemas: String?

  /// Why a note can't be used.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Reads the note of a library's file.
  /// - Returns: nil where it has none.
  public init?(of image: ELFImage) throws(Failure) {
    let places = image.notes(owner: Self.owner, type: Self.type)
    guard let place = places.first else { return nil }
    guard places.count == 1 else {
      throw Failure(description: "it has \(places.count) notes; write SLUICE_NOTE once")
    }
    try self.init(text: image.bytes(place))
  }

  /// Reads a note's text: lines of `name=value`. Names that this version does not know are passed over.
  init(text: [UInt8]) throws(Failure) {
    guard text.count <= 4096, let whole = String(validating: text.prefix { $0 != 0 }, as: UTF8.self) else {
      throw Failure(description: "its note is no text of at most 4096 bytes")
    }
    var values: [String: String] = [:]
    for line in whole.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "=") else {
        throw Failure(description: "a line of its note is not name=value")
      }
      let name = String(line[..<equals])
      guard values.updateValue(String(line[line.index(after: equals)...]), forKey: name) == nil else {
        throw Failure(description: "its note says '\(name.filter(\.isLetter))' twice")
      }
    }
    guard let id = values["id"], Self.isName(id, more: ".-_"), !id.isEmpty, id.utf8.count <= 128 else {
      throw Failure(description: "its note has no id in lower-case reverse DNS")
    }
    let numbers = (values["abi"] ?? "").split(separator: ".").map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1], major >= 0, minor >= 0 else {
      throw Failure(description: "its note has no abi, as 1.0")
    }
    let extensions = (values["extensions"] ?? "").split(separator: " ").map(String.init)
    guard !extensions.isEmpty, extensions.count <= 64, Set(extensions).count == extensions.count,
      extensions.allSatisfy({ Self.isName($0, more: ".-_/") && $0.utf8.count <= 64 })
    else { throw Failure(description: "its note names no extensions, or one of them twice") }
    let schemas = values["schemas"] ?? ""
    guard schemas.isEmpty || (schemas.hasPrefix("sha256:") && schemas.utf8.count == 71) else {
      throw Failure(description: "its note's digest of the schemas is not sha256: and 64 digits")
    }
    self.id = id
    self.major = major
    self.minor = minor
    self.extensions = extensions
    let digits = String(schemas.dropFirst(7))
    self.schemas = digits.allSatisfy { $0 == "0" } ? nil : digits
  }

  private static func isName(_ text: String, more: String) -> Bool {
    text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || more.utf8.contains(byte)
    }
  }

  /// The revision of the ABI, as `1.0`.
  public var abi: String { "\(major).\(minor)" }

  /// The digest that a note holds of its extensions' schemas, given in the note's order.
  public static func digest(ofSchemas schemas: [[UInt8]]) -> String {
    Hash.sha256(schemas.reduce(into: []) { $0 += $1 + [0] })
  }
}

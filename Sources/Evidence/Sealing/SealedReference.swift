/// Where a sealed original lies, as the record that names it says.
public struct SealedReference: Sendable, Equatable {
  /// From the data directory: `sealed/2026-11-26/<sha256>.age`.
  public let path: String
  /// The sealed file's size in bytes, and its SHA-256.
  public let size: Int
  public let digest: HashValue
  /// How long the original is, in bytes.
  public let originalSize: Int

  init(path: String, size: Int, digest: HashValue, originalSize: Int) {
    self.path = path
    self.size = size
    self.digest = digest
    self.originalSize = originalSize
  }

  /// The reference in a record's data; nil where it has none, or one that no gateway wrote: then nothing is opened.
  public init?(of record: StoredRecord) {
    guard let sealed = record.member("sealed") else { return nil }
    func text(_ key: StaticString) -> String? {
      guard let range = JSONScanner.member(key, of: record.json.span, sealed.lowerBound) else { return nil }
      let text = record.json[range]
      guard text.first == UInt8(ascii: "\""), text.count >= 2 else { return nil }
      return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
    }
    func number(_ key: StaticString) -> Int? {
      JSONScanner.member(key, of: record.json.span, sealed.lowerBound).flatMap {
        Int(String(decoding: record.json[$0], as: UTF8.self))
      }
    }
    guard let path = text("path"), let digest = text("sha256"), let bytes = Hexadecimal.decode(digest.utf8),
      let hash = HashValue(bytes), let size = number("size"), let originalSize = number("originalSize"),
      let name = SealedName(path: path), name.digest == digest
    else { return nil }
    self.init(path: path, size: size, digest: hash, originalSize: originalSize)
  }

  /// As a member of a record's data.
  public func append(to writer: inout CanonicalWriter, _ name: StaticString = "sealed") {
    writer.object(name) { writer in
      writer.integer("originalSize", originalSize)
      writer.string("path", path)
      writer.hexadecimal("sha256", digest.array)
      writer.integer("size", size)
    }
  }
}

/// The name of a sealed file: its folder is the day on which it came, in UTC.
struct SealedName: Equatable {
  static let folder = "sealed"
  static let suffix = ".age"

  var day: String
  var digest: String

  init(day: String, digest: String) {
    self.day = day
    self.digest = digest
  }

  /// Nil for anything but `sealed/YYYY-MM-DD/<64 hexadecimal digits>.age`: no path from a record leads elsewhere.
  init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == Self.folder, Self.isDay(parts[1]), parts[2].hasSuffix(Self.suffix),
      let digest = Self.digest(parts[2])
    else { return nil }
    self.init(day: String(parts[1]), digest: digest)
  }

  static func isDay(_ text: some StringProtocol) -> Bool {
    let full = Array(text.utf8) + Array("T00:00:00.000000000Z".utf8)
    return Timestamp.parse(full.span) != nil
  }

  static func digest(_ file: some StringProtocol) -> String? {
    let name = file.dropLast(Self.suffix.count)
    guard file.hasSuffix(Self.suffix), name.utf8.count == 64, Hexadecimal.decode(name.utf8) != nil else {
      return nil
    }
    return String(name)
  }

  var file: String { digest + Self.suffix }
  var path: String { "\(Self.folder)/\(day)/\(file)" }
}

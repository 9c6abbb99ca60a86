internal import Glibc

/// `plugins.lock`: which plugins may load, and whose signatures count. Lines of words; `#` begins a comment:
///
///     key acme ed25519:<64 hexadecimal digits>
///     plugin org.example.mrn sha256:<64 hexadecimal digits> libsluice-mrn.so
public struct PluginLock: Sendable, Equatable {
  /// A plugin that may load: this id, from a file of this name, with these bytes.
  public struct Entry: Sendable, Hashable {
    public let id: String
    public let digest: String
    public let file: String

    public init(id: String, digest: String, file: String) {
      self.id = id
      self.digest = digest
      self.file = file
    }
  }

  /// A key that is trusted, and how people call it.
  public struct TrustedKey: Sendable, Hashable {
    public let name: String
    public let key: PluginKey

    public init(name: String, key: PluginKey) {
      self.name = name
      self.key = key
    }
  }

  public static let fileName = "plugins.lock"
  private static let limit = 1 << 20

  public var keys: [TrustedKey] = []
  public var entries: [Entry] = []

  public init() {}

  /// Reads it; nil where there is none. One that others may write to is refused: it would protect from nobody.
  public init?(reading path: String) throws(PluginFile.Failure) {
    guard let file = try BoundedFile(path, limit: Self.limit, what: "lock file of at most 1 MiB") else {
      return nil
    }
    guard file.status.st_mode & (S_IWGRP | S_IWOTH) == 0,
      file.status.st_uid == 0 || file.status.st_uid == geteuid()
    else {
      throw PluginFile.Failure(
        description:
          "\(path) may be written by others. It has to be root's or yours, and yours alone to write: "
          + "chmod go-w")
    }
    try self.init(text: file.bytes, path: path)
  }

  /// A line that is not understood is an error: what it was to allow or to forbid can't be known.
  init(text: [UInt8], path: String) throws(PluginFile.Failure) {
    guard let whole = String(validating: text, as: UTF8.self) else {
      throw PluginFile.Failure(description: "\(path) is no text")
    }
    for (index, line) in whole.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
      if words.isEmpty { continue }
      guard try add(words) else {
        throw PluginFile.Failure(
          description: "\(path):\(index + 1): a line reads 'key NAME ed25519:KEY' or "
            + "'plugin ID sha256:DIGEST FILE', and no name or file stands twice")
      }
    }
  }

  private mutating func add(_ words: [String]) throws(PluginFile.Failure) -> Bool {
    switch words.first {
    case "key" where words.count == 3:
      guard let key = PluginKey(words[2]), Self.isName(words[1]),
        !keys.contains(where: { $0.name == words[1] || $0.key == key })
      else { return false }
      keys.append(TrustedKey(name: words[1], key: key))
    case "plugin" where words.count == 4:
      guard words[2].hasPrefix("sha256:"), Hexadecimal.bytes(words[2].dropFirst(7), count: 32) != nil,
        !words[3].contains("/")
      else { return false }
      let entry = Entry(id: words[1], digest: String(words[2].dropFirst(7)), file: words[3])
      guard !entries.contains(entry) else { return false }
      entries.append(entry)
    default: return false
    }
    return true
  }

  /// Whether a key may be called so: letters, digits, and `.@_-`.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || ".@_-".utf8.contains(byte)
      }
  }

  public var text: String {
    var text = """
      # Which plugins may load, and whose signatures count. Made by `sluice plugin lock` and `sluice plugin trust`;
      # docs/filter-abi.md explains it. A gateway reads it again whenever it loads a plugin.

      """
    for key in keys { text += "key \(key.name) \(key.key)\n" }
    for entry in entries.sorted(by: { ($0.file, $0.digest) < ($1.file, $1.digest) }) {
      text += "plugin \(entry.id) sha256:\(entry.digest) \(entry.file)\n"
    }
    return text
  }
}

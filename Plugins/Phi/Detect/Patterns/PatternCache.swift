internal import Glibc
internal import PhiCrypto

/// Compiled patterns on disk: compiling those of this filter takes a quarter of a second, reading them a millisecond.
///
/// `SLUICE_CACHE` names the folder; an empty one turns the cache off. Else it is `sluice` in `XDG_CACHE_HOME` or `~/.cache`.
/// Vectorscan runs what it reads as a program, so that only a folder and files of this user that nobody else may write are
/// trusted, and a digest tells damage. Whatever is not right is no error: patterns are compiled then.
struct PatternCache: Sendable {
  let folder: String

  /// What another version left is removed when there are more files than this.
  private static let mostFiles = 16
  private static let largest = 64 << 20
  private static let suffix = ".patterns"

  /// The one that the environment names.
  static let standard: PatternCache? = {
    if let folder = variable("SLUICE_CACHE") {
      return folder.hasPrefix("/") ? PatternCache(folder: folder) : nil
    }
    if let base = variable("XDG_CACHE_HOME"), base.hasPrefix("/") {
      return PatternCache(folder: base + "/sluice")
    }
    guard let home = variable("HOME"), home.hasPrefix("/") else { return nil }
    return PatternCache(folder: home + "/.cache/sluice")
  }()

  private static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The name of a file for what `key` describes.
  static func name(_ key: [UInt8]) -> String {
    ContentDigest.sha256(key).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined() + suffix
  }

  /// What was stored under a name; nil where there is nothing that can be trusted.
  func read(_ name: String) -> [UInt8]? {
    guard let folder = open(making: false) else { return nil }
    defer { close(folder) }
    let file = unsafe openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard let status = Self.owned(file, S_IFREG), status.st_size > 32, status.st_size <= Self.largest else {
      return nil
    }
    var content = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < content.count {
      let read = unsafe content.withUnsafeMutableBytes {
        unsafe pread(file, $0.baseAddress! + count, $0.count - count, count)
      }
      guard read > 0 else { return nil }
      count += read
    }
    let body = Array(content[32...])
    return ContentDigest.sha256(body).elementsEqual(content[..<32]) ? body : nil
  }

  /// Stores under a name. A file appears whole or not at all.
  func write(_ body: [UInt8], _ name: String) {
    guard body.count < Self.largest - 32, let folder = open(making: true) else { return }
    defer { close(folder) }
    let temporary = "\(name).\(getpid()).\(UInt32.random(in: 0...(.max)))"
    let file = unsafe openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    let content = ContentDigest.sha256(body) + body
    var count = 0
    while count < content.count {
      let written = unsafe content.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress! + count, $0.count - count)
      }
      guard written > 0 else { break }
      count += written
    }
    let isWhole = close(file) == 0 && count == content.count
    if !isWhole || (unsafe renameat(folder, temporary, folder, name)) != 0 {
      _ = unsafe unlinkat(folder, temporary, 0)
    }
    removeOldest(folder)
  }

  /// The folder, if it is this user's alone to write.
  private func open(making: Bool) -> Int32? {
    if making {
      if let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
        _ = unsafe mkdir(String(folder[..<slash]), 0o700)
      }
      _ = unsafe mkdir(folder, 0o700)
    }
    let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    guard Self.owned(descriptor, S_IFDIR) != nil else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// The status of a file of a type that belongs to this user, and that no other may write.
  private static func owned(_ descriptor: Int32, _ type: mode_t) -> stat? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == type, status.st_uid == geteuid(),
      status.st_mode & 0o022 == 0
    else { return nil }
    return status
  }

  private func removeOldest(_ folder: Int32) {
    let copy = dup(folder)
    guard let list = unsafe fdopendir(copy) else {
      close(copy)
      return
    }
    defer { unsafe closedir(list) }
    unsafe rewinddir(list)
    var files: [(name: String, time: Int)] = []
    while let entry = unsafe readdir(list) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      guard name.contains(Self.suffix), unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        continue
      }
      files.append((name, status.st_mtim.tv_sec))
    }
    files.sort { $0.time > $1.time }
    for file in files.dropFirst(Self.mostFiles) { _ = unsafe unlinkat(folder, file.name, 0) }
  }
}

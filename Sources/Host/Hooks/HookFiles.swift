internal import Foundation
internal import Glibc

/// Reads the files that a tool is about to read, within limits: a hook must answer before its tool loses patience.
struct HookFiles {
  /// A larger file is not looked through, and so not let through.
  static let largest = 8 << 20
  /// The same for all files of one event.
  static let total = 32 << 20
  static let most = 256

  private var count = 0
  private var size = 0

  /// The text of a file.
  /// - Parameter what: what the file is to people. Never its path: that may be a patient's name.
  mutating func text(of path: String, _ what: String) throws(HookRefusal) -> [UInt8] {
    count += 1
    guard count <= Self.most else {
      throw HookRefusal("more than \(Self.most) files at once are not looked through")
    }
    // Not to wait for the other end of a pipe.
    let handle = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard handle >= 0 else { throw HookRefusal("\(what) can't be read: \(Self.reason(errno))") }
    defer { close(handle) }
    guard Self.isRegular(handle) else { throw HookRefusal("\(what) is no regular file") }
    guard let bytes = Self.read(handle, upTo: Self.largest) else {
      throw HookRefusal("\(what) can't be read")
    }
    guard bytes.count <= Self.largest else {
      throw HookRefusal("\(what) has more than \(Self.largest >> 20) MiB, which is not looked through")
    }
    size += bytes.count
    guard size <= Self.total else {
      throw HookRefusal("files of more than \(Self.total >> 20) MiB at once are not looked through")
    }
    // What is no text can't be looked through: images, archives, other encodings.
    guard !bytes.contains(0), Self.isUTF8(bytes) else { throw HookRefusal("\(what) is no text in UTF-8") }
    return bytes
  }

  /// Everything that a handle gives, or a little more than `limit`; nil where it can't be read. [blocking]
  static func read(_ handle: Int32, upTo limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(handle, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    // Pipes and devices count as files here: reading them is refused later.
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// A path from the folder where it counts.
  static func resolve(_ path: String, in folder: String) -> String {
    let expanded = (path as NSString).expandingTildeInPath
    return expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
  }

  /// What a shell makes of `*`, `?` and `[`: the files that are there.
  static func expand(_ pattern: String) -> [String] {
    guard pattern.contains(where: { "*?[".contains($0) }) else { return [pattern] }
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
    return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }

  private static func isRegular(_ handle: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(handle, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is none"
    case EACCES, EPERM: "no permission"
    case ELOOP: "too many links"
    default: "error \(code)"
    }
  }
}

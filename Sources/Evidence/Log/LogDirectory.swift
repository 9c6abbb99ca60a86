/// The directory of one log, and the names in it.
///
///     lock                               held by the one process that writes
///     segment-00000000000000000000.log   frames; the number is the first record's sequence
///     segment.spare                      the next segment, filled with zeros in advance
///     checkpoints                        signed notes, one after the other
///     checkpoint.key, checkpoint.pub     the signing key (PKCS #8), its verifier key and those before it (C2SP)
///     checkpoint.next                    the key that is to take its place
///     sinks/NAME.position                how far a sink has what it was given
struct LogDirectory: Sendable {
  static let lock = "lock"
  static let spare = "segment.spare"
  static let checkpoints = "checkpoints"
  static let privateKey = "checkpoint.key"
  static let publicKey = "checkpoint.pub"
  static let nextKey = "checkpoint.next"
  static let sinks = "sinks"

  let fileSystem: any FileSystem
  let handle: OpenFile

  /// Opens the directory to write a log in it, creating it with mode 0700 where it's missing.
  ///
  /// Refused are a symbolic link, another user's directory, one that others can write to or everybody can
  /// read, and files in it of which the same is true.
  static func forWriting(_ path: String, _ fileSystem: any FileSystem) throws(EvidenceError) -> LogDirectory {
    // A trailing slash would make the kernel follow a link in the last place.
    let path = trimmed(path)
    do throws(SystemFailure) {
      try fileSystem.makeDirectory(path)
      let directory = LogDirectory(
        fileSystem: fileSystem, handle: try fileSystem.openDirectory(path, followingLinks: false))
      let status = try fileSystem.status(of: directory.handle)
      try directory.check(status, path)
      return directory
    } catch {
      throw EvidenceError(error, path: path)
    }
  }

  /// Opens the directory to read a log: an auditor's copy may belong to anybody and be readable by all.
  static func forReading(_ path: String, _ fileSystem: any FileSystem) throws(EvidenceError) -> LogDirectory {
    do throws(SystemFailure) {
      return LogDirectory(
        fileSystem: fileSystem, handle: try fileSystem.openDirectory(path, followingLinks: true))
    } catch {
      throw EvidenceError(error)
    }
  }

  private static func trimmed(_ path: String) -> String {
    var bytes = path.utf8[...]
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(bytes) ?? path
  }

  /// Opens a file of the log and refuses it where somebody else could have made or can change it.
  func openOwn(_ name: String, _ mode: OpenMode, in directory: OpenFile? = nil) throws(EvidenceError)
    -> OpenFile
  {
    do throws(SystemFailure) {
      let file = try fileSystem.open(name, in: directory ?? handle, mode)
      let status = try fileSystem.status(of: file)
      guard status.isRegular, status.owner == effectiveUser(), status.permissions & 0o022 == 0 else {
        throw SystemFailure(call: "open", name: name, code: SystemFailure.denied)
      }
      return file
    } catch {
      if error.code == SystemFailure.denied {
        throw EvidenceError(
          .insecure, "\(name) is not a plain file that only this user can write; see who put it there")
      }
      throw EvidenceError(error)
    }
  }

  /// The segments in ascending order of their first sequence.
  func segments() throws(EvidenceError) -> [SegmentName] {
    do throws(SystemFailure) {
      return try fileSystem.names(in: handle).compactMap { SegmentName($0) }.sorted()
    } catch {
      throw EvidenceError(error)
    }
  }

  private func check(_ status: FileStatus, _ path: String) throws(SystemFailure) {
    guard status.isDirectory, status.owner == effectiveUser(), status.permissions & 0o027 == 0 else {
      throw SystemFailure(call: "fstat", name: path, code: SystemFailure.denied)
    }
  }
}

extension EvidenceError {
  fileprivate init(_ failure: SystemFailure, path: String) {
    switch failure.code {
    case SystemFailure.denied:
      self.init(
        .insecure,
        "\(path) must belong to the user that runs this, with no access for others and no writing for the group (chmod 700)"
      )
    case SystemFailure.notDirectory, SystemFailure.symbolicLink:
      self.init(.insecure, "\(path) is a symbolic link or not a directory; give the directory itself")
    default: self.init(failure)
    }
  }
}

/// `segment-` and the first record's sequence in twenty digits.
struct SegmentName: Comparable, Sendable {
  let firstSequence: UInt64
  let text: String

  init(firstSequence: UInt64) {
    let digits = String(firstSequence)
    self.firstSequence = firstSequence
    text = "segment-\(String(repeating: "0", count: 20 - digits.count))\(digits).log"
  }

  /// Nil for any other file.
  init?(_ name: String) {
    let bytes = name.utf8
    guard bytes.count == 32, name.hasPrefix("segment-"), name.hasSuffix(".log"),
      let number = UInt64(name.dropFirst(8).dropLast(4))
    else { return nil }
    self.init(firstSequence: number)
    guard text == name else { return nil }
  }

  static func < (left: SegmentName, right: SegmentName) -> Bool { left.firstSequence < right.firstSequence }
}

/// The sealed files of a data directory, as they lie there.
struct SealedFiles {
  private let directory: LogDirectory
  private var fileSystem: any FileSystem { directory.fileSystem }

  init(_ directory: LogDirectory) { self.directory = directory }

  /// The day of a time (nanoseconds since 1970), as a folder is named.
  static func day(of time: UInt64) -> String {
    var text: [UInt8] = []
    Timestamp.append(time, to: &text)
    return String(decoding: text.prefix(10), as: UTF8.self)
  }

  func totalSize() throws(EvidenceError) -> Int {
    var total = 0
    for day in try days() {
      let folder = try open(day)
      for name in try files(folder) { total += try size(name, folder) }
    }
    return total
  }

  func contains(before day: String, except held: Set<String>) throws(EvidenceError) -> Bool {
    for old in try days() where old < day {
      for name in try files(try open(old)) where SealedName.digest(name).map({ !held.contains($0) }) ?? true {
        return true
      }
    }
    return false
  }

  func remove(before day: String, except held: Set<String>) throws(EvidenceError) -> (files: Int, bytes: Int)
  {
    var removed = (files: 0, bytes: 0)
    for old in try days() where old < day {
      let folder = try open(old)
      for name in try files(folder) {
        if let digest = SealedName.digest(name), held.contains(digest) { continue }
        let size = try size(name, folder)
        try act { () throws(SystemFailure) in try fileSystem.remove(name, in: folder) }
        removed = (removed.files + 1, removed.bytes + size)
      }
      try act { () throws(SystemFailure) in
        try fileSystem.synchronize(folder)
        try fileSystem.removeDirectory(old, in: directory.handle)
      }
    }
    return removed
  }

  private func days() throws(EvidenceError) -> [String] {
    try act { () throws(SystemFailure) in
      try fileSystem.names(in: directory.handle).filter { SealedName.isDay($0) }.sorted()
    }
  }

  private func files(_ folder: OpenFile) throws(EvidenceError) -> [String] {
    try act { () throws(SystemFailure) in try fileSystem.names(in: folder) }
  }

  private func open(_ day: String) throws(EvidenceError) -> OpenFile {
    try act { () throws(SystemFailure) in try fileSystem.openDirectory(day, in: directory.handle) }
  }

  private func size(_ name: String, _ folder: OpenFile) throws(EvidenceError) -> Int {
    try act { () throws(SystemFailure) in
      try fileSystem.status(of: try fileSystem.open(name, in: folder, .read)).size
    }
  }

  private func act<Value>(_ body: () throws(SystemFailure) -> Value) throws(EvidenceError) -> Value {
    do throws(SystemFailure) {
      return try body()
    } catch {
      throw EvidenceError(error)
    }
  }
}

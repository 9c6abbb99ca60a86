internal import FilterKit

/// A directory of evidence, being read: nothing is made, changed or locked there.
final class EvidenceFolder {
  let system: SystemCalls
  private let descriptor: Int32

  /// - Throws: `input` where the directory is not there.
  init(_ path: String, _ system: SystemCalls) throws(FilterError) {
    self.system = system
    do throws(SystemError) { descriptor = try system.openExisting(path) } catch {
      throw FilterError(
        .input, "The directory \(path) can't be read (\(error.message)).", pointer: "/directory")
    }
  }

  deinit { system.closeFile(descriptor) }

  /// The logs of which there are files.
  func logs() throws(SystemError) -> [String] {
    var logs: Set<String> = []
    for name in try system.list(descriptor) {
      if let log = FileNames.log(of: name) { logs.insert(log) }
    }
    return logs.sorted()
  }

  /// Whether anything of the log is there.
  func holds(_ names: FileNames) throws(FilterError) -> Bool {
    do throws(SystemError) {
      return try system.list(descriptor).contains { names.parse($0) != nil || $0 == names.checkpoints }
    } catch {
      throw FilterError(.unavailable, "The file sink's directory can't be read (\(error.message)).")
    }
  }

  /// One log's files, oldest first; where a file and its archive are both there, the plain one.
  func files(_ names: FileNames) throws(SystemError) -> [(first: UInt64, form: FileNames.Form)] {
    var files: [UInt64: FileNames.Form] = [:]
    for name in try system.list(descriptor) {
      guard let file = names.parse(name), file.form != .unfinished else { continue }
      if files[file.first] != .plain { files[file.first] = file.form }
    }
    return files.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  func open(_ name: String) throws(SystemError) -> Int32 { try system.openForReading(descriptor, name) }
}

internal import FilterKit

/// The directory that holds one log's files, locked against a second writer while it is open. One thread.
final class LogDirectory {
  let names: FileNames
  let system: SystemCalls
  private let descriptor: Int32
  private let lock: Int32

  /// - Throws: `unavailable` where the directory or its lock can't be had now; `internal` where the directory is
  ///   not safe to keep evidence in.
  init(path: String, names: FileNames, system: SystemCalls) throws(FilterError) {
    self.names = names
    self.system = system
    do throws(SystemError) { descriptor = try system.openDirectory(path) } catch {
      throw FilterError(
        .unavailable,
        "The sink's directory can't be opened (\(error.message)). Its parent must be there, it must be a directory "
          + "and no symbolic link, and the gateway's user must own it.")
    }
    var taken: Int32 = -1
    do {
      try Self.check(descriptor, system)
      taken = try system.openLock(descriptor, names.lock)
      try system.lock(taken)
    } catch {
      if taken >= 0 { system.closeFile(taken) }
      system.closeFile(descriptor)
      if let error = error as? FilterError { throw error }
      throw FilterError(
        .unavailable,
        "The sink's lock can't be had (\((error as? SystemError)?.message ?? "unknown")): another process keeps this log in this directory."
      )
    }
    lock = taken
  }

  deinit {
    system.unlock(lock)
    system.closeFile(lock)
    system.closeFile(descriptor)
  }

  private static func check(_ directory: Int32, _ system: SystemCalls) throws {
    let status = try system.status(directory)
    guard status.isDirectory, status.isOurs, status.permissions & 0o022 == 0 else {
      throw FilterError(
        .internal,
        "The sink's directory must belong to the gateway's user, and nobody else may write to it (mode 0700)."
      )
    }
  }

  /// The log's files, oldest first.
  func files() throws(SystemError) -> [(first: UInt64, form: FileNames.Form)] {
    try system.list(descriptor).compactMap { names.parse($0) }.sorted { $0.first < $1.first }
  }

  /// Opens the plain file of that number for appending and reading.
  func open(first: UInt64) throws(SystemError) -> Int32 {
    let file = try system.openForAppending(descriptor, names.name(first: first, .plain))
    do throws(SystemError) { return try checked(file) } catch {
      system.closeFile(file)
      throw error
    }
  }

  /// Makes the plain file of that number, which must not be there yet. Its name is on stable storage too.
  func create(first: UInt64) throws(SystemError) -> Int32 {
    let file = try system.create(descriptor, names.name(first: first, .plain))
    do throws(SystemError) { try system.syncDirectory(descriptor) } catch {
      system.closeFile(file)
      throw error
    }
    return file
  }

  func openForReading(first: UInt64, _ form: FileNames.Form) throws(SystemError) -> Int32 {
    let file = try system.openForReading(descriptor, names.name(first: first, form))
    do throws(SystemError) { return try checked(file) } catch {
      system.closeFile(file)
      throw error
    }
  }

  /// The file of checkpoints, made where it is missing.
  func openCheckpoints() throws(SystemError) -> Int32 {
    let file = try system.openLock(descriptor, names.checkpoints)
    do throws(SystemError) {
      try system.syncDirectory(descriptor)
      return try checked(file)
    } catch {
      system.closeFile(file)
      throw error
    }
  }

  /// A file of that form, in place of what is left of an earlier try.
  func recreate(first: UInt64, _ form: FileNames.Form) throws(SystemError) -> Int32 {
    try removeIfThere(first: first, form)
    return try system.create(descriptor, names.name(first: first, form))
  }

  /// Puts the finished archive in the place of the plain file, so that at each instant one of them is whole.
  func finishCompression(first: UInt64) throws(SystemError) {
    try system.rename(
      descriptor, names.name(first: first, .unfinished), to: names.name(first: first, .compressed))
    try system.syncDirectory(descriptor)
    try removeIfThere(first: first, .plain)
  }

  func removeIfThere(first: UInt64, _ form: FileNames.Form) throws(SystemError) {
    do throws(SystemError) { try system.remove(descriptor, names.name(first: first, form)) } catch {
      if error.isMissing { return }
      throw error
    }
    try system.syncDirectory(descriptor)
  }

  /// Refuses what is no plain file of ours alone, and takes away what others may do with it.
  private func checked(_ file: Int32) throws(SystemError) -> Int32 {
    let status = try system.status(file)
    guard status.isRegular, status.isOurs, status.links <= 1 else { throw SystemError.refused }
    if status.permissions != 0o600 { try system.setMode(file, 0o600) }
    return file
  }
}

/// The signing key and its verifier key in the log's directory.
struct KeyFiles {
  private let directory: LogDirectory
  private static let sizeLimit = 64 << 10

  init(_ directory: LogDirectory) { self.directory = directory }

  /// The signing key, made now if there is none and `mayCreate`. A log that exists already must have its key:
  /// another one would sign statements that nobody expects.
  func signingKey(mayCreate: Bool) throws(EvidenceError) -> SigningKey {
    if let bytes = try contents(LogDirectory.privateKey) { return try SigningKey(pem: bytes) }
    guard mayCreate else {
      throw EvidenceError(
        .key, "checkpoint.key is missing; put it back from your copy, or begin a new log elsewhere")
    }
    let key = try SigningKey.generate()
    try replace(LogDirectory.privateKey, key.encodePEM())
    return key
  }

  /// Makes sure that `checkpoint.pub` has a line for `key`.
  func publish(_ key: VerifierKey, mayReplace: Bool) throws(EvidenceError) {
    if let bytes = try contents(LogDirectory.publicKey) {
      let keys = (try? VerifierKey.list(String(decoding: bytes, as: UTF8.self))) ?? []
      if keys.contains(key) { return }
      guard mayReplace else {
        throw EvidenceError(
          .key, "checkpoint.pub does not belong to checkpoint.key and this log; see who changed it")
      }
    }
    try replace(LogDirectory.publicKey, Array("\(key)\n".utf8))
  }

  private func contents(_ name: String) throws(EvidenceError) -> [UInt8]? {
    do throws(EvidenceError) {
      _ = try directory.openOwn(name, .read)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    do throws(SystemFailure) {
      return try directory.fileSystem.contents(of: name, in: directory.handle, limit: Self.sizeLimit)
    } catch {
      throw EvidenceError(error)
    }
  }

  /// Writes a file whole or not at all.
  private func replace(_ name: String, _ bytes: [UInt8]) throws(EvidenceError) {
    let fileSystem = directory.fileSystem
    let temporaryName = "\(name).new"
    do throws(SystemFailure) {
      try fileSystem.remove(temporaryName, in: directory.handle)
      let file = try fileSystem.open(temporaryName, in: directory.handle, .create)
      try fileSystem.write(file, at: 0, bytes)
      try fileSystem.synchronizeData(file)
      try fileSystem.rename(temporaryName, to: name, in: directory.handle)
      try fileSystem.synchronize(directory.handle)
    } catch {
      throw EvidenceError(error)
    }
  }
}

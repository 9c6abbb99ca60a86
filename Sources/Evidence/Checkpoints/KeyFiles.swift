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

  /// The key that is to take the place of the present one, if there is one.
  func nextKey() throws(EvidenceError) -> SigningKey? {
    try contents(LogDirectory.nextKey).map { bytes throws(EvidenceError) in try SigningKey(pem: bytes) }
  }

  /// Makes a key that is to take the present one's place, or finds the one that was made and not taken yet.
  func prepareNextKey() throws(EvidenceError) -> SigningKey {
    if let key = try nextKey() { return key }
    let key = try SigningKey.generate()
    try replace(LogDirectory.nextKey, key.encodePEM())
    return key
  }

  /// Puts the next key in the present one's place; of that, nothing is left but its line in `checkpoint.pub`.
  func adoptNextKey(_ key: VerifierKey) throws(EvidenceError) {
    let known = try publicKeys()
    if !known.contains(key) {
      try replace(LogDirectory.publicKey, Array((known + [key]).map { "\($0)\n" }.joined().utf8))
    }
    do throws(SystemFailure) {
      try directory.fileSystem.rename(
        LogDirectory.nextKey, to: LogDirectory.privateKey, in: directory.handle)
      try directory.fileSystem.synchronize(directory.handle)
    } catch {
      throw EvidenceError(error)
    }
  }

  /// Every key that has signed this log, the oldest first.
  func publicKeys() throws(EvidenceError) -> [VerifierKey] {
    guard let bytes = try contents(LogDirectory.publicKey) else { return [] }
    return (try? VerifierKey.list(String(decoding: bytes, as: UTF8.self))) ?? []
  }

  /// Makes sure that `checkpoint.pub` has a line for `key`.
  func publish(_ key: VerifierKey, mayReplace: Bool) throws(EvidenceError) {
    if try contents(LogDirectory.publicKey) != nil {
      if try publicKeys().contains(key) { return }
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

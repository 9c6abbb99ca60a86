/// One signing key in the place of another, as an administration record says it.
///
/// How the new key is vouched for: the old one's last checkpoint covers this record, and is signed by the new one, too.
/// So whoever trusts the old key comes to trust the new one, and from then on takes nothing more from the old one.
public struct KeyRotation: Sendable, Equatable {
  static let event = "checkpoint-key.rotated"

  let key: VerifierKey
  let previous: VerifierKey

  init(key: VerifierKey, previous: VerifierKey) {
    self.key = key
    self.previous = previous
  }

  var draft: RecordDraft {
    RecordDraft(
      type: .administration,
      data: CanonicalWriter.object { writer in
        writer.string("event", Self.event)
        writer.string("key", "\(key)")
        writer.string("previous", "\(previous)")
      })
  }

  /// Makes the key that a log is to take up: at once where a gateway writes it and looks for it, else when the log is
  /// next opened. [blocking] Asked twice before that, it's the same key. Returns the new verifier key.
  public static func prepare(directory path: String) throws(EvidenceError) -> VerifierKey {
    let directory = try LogDirectory.forWriting(path, PosixFileSystem())
    guard let name = try directory.segments().first else {
      throw EvidenceError(.notFound, "there is no evidence log in \(path)")
    }
    let file = try directory.openOwn(name.text, .read)
    let header = try SegmentHeader.read(file, directory.fileSystem, name)
    let key = try KeyFiles(directory).prepareNextKey()
    return try VerifierKey(name: Checkpoint.origin(of: header.log), publicKey: key.publicKey)
  }

  /// Whether a log has taken up that key. [blocking]
  public static func isDone(_ key: VerifierKey, directory path: String) throws(EvidenceError) -> Bool {
    let files = KeyFiles(try LogDirectory.forWriting(path, PosixFileSystem()))
    let isKnown = try files.publicKeys().contains(key)
    let isWaiting = try files.nextKey() != nil
    return isKnown && !isWaiting
  }
}

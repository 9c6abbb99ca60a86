/// Checks a log without trusting whoever kept it: offline, with the public key alone.
///
/// It works while a gateway writes: what is being written just now is left out.
public struct Verifier: Sendable {
  /// The verifier key or keys, one a line, as `checkpoint.pub` has them; nil: the file beside the log.
  public var publicKey: String?
  /// A checkpoint that was kept elsewhere, the whole note: the log must hold what it covers.
  public var checkpoint: [UInt8]?
  /// Called now and then with the bytes read so far and all there are.
  public var onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  var fileSystem: any FileSystem = PosixFileSystem()

  public init(publicKey: String? = nil, checkpoint: [UInt8]? = nil) {
    self.publicKey = publicKey
    self.checkpoint = checkpoint
  }

  /// Reads the whole log in `directory`. [blocking] Memory stays at a few mebibytes and the largest record.
  public func verify(directory path: String) -> VerificationReport {
    var report = VerificationReport()
    do throws(EvidenceError) {
      let directory = try LogDirectory.forReading(path, fileSystem)
      report.isLive = try isLive(directory)
      let keys = try readKeys(directory, &report)
      let beside = publicKey == nil ? [] : (try? keysBeside(directory)) ?? []
      // Checkpoints first: whatever they say must be in the records that are read after them.
      var statements = try CheckpointCheck(directory, KeyRing(keys, beside: beside), extra: checkpoint)
      let segments = try directory.segments()
      report.segments = segments.count
      var run = try SegmentCheck(directory, segments, onProgress)
      try run.check(&statements, &report)
      conclude(statements, hasSegments: !segments.isEmpty, hasKeys: !keys.isEmpty, &report)
    } catch {
      report.obstacle = error.message
    }
    report.problems.sort { ($0.first ?? .max) < ($1.first ?? .max) }
    return report
  }

  private func conclude(
    _ statements: CheckpointCheck, hasSegments: Bool, hasKeys: Bool, _ report: inout VerificationReport
  ) {
    report.checkpoints = statements.count
    report.coveredSize = statements.coveredSize
    if !hasSegments {
      report.obstacle = "there is no evidence log in this directory"
    } else if !hasKeys {
      report.obstacle = "no key was given and there is no checkpoint.pub"
    } else if report.size == 0 {
      report.obstacle = "the log is empty"
    } else if statements.count == 0 {
      report.obstacle = "there is no checkpoint, so nothing is signed yet"
    }
    if statements.unfinishedBytes > 0, !report.isLive {
      report.notes.append(
        "\(statements.unfinishedBytes) bytes of an unfinished checkpoint follow the last one")
    }
    if report.unfinishedBytes > 0 {
      report.notes.append(
        "\(report.unfinishedBytes) bytes of an unfinished write follow the last record; none of it was acknowledged "
          + "as stable")
    }
  }

  private func isLive(_ directory: LogDirectory) throws(EvidenceError) -> Bool {
    do throws(SystemFailure) {
      return try fileSystem.isLocked(try fileSystem.open(LogDirectory.lock, in: directory.handle, .read))
    } catch {
      // A copy of a log has no lock, or one that the auditor may not read: nobody writes it.
      return false
    }
  }

  private func readKeys(
    _ directory: LogDirectory, _ report: inout VerificationReport
  ) throws(EvidenceError) -> [VerifierKey] {
    if let publicKey {
      report.isKeyIndependent = true
      let keys = try VerifierKey.list(publicKey)
      guard !keys.isEmpty else { throw EvidenceError(.key, "the given key is empty") }
      return keys
    }
    return try keysBeside(directory)
  }

  private func keysBeside(_ directory: LogDirectory) throws(EvidenceError) -> [VerifierKey] {
    do throws(SystemFailure) {
      let text = try fileSystem.contents(of: LogDirectory.publicKey, in: directory.handle, limit: 64 << 10)
      return (try? VerifierKey.list(String(decoding: text, as: UTF8.self))) ?? []
    } catch {
      if error.code == SystemFailure.missing { return [] }
      throw EvidenceError(error)
    }
  }
}

internal import Evidence
internal import PluginTrust

/// Which plugins may load, at one moment, and how the log has it: `plugins.trusted`.
///
/// The lock file is changed beside the gateway, by whoever may write it, with or without `sluice plugin`. So it is not the
/// command that is on record but what the gateway finds there: at its start, and from each change on.
struct TrustInForce: Equatable {
  /// Nil: there is no lock file, and all that a pipeline names may load.
  private let lock: String?
  /// What the lock allows, a line each, as in the file.
  private let lines: Set<String>
  /// Why nothing may load.
  private let problem: String?

  /// [blocking]
  init(_ policy: TrustPolicy) {
    do throws(TrustPolicy.Refusal) {
      let found = try policy.lock()
      lock = found?.path
      lines = Set(
        (found?.lock.keys.map { "key \($0.name) \($0.key)" } ?? [])
          + (found?.lock.entries.map { "plugin \($0.id) sha256:\($0.digest) \($0.file)" } ?? []))
      problem = nil
    } catch {
      lock = nil
      lines = []
      problem = error.description
    }
  }

  /// Whether it is what a gateway without a lock file has: then its start needs no record of it.
  var isOpen: Bool { lock == nil && problem == nil }

  /// Lines that a record names at most; how many there are it says in any case.
  private static let most = 64

  /// - Parameter before: nil: the gateway starts, and all is new.
  func json(since before: TrustInForce?) -> [UInt8] {
    let added = lines.subtracting(before?.lines ?? []).sorted()
    let removed = (before?.lines ?? []).subtracting(lines).sorted()
    return CanonicalWriter.object { writer in
      writer.string("added", Self.listed(added))
      writer.string("digest", digest)
      writer.string("event", "plugins.trusted")
      writer.string("lock", lock ?? "")
      if let before { writer.string("previous", before.digest) }
      if let problem { writer.string("reason", problem) }
      writer.string("removed", Self.listed(removed))
    }
  }

  /// Of the lines, sorted: the same for files that allow the same.
  private var digest: String { Hash.sha256(Array(lines.sorted().joined(separator: "\n").utf8)) }

  private static func listed(_ lines: [String]) -> String {
    let rest = lines.count > most ? ["and \(lines.count - most) more"] : []
    return (lines.prefix(most) + rest).joined(separator: "\n")
  }

  /// Returns when it is on record. [blocking]
  func record(since before: TrustInForce?, in log: EvidenceLog) throws {
    try log.appendAndWait([RecordDraft(type: .administration, data: json(since: before))])
  }
}

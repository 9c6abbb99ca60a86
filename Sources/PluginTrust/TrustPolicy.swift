/// Decides which plugins may load.
///
/// Where there is a lock file, those that it lists and those that a key in it has signed, and no others. Where there is
/// none, all that a pipeline names.
public struct TrustPolicy: Sendable {
  private let named: String?
  private let folders: [String]

  /// - Parameters:
  ///   - lock: the lock file, which then has to be there; nil: the first `plugins.lock` in `folders`, if there is one.
  ///   - folders: where plugins are looked for.
  public init(lock: String? = nil, folders: [String] = []) {
    named = lock
    self.folders = folders
  }

  /// Why a plugin may load.
  public enum Grounds: Sendable, Equatable, CustomStringConvertible {
    /// Nothing forbids it: there is no lock file.
    case open
    /// The lock file lists it.
    case listed
    /// A key of that name has signed it.
    case signed(by: String)

    public var description: String {
      switch self {
      case .open: "no lock file"
      case .listed: "listed"
      case .signed(let name): "signed by \(name)"
      }
    }
  }

  /// Why a plugin may not load, and what to do about it.
  public struct Refusal: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The lock file that is in force now; nil: none is. It is read at each call. [blocking]
  public func lock() throws(Refusal) -> (path: String, lock: PluginLock)? {
    for path in named.map({ [$0] }) ?? folders.map({ "\($0)/\(PluginLock.fileName)" }) {
      let found: PluginLock?
      do throws(PluginFile.Failure) { found = try PluginLock(reading: path) } catch {
        throw Refusal(description: "no plugin may load: \(error.description)")
      }
      if let found { return (path, found) }
    }
    guard let named else { return nil }
    throw Refusal(
      description:
        "no plugin may load: there is no \(named). sluice plugin lock --plugins-lock \(named) makes it")
  }

  /// Whether a file may be loaded, by its bytes. [blocking]
  public func judge(_ file: PluginFile, _ note: PluginNote) throws(Refusal) -> Grounds {
    guard let (path, lock) = try lock() else { return .open }
    if lock.entries.contains(PluginLock.Entry(id: note.id, digest: file.digest, file: file.name)) {
      return .listed
    }
    let signatures: PluginSignatures
    do throws(PluginFile.Failure) { signatures = try PluginSignatures(besides: file.path) } catch {
      throw Refusal(description: error.description)
    }
    let signers = signatures.signers(of: file.digest)
    for trusted in lock.keys where signers.contains(trusted.key) { return .signed(by: trusted.name) }
    throw Refusal(
      description: "\(file.path) may not load: \(Self.reason(file, note, path, lock, signatures, signers))")
  }

  private static func reason(
    _ file: PluginFile, _ note: PluginNote, _ path: String, _ lock: PluginLock,
    _ signatures: PluginSignatures,
    _ signers: [PluginKey]
  ) -> String {
    let relock = "sluice plugin lock \(file.path) --plugins-lock \(path)"
    if let listed = lock.entries.first(where: { $0.digest == file.digest }) {
      return
        "\(path) lists these bytes as \(listed.id) in \(listed.file), not as \(note.id) in \(file.name). "
        + "If that is meant, run: \(relock)"
    }
    if let listed = lock.entries.first(where: { $0.file == file.name || $0.id == note.id }) {
      return
        "it is not what \(path) lists. Its SHA-256 is \(file.digest), and \(listed.file) (\(listed.id)) is to "
        + "have \(listed.digest). If you have put another build there, run: \(relock). If not, find out who has"
    }
    if let signer = signers.first {
      return "it is signed by \(signer), which \(path) does not trust. If that is the vendor's key, run: "
        + "sluice plugin trust \(signer) --name VENDOR --plugins-lock \(path)"
    }
    if !signatures.entries.isEmpty {
      return
        "its signature is for other bytes: it was altered, or \(PluginSignatures.path(of: file.name)) belongs to "
        + "another build. Get both from the vendor again"
    }
    return "\(path) does not list it, and it is not signed. If you trust it, run: \(relock)"
  }
}

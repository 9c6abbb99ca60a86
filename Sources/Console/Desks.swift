public import Control
public import Evidence

/// A file of a policy.
public struct PolicyFile: Sendable, Equatable {
  public let name: String
  public let text: String

  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }
}

/// Why a policy can't be put in force.
public struct PolicyRefusal: Error, Sendable {
  public let message: String
  /// Each with its place, as `sluice check` words them.
  public let mistakes: [String]

  public init(_ message: String, mistakes: [String] = []) {
    self.message = message
    self.mistakes = mistakes
  }
}

/// Checks policies, and knows the form in which the store keeps them. Any thread; all of it blocks.
public protocol PolicyDesk: Sendable {
  /// Whether this gateway takes up what is pushed: false where it serves files.
  var isFollowed: Bool { get }
  /// Looks for every mistake, as `sluice policy push` does. Nothing is put in force.
  func check(pipelines: [PolicyFile], protocols: [PolicyFile]) throws(PolicyRefusal)
    -> (digest: String, sources: String)
  /// Checks what was pushed before: plugins may be others now.
  func check(sources: String) throws(PolicyRefusal) -> String
  func files(of sources: String) throws(PolicyRefusal) -> [PolicyFile]
  /// Passes a sample through the stages of a policy that was checked. Nothing is sent, asked or recorded.
  /// - Returns: nil for a sample that can't be told from its text, such as a form with files.
  func tried(_ sample: PolicySample, under sources: String) throws(PolicyRefusal) -> PolicyVerdict?
  /// What a policy would change about the requests on record since then, as `sluice policy try --json` shows it
  /// without --identity: from masked transcripts.
  /// - Parameter since: nanoseconds since 1970 UTC.
  func triedOnRecord(_ sources: String, evidence: String, since: UInt64) throws -> [UInt8]
  /// In the unified form; empty where nothing differs.
  func difference(from old: String, to new: String) throws(PolicyRefusal) -> String
}

/// A plugin that serves.
public struct PluginInForce: Sendable, Hashable {
  public let id: String
  public let version: String
  public let abi: String
  public let stage: String
  /// SHA-256 of its file, in hexadecimal.
  public let digest: String

  public init(id: String, version: String, abi: String, stage: String, digest: String) {
    self.id = id
    self.version = version
    self.abi = abi
    self.stage = stage
    self.digest = digest
  }
}

/// All that the admin API works with.
public struct ConsoleServices: Sendable {
  let store: Store
  let roles: RoleMap
  let policies: any PolicyDesk
  let version: String
  let evidence: String
  let record: @Sendable (_ event: String, _ fields: [(name: String, value: String)]) throws -> Void
  let log: @Sendable () -> LogStatus
  let plugins: @Sendable () -> [PluginInForce]
  let isHealthy: @Sendable () -> Bool
  let journal: @Sendable (_ what: String, _ fields: [(name: String, value: String)]) -> Void

  /// - Parameters:
  ///   - evidence: the log's folder.
  ///   - record: puts an administration record into this gateway's own log, and returns once it is durable. [blocking]
  ///   - isHealthy: whether requests are served; does not block.
  ///   - journal: the gateway's own log. It gets no secret.
  public init(
    store: Store, roles: RoleMap, policies: any PolicyDesk, version: String, evidence: String,
    record: @escaping @Sendable (_ event: String, _ fields: [(name: String, value: String)]) throws -> Void,
    log: @escaping @Sendable () -> LogStatus, plugins: @escaping @Sendable () -> [PluginInForce],
    isHealthy: @escaping @Sendable () -> Bool,
    journal: @escaping @Sendable (_ what: String, _ fields: [(name: String, value: String)]) -> Void
  ) {
    self.store = store
    self.roles = roles
    self.policies = policies
    self.version = version
    self.evidence = evidence
    self.record = record
    self.log = log
    self.plugins = plugins
    self.isHealthy = isHealthy
    self.journal = journal
  }
}

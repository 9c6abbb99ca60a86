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
  let log: @Sendable () -> LogStatus
  let plugins: @Sendable () -> [PluginInForce]
  let isHealthy: @Sendable () -> Bool
  let journal: @Sendable (_ what: String, _ fields: [(name: String, value: String)]) -> Void

  /// - Parameters:
  ///   - evidence: the log's folder.
  ///   - isHealthy: whether requests are served; does not block.
  ///   - journal: the gateway's own log. It gets no secret.
  public init(
    store: Store, roles: RoleMap, policies: any PolicyDesk, version: String, evidence: String,
    log: @escaping @Sendable () -> LogStatus, plugins: @escaping @Sendable () -> [PluginInForce],
    isHealthy: @escaping @Sendable () -> Bool,
    journal: @escaping @Sendable (_ what: String, _ fields: [(name: String, value: String)]) -> Void
  ) {
    self.store = store
    self.roles = roles
    self.policies = policies
    self.version = version
    self.evidence = evidence
    self.log = log
    self.plugins = plugins
    self.isHealthy = isHealthy
    self.journal = journal
  }
}

public import JSONTree

/// One route: who may use it, where it leads, and which stages its exchanges pass. What one YAML file says.
public struct Pipeline: Sendable {
  public let name: String
  /// The path prefix that clients use, e.g. `/openai`; begins with a slash and ends with none, or is `/`.
  public let listen: String
  /// The host that it answers to; nil: any.
  public let host: String?
  /// Which API its clients speak: the name of one that comes with the gateway, or a file's path, from the pipeline's
  /// own folder.
  public let protocolName: String
  public let upstream: Upstream
  public let limits: Limits
  public let evidence: EvidencePolicy
  /// What is done with images, sounds and files, which nothing here can look into.
  public let media: MediaPolicy
  /// Whether a client's own values take the place of their placeholders in its answers (`restore: own`).
  public let restores: Bool
  public private(set) var stages: [Stage]
  public let position: SourcePosition
  /// The whole file as canonical JSON (RFC 8785): what a policy's digest is made of.
  public let canonical: [UInt8]

  /// The same pipeline with stages of these kinds alone: for work on files.
  public func keeping(_ kinds: Set<StageKind>) -> Pipeline {
    var copy = self
    copy.stages = stages.filter { kinds.contains($0.kind) }
    return copy
  }
}

/// Where a pipeline's requests go.
public struct Upstream: Sendable {
  public enum Scheme: String, Sendable { case http, https }

  /// Where the provider's credential is read from. It is never in the file itself.
  public enum Credential: Sendable, Hashable {
    case environment(String)
    case file(String)
    /// By the name that the installation's own settings give it: a pipeline says what it needs, not where that is.
    case secret(String)
  }

  /// Whether a text may name a secret of an installation.
  public static func isSecretName(_ text: some StringProtocol) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D }
  }

  public let scheme: Scheme
  public let host: String
  public let port: Int
  /// Before the protocol's own paths; empty or without a slash at its end.
  public let basePath: String
  public let credential: Credential?
  /// The header field that carries the credential; nil: the protocol's own. `Authorization` carries it as a bearer
  /// token.
  public let credentialHeader: String?
  /// A PEM file of certificates to trust in place of the system's.
  public let certificateAuthorities: String?
  public let position: SourcePosition
}

/// What a pipeline's exchanges may take. Durations in milliseconds, sizes in bytes.
public struct Limits: Sendable {
  static let sizes = 1...(1 << 30)
  static let durations = 100...3_600_000

  /// A request's body.
  public var request = 16 << 20
  /// A response's body where it is not a stream.
  public var response = 32 << 20
  /// How long a request may take to arrive.
  public var requestTime = 60_000
  /// How long a connection is held while people decide.
  public var hold = 120_000
  /// How many requests of one person may wait for people at once.
  public var waiting = 50
  static let waitings = 1...10_000
  /// How long the upstream may take to begin its answer.
  public var responseTime = 300_000
  /// How long a stream, or a body that has begun, may be silent.
  public var streamIdle = 90_000
}

/// What is kept of a pipeline's exchanges, and how safely, before they go on.
public struct EvidencePolicy: Sendable {
  public enum Level: String, Sendable, CaseIterable { case received, written, stable }
  public enum Transcript: String, Sendable, CaseIterable { case masked, none }
  public enum Originals: String, Sendable, CaseIterable { case none, sealed }

  /// Whom originals are sealed to: an age recipient, `age1…`, and where it stands.
  public struct Recipient: Sendable, Hashable {
    public let text: String
    public let position: SourcePosition
  }

  static let maximumRecipients = 16

  public var beforeUpstream = Level.stable
  public var beforeResponse = Level.stable
  public var transcript = Transcript.masked
  /// Whether the unmasked bytes are kept, sealed to ``recipients``, whose private halves are not on the gateway.
  public var originals = Originals.none
  /// One at least where originals are sealed; none where they aren't.
  public var recipients: [Recipient] = []
}

/// What is done with media: refuse the exchange, leave them out of it, or let them through unread.
public enum MediaPolicy: String, Sendable, CaseIterable { case refuse, strip, pass }

/// Whose values may come back in answers.
enum Restoring: String, CaseIterable { case none, own }

/// The kinds of stages.
public enum StageKind: String, Sendable, CaseIterable {
  case authenticate, `guard`, detect, mask, score, gate, notify, sink
}

/// One step of a pipeline.
public struct Stage: Sendable {
  public let kind: StageKind
  /// The filter's name: `phi` in `detect: phi`.
  public let filter: String
  /// The shared library that provides it, where it is not the one of the filter's name.
  public let plugin: String?
  /// Where its plugin runs; nil: this project's own in the host's process, every other one in its own.
  public let isolation: StageIsolation?
  /// What an isolated plugin may do beyond computing.
  public let allowed: StageAllowance
  /// Whether it runs beside the pipeline: what it would change is recorded, and nothing is changed.
  public let isShadow: Bool
  /// Milliseconds that a call of its filter may take; an exchange that has to wait longer is denied. Nil: as many as
  /// ``defaultBudget``. A sink has none.
  public let budget: Int?
  /// What follows `with:`, as JSON; an empty object where there is none.
  public let configuration: JSONValue
  public let position: SourcePosition
  let configurationNode: YAMLNode?

  /// Where a pipeline says nothing, in milliseconds: so long may one call hold up an event loop.
  public static let defaultBudget = 2000
  static let budgets = 1...60_000

  init(
    kind: StageKind, filter: String, plugin: String?, isolation: StageIsolation? = nil,
    allowed: StageAllowance = StageAllowance(), isShadow: Bool = false, budget: Int? = nil,
    configuration: JSONValue, position: SourcePosition, configurationNode: YAMLNode?
  ) {
    self.isShadow = isShadow
    self.isolation = isolation
    self.allowed = allowed
    self.budget = budget
    self.kind = kind
    self.filter = filter
    self.plugin = plugin
    self.configuration = configuration
    self.position = position
    self.configurationNode = configurationNode
  }

  /// A sink that no pipeline names, as for reading back what it keeps. `place` stands for the file in messages.
  public init(sink filter: String, configuration: JSONValue, place: String) {
    self.init(
      kind: .sink, filter: filter, plugin: nil, configuration: configuration,
      position: SourcePosition(file: place, line: 1, column: 1), configurationNode: nil)
  }

  /// Where in the file the value at a JSON Pointer into the configuration stands.
  public func position(of pointer: String) -> SourcePosition {
    configurationNode?.position(of: pointer) ?? position
  }

  /// Where the key at a pointer stands.
  func keyPosition(of pointer: String) -> SourcePosition {
    configurationNode?.keyPosition(of: pointer) ?? position
  }
}

internal import Console
internal import Control
internal import Credentials
internal import Evidence
internal import FilterChain
internal import Foundation
internal import Gateway
internal import Identity
internal import JSONTree
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Payload
internal import PipelineModel
internal import PluginTrust

/// A gateway with all its parts, wired: the one place that knows them all.
final class Installation {
  let directory: DataDirectory
  let store: Store
  let keys: KeyDirectory
  let services: GatewayServices
  let server: GatewayServer
  private let log: EvidenceLog
  private let originals: SealedStore
  private let library: PluginLibrary
  private let feeds: SinkFeeds
  private let watch: ApprovalWatch
  private let blocking: NIOThreadPool
  private let group: MultiThreadedEventLoopGroup
  private let housekeeping: Housekeeping
  private let pipelines: PipelineList
  private let credentials: UpstreamCredentials
  private let inForce: PolicyInForce
  private let logins: Logins
  private let loginPaths: LoginPaths
  private let notifiers: NotifyDesk
  private let hookPaths: HookPaths
  private let roles: RoleMap
  private var console: ConsoleServer?
  private let trust: TrustPolicy
  /// Which plugins may load, as it is on record. Used by the one thread that looks after plugins.
  private var trusted: TrustInForce
  /// The policy in force, as it was written. Used by the one thread that changes it.
  private var served: (policy: PolicyBundle, version: PolicyVersion)

  /// Where an installation's evidence is, in its data directory.
  static func evidence(in data: String) -> String { data + "/log" }

  /// Starts everything; when it returns, clients are served. [blocking]
  /// - Parameter version: which of the store's versions `policy` is; nil: it becomes the newest one.
  init(
    policy: PolicyBundle, version: PolicyVersion? = nil, host: String, port: Int, data: String,
    store location: StoreLocation? = nil, storeGrace: Int64 = KeyDirectory.defaultGrace,
    certificate: String?, key: String?, clientAuthorities: String? = nil, loops: Int,
    originalsLimit: Int = SealedStore.Options().maximumBytes,
    retention: RetentionPolicy = RetentionPolicy(), settings: InstallationSettings = InstallationSettings(),
    trust: TrustPolicy = PluginFolder.trust()
  ) throws {
    directory = try DataDirectory(data)
    store = try Store(directory, at: location)
    if let location { try directory.remember(location) }
    roles = settings.roles
    self.trust = trust
    // Before anything is loaded by it: what changes meanwhile is a change.
    trusted = TrustInForce(trust)
    store.listen()
    keys = try KeyDirectory(store, grace: storeGrace)
    library = PluginLibrary(
      directories: PluginFolder.all,
      services: Services.gateway(keys, fingerprintKey: try directory.secret(named: "fingerprint")),
      trust: trust)
    credentials = UpstreamCredentials(settings.credentials)
    let parts = try PolicyParts(policy, library: library, credentials: credentials)
    let originals = try Self.originals(in: data, limit: originalsLimit)
    self.originals = originals
    let (log, recovery) = try EvidenceLog.open(directory: Self.evidence(in: data))
    self.log = log
    if recovery.cutBytes > 0 {
      Journal.warning(
        "an unfinished write at the end of the evidence log was cut off", ("bytes", String(recovery.cutBytes))
      )
    }
    let version = try version ?? Self.push(policy, parts, store)
    served = (policy, version)
    let runtimes = parts.runtimes(
      PolicyIdentity(version: version.version, digest: parts.digest), credentials.keeper)
    feeds = SinkFeeds(log)
    try feeds.feed(runtimes)
    watch = ApprovalWatch(store)
    blocking = NIOThreadPool(numberOfThreads: 2)
    blocking.start()
    group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    inForce = PolicyInForce(parts, runtimes)
    let pipelines = PipelineList(runtimes)
    self.pipelines = pipelines
    logins = Logins(
      settings.login, store: store, roles: settings.roles, key: try directory.secret(named: "store"),
      pipelines: { pipelines.json },
      journal: { what, reason in Journal.info(what, ("reason", reason)) })
    loginPaths = LoginPaths(logins)
    notifiers = NotifyDesk(store)
    hookPaths = HookPaths(notifiers)
    services = GatewayServices(
      routes: Routes(runtimes), log: log, store: store, approvals: watch, sessions: SessionTable(),
      metrics: GatewayMetrics(), blocking: blocking, originals: originals,
      local: OwnPaths(services: [loginPaths, hookPaths]))
    housekeeping = Housekeeping(services: services, keys: keys, watch: watch, retention: retention)
    if !trusted.isOpen { try trusted.record(since: nil, in: log) }
    try Self.record(version, parts, in: log)
    library.settle()
    housekeeping.start()
    Thread.detachNewThread { [logins] in logins.run() }
    notifiers.serve(runtimes)
    server = try GatewayServer.start(
      host: host, port: port, tls: try Self.tls(certificate, key, clientAuthorities), services: services,
      group: group)
    Thread.detachNewThread { [credentials, inForce, server] in
      credentials.keeper.run { inForce.take($0, credentials, on: server) }
    }
  }

  /// Serves the admin API, on a listener of its own. [blocking]
  /// - Parameter followsStore: whether pushed policies are taken up here.
  func serveAdmin(_ address: AdminAddress, followsStore: Bool) throws {
    var tls = try Self.tlsConfiguration(address.certificate, address.key, nil)
    tls?.applicationProtocols = ["http/1.1"]
    let (services, log, keys) = (services, log, keys)
    let console = ConsoleServices(
      store: store, roles: roles,
      policies: AdminPolicyDesk(library: library, rules: credentials.rules, isFollowed: followsStore),
      version: Sluice.version, evidence: Self.evidence(in: directory.path),
      record: { event, fields in
        let members = (fields + [("event", event)]).map { (name: $0.name, value: JSONValue.string($0.value)) }
        try log.appendAndWait([
          RecordDraft(type: .administration, data: JSONValue.object(members).canonical)
        ])
      },
      log: { log.status },
      plugins: {
        Array(
          Set(
            services.routes.pipelines.flatMap(\.chain.plugins).map {
              PluginInForce(
                id: $0.id, version: $0.version, abi: $0.abi, stage: $0.stage, digest: $0.digest)
            }))
      },
      isHealthy: { log.status.failure == nil && keys.storeState != .lost },
      journal: { what, fields in Journal.write(.info, what, fields) })
    do {
      self.console = try ConsoleServer(host: address.host, port: address.port, tls: tls, services: console)
    } catch {
      throw CommandFailure(
        message: "the admin API can't listen on \(address.host):\(address.port): \(error)", code: 2)
    }
  }

  /// Seconds that the instances of plugins have to end in, all together.
  private static let endingTime = 5

  /// Ends everything in order: no new exchange, those in flight end, evidence is closed with a last checkpoint.
  func stop(within seconds: Int64) {
    console?.stop()
    server.drain(within: .seconds(seconds))
    credentials.keeper.stop()
    logins.stop()
    loginPaths.stop()
    hookPaths.stop()
    notifiers.stop()
    housekeeping.stop()
    originals.close()
    inForce.end(on: server)
    log.close()
    feeds.end()
    try? group.syncShutdownGracefully()
    try? blocking.syncShutdownGracefully()
    // A filter may have something of its own to close.
    if !library.waitForEndings(within: Self.endingTime) {
      Journal.warning("a plugin's instance has not ended in time; it is left behind")
    }
  }

  /// The version in force.
  var policyVersion: UInt64 { services.routes.pipelines.first?.policy.version ?? 0 }

  /// Puts another policy in force, all of it or nothing: new exchanges begin on it, those in flight end on theirs.
  /// [blocking] One call at a time.
  /// - Parameter version: which of the store's versions `policy` is; nil: it becomes the newest one.
  func adopt(_ policy: PolicyBundle, _ version: PolicyVersion? = nil) throws {
    let before = services.routes.pipelines.flatMap(\.chain.plugins)
    let parts = try PolicyParts(policy, library: library, credentials: credentials)
    let version = try version ?? Self.push(policy, parts, store)
    let runtimes = parts.runtimes(
      PolicyIdentity(version: version.version, digest: parts.digest), credentials.keeper)
    try feeds.feed(runtimes)
    try Self.record(version, parts, in: log)
    try PluginChange.record(Set(runtimes.flatMap(\.chain.plugins)).subtracting(before), before, in: log)
    inForce.adopt(parts, runtimes, credentials, on: server)
    library.settle()
    credentials.keeper.keep(only: parts.sources)
    pipelines.replace(runtimes)
    notifiers.serve(runtimes)
    served = (policy, version)
    services.policyIsBehind(false)
    services.plugins(isBehind: false, oldBuilds: library.oldBuilds)
    Journal.info(
      "another policy is in force", ("version", String(version.version)),
      ("pipelines", parts.names.joined(separator: ",")))
  }

  /// The files of plugins that are not what they were when they were loaded.
  var changedPlugins: [String: FileStamp] { library.changedFiles() }

  /// Makes the policy in force anew of the plugins that lie in their files now, all of it or nothing: new exchanges begin
  /// on them, those in flight end on what they began with. [blocking] One call at a time, as ``adopt(_:_:)``.
  func takeUpPlugins() throws {
    let before = services.routes.pipelines.flatMap(\.chain.plugins)
    let (policy, version) = served
    let parts = try PolicyParts(policy, library: library, credentials: credentials)
    let runtimes = parts.runtimes(
      PolicyIdentity(version: version.version, digest: parts.digest), credentials.keeper)
    let news = Set(runtimes.flatMap(\.chain.plugins)).subtracting(before)
    // The same bytes again, at another time.
    guard !news.isEmpty else {
      library.settle()
      return services.plugins(isBehind: false, oldBuilds: library.oldBuilds)
    }
    try feeds.feed(runtimes)
    // On record before anything is done by it.
    try PluginChange.record(news, before, in: log)
    inForce.adopt(parts, runtimes, credentials, on: server)
    library.settle()
    notifiers.serve(runtimes)
    services.plugins(isBehind: false, oldBuilds: library.oldBuilds, tookUp: true)
    for plugin in Dictionary(grouping: news, by: \.digest).values.compactMap(\.first).sorted(by: {
      $0.id < $1.id
    }) {
      Journal.info(
        "a new build of a plugin is in force", ("plugin", plugin.id), ("version", plugin.version),
        ("digest", plugin.digest))
    }
  }

  /// Puts on record which plugins may load, where that is not what it was. [blocking]
  func recordTrust() throws {
    let now = TrustInForce(trust)
    guard now != trusted else { return }
    try now.record(since: trusted, in: log)
    trusted = now
    Journal.info("which plugins may load has changed")
  }

  /// Looks after the plugins that nothing uses any more.
  func trimPlugins() {
    server.sweep()
    library.trim()
    services.plugins(oldBuilds: library.oldBuilds)
  }

  private static func push(
    _ policy: PolicyBundle, _ parts: PolicyParts, _ store: Store
  ) throws -> PolicyVersion {
    try store.pushPolicy(
      digest: parts.digest, sources: policy.json, author: Administration.operatorName,
      comment: "served from files", now: secondsNow()
    ).policy
  }

  /// A policy is on record before anything is done under it.
  private static func record(_ version: PolicyVersion, _ parts: PolicyParts, in log: EvidenceLog) throws {
    try log.appendAndWait([
      RecordDraft(
        type: .policyChanged,
        data: CanonicalWriter.object { writer in
          writer.string("author", version.author)
          writer.string("comment", version.comment)
          writer.string("digest", parts.digest)
          writer.array("pipelines", parts.names) { $0.element($1) }
          writer.integer("version", version.version)
        })
    ])
  }

  private static func originals(in data: String, limit: Int) throws -> SealedStore {
    var options = SealedStore.Options()
    options.maximumBytes = limit
    return try SealedStore(directory: data, options: options)
  }

  /// - Parameter clientAuthorities: a PEM file: clients are asked for a certificate, and one that they show has to be
  ///   these authorities'. Whether one is needed, and whose it is, is for `authenticate: mtls` to say.
  private static func tls(_ certificate: String?, _ key: String?, _ clientAuthorities: String?) throws
    -> NIOSSLContext?
  {
    guard let configuration = try tlsConfiguration(certificate, key, clientAuthorities) else { return nil }
    do { return try NIOSSLContext(configuration: configuration) } catch { throw unusable(error) }
  }

  private static func tlsConfiguration(
    _ certificate: String?, _ key: String?, _ clientAuthorities: String?
  ) throws -> TLSConfiguration? {
    guard let certificate, let key else { return nil }
    do {
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = GatewayServer.applicationProtocols
      if let clientAuthorities {
        // NIOSSL would take a file without a certificate for one that trusts nobody, and say so to each client.
        let authorities = try NIOSSLCertificate.fromPEMFile(clientAuthorities)
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .optionalVerification
        configuration.sendCANameList = true
      }
      return configuration
    } catch { throw unusable(error) }
  }

  private static func unusable(_ error: any Error) -> CommandFailure {
    CommandFailure(
      message: "the certificate, its key or the authorities of clients can't be used: \(error)", code: 1)
  }
}

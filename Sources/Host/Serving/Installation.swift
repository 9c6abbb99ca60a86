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
  /// Where people's answers from chats arrive.
  let notifiers: NotifyDesk

  /// Where an installation's evidence is, in its data directory.
  static func evidence(in data: String) -> String { data + "/log" }

  /// Starts everything; when it returns, clients are served. [blocking]
  /// - Parameter version: which of the store's versions `policy` is; nil: it becomes the newest one.
  init(
    policy: PolicyBundle, version: PolicyVersion? = nil, host: String, port: Int, data: String,
    store location: StoreLocation? = nil, storeGrace: Int64 = KeyDirectory.defaultGrace,
    certificate: String?, key: String?, clientAuthorities: String? = nil, loops: Int,
    originalsLimit: Int = SealedStore.Options().maximumBytes,
    retention: RetentionPolicy = RetentionPolicy(), settings: InstallationSettings = InstallationSettings()
  ) throws {
    directory = try DataDirectory(data)
    store = try Store(directory, at: location)
    if let location { try directory.remember(location) }
    store.listen()
    keys = try KeyDirectory(store, grace: storeGrace)
    library = PluginLibrary(
      directories: PluginFolder.all,
      services: Services.gateway(keys, fingerprintKey: try directory.secret(named: "fingerprint")))
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
    let runtimes = parts.runtimes(PolicyIdentity(version: version.version, digest: parts.digest))
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
    services = GatewayServices(
      routes: Routes(runtimes), log: log, store: store, approvals: watch, sessions: SessionTable(),
      metrics: GatewayMetrics(), blocking: blocking, originals: originals, local: loginPaths)
    housekeeping = Housekeeping(services: services, keys: keys, watch: watch, retention: retention)
    try Self.record(version, parts, in: log)
    housekeeping.start()
    Thread.detachNewThread { [logins] in logins.run() }
    notifiers = NotifyDesk(store)
    notifiers.serve(runtimes)
    server = try GatewayServer.start(
      host: host, port: port, tls: try Self.tls(certificate, key, clientAuthorities), services: services,
      group: group)
    Thread.detachNewThread { [credentials, inForce, server] in
      credentials.keeper.run { inForce.take($0, credentials, on: server) }
    }
  }

  /// Ends everything in order: no new exchange, those in flight end, evidence is closed with a last checkpoint.
  func stop(within seconds: Int64) {
    server.drain(within: .seconds(seconds))
    credentials.keeper.stop()
    logins.stop()
    loginPaths.stop()
    notifiers.stop()
    housekeeping.stop()
    originals.close()
    log.close()
    try? group.syncShutdownGracefully()
    try? blocking.syncShutdownGracefully()
  }

  /// The version in force.
  var policyVersion: UInt64 { services.routes.pipelines.first?.policy.version ?? 0 }

  /// Puts another policy in force, all of it or nothing: new exchanges begin on it, those in flight end on theirs.
  /// [blocking] One call at a time.
  /// - Parameter version: which of the store's versions `policy` is; nil: it becomes the newest one.
  func adopt(_ policy: PolicyBundle, _ version: PolicyVersion? = nil) throws {
    let parts = try PolicyParts(policy, library: library, credentials: credentials)
    let version = try version ?? Self.push(policy, parts, store)
    let runtimes = parts.runtimes(PolicyIdentity(version: version.version, digest: parts.digest))
    try feeds.feed(runtimes)
    try Self.record(version, parts, in: log)
    inForce.adopt(parts, runtimes, on: server)
    credentials.keeper.keep(only: parts.sources)
    pipelines.replace(runtimes)
    notifiers.serve(runtimes)
    services.policyIsBehind(false)
    Journal.info(
      "another policy is in force", ("version", String(version.version)),
      ("pipelines", parts.names.joined(separator: ",")))
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
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw CommandFailure(
        message: "the certificate, its key or the authorities of clients can't be used: \(error)", code: 1)
    }
  }
}

internal import Control
internal import Evidence
internal import FilterChain
internal import Foundation
internal import Gateway
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
  private let watch: ApprovalWatch
  private let blocking: NIOThreadPool
  private let group: MultiThreadedEventLoopGroup
  private let housekeeping: Housekeeping

  /// Where an installation's evidence is, in its data directory.
  static func evidence(in data: String) -> String { data + "/log" }

  /// Starts everything; when it returns, clients are served. [blocking]
  init(
    sources: [(name: String, bytes: [UInt8])], host: String, port: Int, data: String, certificate: String?,
    key: String?, clientAuthorities: String? = nil,
    loops: Int
  ) throws {
    directory = try DataDirectory(data)
    store = try Store(directory)
    keys = try KeyDirectory(store)
    let library = PluginLibrary(
      directories: PluginFolder.all,
      services: Services.gateway(keys, fingerprintKey: try directory.secret(named: "fingerprint")))
    let pipelines = try Loading.pipelines(sources: sources, library: library)
    let made = try pipelines.map {
      (
        pipeline: $0, chain: try Loading.chain($0, library: library),
        speaks: try Loading.protocolDescription($0), target: try Upstreams.target($0)
      )
    }
    let (log, recovery) = try EvidenceLog.open(directory: Self.evidence(in: data))
    self.log = log
    if recovery.cutBytes > 0 {
      Journal.warning(
        "an unfinished write at the end of the evidence log was cut off", ("bytes", String(recovery.cutBytes))
      )
    }
    let policy = try Self.policy(made.map { ($0.pipeline, $0.chain, $0.speaks.text) }, store)
    let runtimes = made.map { part in
      PipelineRuntime(
        pipeline: part.pipeline, chain: part.chain, protocolDescription: part.speaks.description,
        target: part.target,
        policy: policy)
    }
    for runtime in runtimes {
      for (index, sink) in runtime.chain.sinks.enumerated() {
        try log.attach(SinkAdapter(sink), name: "\(runtime.pipeline.name)-\(sink.stage.filter)-\(index + 1)")
      }
    }
    watch = ApprovalWatch(store)
    blocking = NIOThreadPool(numberOfThreads: 2)
    blocking.start()
    group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    services = GatewayServices(
      routes: Routes(runtimes), log: log, store: store, approvals: watch, sessions: SessionTable(),
      metrics: GatewayMetrics(), blocking: blocking)
    housekeeping = Housekeeping(services: services, keys: keys, watch: watch)
    try log.appendAndWait([
      RecordDraft(
        type: .policyChanged,
        data: CanonicalWriter.object { writer in
          writer.string("digest", policy.digest)
          writer.array("pipelines", pipelines.map(\.name)) { $0.element($1) }
          writer.integer("version", policy.version)
        })
    ])
    housekeeping.start()
    server = try GatewayServer.start(
      host: host, port: port, tls: try Self.tls(certificate, key, clientAuthorities), services: services,
      group: group)
  }

  /// Ends everything in order: no new exchange, those in flight end, evidence is closed with a last checkpoint.
  func stop(within seconds: Int64) {
    server.drain(within: .seconds(seconds))
    housekeeping.stop()
    log.close()
    try? group.syncShutdownGracefully()
    try? blocking.syncShutdownGracefully()
  }

  private static func policy(_ parts: [(Pipeline, Chain, [UInt8])], _ store: Store) throws -> PolicyIdentity {
    var text: [UInt8] = []
    for (pipeline, chain, protocolText) in parts.sorted(by: { $0.0.name < $1.0.name }) {
      text += pipeline.canonical + [0x0A]
      text += Array("protocol \(Digest.sha256(protocolText).hexadecimal)\n".utf8)
      for plugin in chain.plugins { text += Array("\(plugin.stage) \(plugin.digest)\n".utf8) }
    }
    let digest = Digest.sha256(text).hexadecimal
    let version = try store.policyVersion(
      digest: digest, text: String(decoding: text, as: UTF8.self), now: secondsNow())
    return PolicyIdentity(version: version, digest: digest)
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

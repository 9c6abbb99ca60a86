internal import ArgumentParser
internal import CLinux
internal import Control
internal import Dispatch
internal import Foundation
internal import Gateway
internal import Glibc
internal import PipelineModel

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve pipelines until SIGTERM or Ctrl-C.",
    discussion: """
      It is ready when /readyz answers 200; /healthz and /metrics are there, too. On SIGTERM it takes no new \
      requests, lets those in flight end, and closes the evidence with a signed checkpoint.

        export OPENAI_API_KEY=sk-…
        sluice serve pipelines/cursor.yaml --listen 127.0.0.1:8080 --data ./data

      Without files it serves the newest policy that was pushed (sluice policy push), and takes up the next one \
      within two seconds. With --watch it does the same with files and folders, as a checkout of git. No connection \
      is dropped; exchanges in flight end on the policy that they began with. A policy with a mistake changes nothing.

      A plugin's file that changes is taken up in the same way, once it has been the same for a quarter of a second. \
      One that can't be loaded changes nothing.
      """)

  @Argument(
    help: "Pipeline files, or folders of them; none: the newest policy that was pushed.",
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  @Flag(help: "Take up changes of the files, and new ones in folders.")
  var watch = false

  @Option(help: ArgumentHelp("Address to listen on.", valueName: "HOST:PORT"))
  var listen: String

  @Option(
    help: ArgumentHelp(
      "Serve the admin API there, too (docs/admin-api.md). Without --certificate on loopback alone.",
      valueName: "HOST:PORT"))
  var admin: String?

  @Option(help: "Folder of the store, the secrets and the evidence.", completion: .directory)
  var data: String

  @OptionGroup var shared: StoreOption

  @Option(
    help: ArgumentHelp(
      "How long known keys and the policy go on while the store can't be read; then requests are refused (503).",
      valueName: "duration"))
  var storeGrace = "5m"

  @Option(help: "The server's certificate chain, PEM. Without it the gateway speaks plain HTTP.")
  var certificate: String?

  @Option(help: "The certificate's private key, PEM.")
  var key: String?

  @Option(
    help: ArgumentHelp(
      "Authorities, PEM: clients are asked for a certificate of theirs, for pipelines with 'authenticate: mtls'.",
      valueName: "file"))
  var clientCa: String?

  @Option(help: "Event loops; one for each processor by default.")
  var loops: Int?

  @Option(
    help: ArgumentHelp("How long exchanges in flight may take to end on SIGTERM.", valueName: "seconds"))
  var drain = 30

  @Option(
    help: ArgumentHelp(
      "What all sealed originals may take on disk; beyond it, exchanges that are to be sealed are refused.",
      valueName: "size"))
  var originalsLimit = "64GiB"

  @Option(
    help: ArgumentHelp(
      "How long records are kept, as 2190d; then their bodies go and their hashes stay. For ever by default.",
      valueName: "duration"))
  var retainRecords: String?

  @Option(
    help: ArgumentHelp(
      "How long sealed originals are kept, as 90d. For ever by default.", valueName: "duration"))
  var retainOriginals: String?

  @Option(
    help: ArgumentHelp(
      "The installation's settings: roles, and how people log in. Without it DATA/sluice.yaml, where it is there.",
      valueName: "file"))
  var settings: String?

  @OptionGroup var pluginsLock: LockOption

  func validate() throws {
    if files.isEmpty, watch {
      throw ValidationError("--watch goes with files; without them the newest pushed policy is followed.")
    }
    if (certificate == nil) != (key == nil) { throw ValidationError("--certificate and --key go together.") }
    if clientCa != nil, certificate == nil {
      throw ValidationError("--client-ca needs TLS: give --certificate and --key, too.")
    }
    _ = try Address(listen)
    if let admin {
      guard try certificate != nil || AdminAddress.isLoopback(Address(admin).host) else {
        throw ValidationError(
          "--admin \(admin) is no loopback address: keys would travel in the clear. Give --certificate and --key, or 127.0.0.1."
        )
      }
    }
    _ = try Amount.bytes(originalsLimit)
    _ = try Amount.seconds(storeGrace)
    _ = try retention
  }

  private var retention: RetentionPolicy {
    get throws {
      RetentionPolicy(
        records: try retainRecords.map { try Amount.seconds($0) },
        originals: try retainOriginals.map { try Amount.seconds($0) })
    }
  }

  func run() throws {
    try running {
      // Memory that holds secrets and text is not for core dumps, nor for other processes of the same user.
      guard sluice_hide_memory() == 0 else {
        throw CommandFailure(message: "this system does not let a process keep its memory to itself", code: 2)
      }
      signal(SIGPIPE, SIG_IGN)
      let address = try Address(listen)
      let version = files.isEmpty ? try pushedPolicy() : nil
      let policy = try version.map { try PolicyBundle(json: $0.sources) } ?? PolicyBundle.read(files)
      let stopped = StopSignal()
      let installation = try Installation(
        policy: policy, version: version, host: address.host, port: address.port, data: data,
        store: try shared.location, storeGrace: try Amount.seconds(storeGrace),
        certificate: certificate, key: key, clientAuthorities: clientCa,
        loops: loops ?? ProcessInfo.processInfo.activeProcessorCount,
        originalsLimit: try Amount.bytes(originalsLimit), retention: try retention,
        settings: try InstallationSettings.read(settings, data: data), trust: pluginsLock.policy)
      let follower = PolicyFollower(
        watch ? .files(files) : version != nil ? .store : .fixed, installation, serving: policy)
      follower.start()
      if let admin {
        let address = try Address(admin)
        try installation.serveAdmin(
          AdminAddress(host: address.host, port: address.port, certificate: certificate, key: key),
          followsStore: version != nil)
        Journal.info("the admin API is served", ("address", admin))
      }
      Journal.info(
        "serving", ("address", installation.server.address.map { "\($0)" } ?? listen),
        (
          "pipelines",
          installation.services.routes.pipelines.map { "\($0.pipeline.name)=\($0.pipeline.listen)" }.joined(
            separator: ",")
        ))
      stopped.wait()
      Journal.info("draining")
      follower.stop()
      installation.stop(within: Int64(drain))
      Journal.info("stopped")
    }
  }

  private func pushedPolicy() throws -> PolicyVersion {
    guard let version = try Store(try DataDirectory(data), at: try shared.location).currentPolicy() else {
      throw CommandFailure(
        message:
          "no policy has been pushed to \(data); name files to serve, or push some: sluice policy push FILE… --data \(data)",
        code: 1)
    }
    return version
  }
}

/// `HOST:PORT`, an IPv6 host in brackets.
struct Address {
  let host: String
  let port: Int

  init(_ text: String) throws {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else {
      throw ValidationError("'\(text)' is no address: HOST:PORT, as 127.0.0.1:8080")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else {
      throw ValidationError("'\(text)' names no host to listen on; 0.0.0.0 is every address")
    }
    self.host = host
    self.port = port
  }
}

/// Waits for SIGTERM or SIGINT.
final class StopSignal {
  private let semaphore = DispatchSemaphore(value: 0)
  private var sources: [any DispatchSourceSignal] = []

  init() {
    let semaphore = semaphore
    for number in [SIGTERM, SIGINT] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { semaphore.signal() }
      source.resume()
      sources.append(source)
    }
  }

  func wait() { semaphore.wait() }
}

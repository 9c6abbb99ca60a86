internal import ArgumentParser
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
      """)

  @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @Option(help: ArgumentHelp("Address to listen on.", valueName: "HOST:PORT"))
  var listen: String

  @Option(help: "Folder of the store, the secrets and the evidence.", completion: .directory)
  var data: String

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

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name at least one pipeline file.") }
    if (certificate == nil) != (key == nil) { throw ValidationError("--certificate and --key go together.") }
    if clientCa != nil, certificate == nil {
      throw ValidationError("--client-ca needs TLS: give --certificate and --key, too.")
    }
    _ = try Address(listen)
  }

  func run() throws {
    try running {
      // Memory that holds secrets and text is not for core dumps.
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      unsafe setrlimit(__rlimit_resource_t(4), &none)  // RLIMIT_CORE, which Glibc's module does not export
      signal(SIGPIPE, SIG_IGN)
      let address = try Address(listen)
      let sources = try files.map { file in
        guard let data = FileManager.default.contents(atPath: file) else {
          throw CommandFailure(message: "\(file) can't be read", code: 2)
        }
        return (name: file, bytes: Array(data))
      }
      let stopped = StopSignal()
      let installation = try Installation(
        sources: sources, host: address.host, port: address.port, data: data, certificate: certificate,
        key: key, clientAuthorities: clientCa,
        loops: loops ?? ProcessInfo.processInfo.activeProcessorCount)
      Journal.info(
        "serving", ("address", installation.server.address.map { "\($0)" } ?? listen),
        (
          "pipelines",
          installation.services.routes.pipelines.map { "\($0.pipeline.name)=\($0.pipeline.listen)" }.joined(
            separator: ",")
        ))
      stopped.wait()
      Journal.info("draining")
      installation.stop(within: Int64(drain))
      Journal.info("stopped")
    }
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

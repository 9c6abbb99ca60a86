internal import ArgumentParser
internal import Control
internal import Foundation
internal import Gateway
internal import Glibc
internal import JSONTree
internal import NIOCore
internal import NIOPosix
internal import StandIn
internal import Synchronization

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "See it work: a gateway, a stand-in model, a key and a sample, with nothing set up.",
    discussion: "Exit code 1 where anything leaked, or the evidence can't be verified.")

  @Flag(help: "End after the sample.") var once = false
  @Option(help: ArgumentHelp("Address to listen on; port 0 is any.", valueName: "HOST:PORT")) var listen =
    "127.0.0.1:8080"
  @Option(
    help: "Folder of the store and the evidence; a new one under ./data by default.", completion: .directory)
  var data: String?

  func run() throws {
    try running {
      signal(SIGPIPE, SIG_IGN)
      let stopped = StopSignal()
      let folder = data ?? "data/demo-\(secondsNow())-\(getpid())"
      try FileManager.default.createDirectory(
        atPath: (folder as NSString).deletingLastPathComponent.isEmpty
          ? "." : (folder as NSString).deletingLastPathComponent,
        withIntermediateDirectories: true)
      let seen = SeenByModel()
      let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let model = try StandInServer.start(
        host: "127.0.0.1", port: 0, group: group, behaviour: .init(pause: .milliseconds(2)) { seen.set($0) })
      let installation = try start(folder, model.port)
      let port = installation.server.address?.port ?? 0
      let key = try installation.store.createKey(
        subject: "demo@example.org", email: "demo@example.org", groups: ["engineers"],
        expires: secondsNow() + 7 * 86_400, now: secondsNow())
      let base = "http://127.0.0.1:\(port)/openai"
      let answer = try DemoClient.stream(prompt: DemoPipeline.prompt, base: base, key: key.secret)
      let leaked = DemoReport.show(
        sent: DemoPipeline.prompt, seen: seen.prompt, raw: seen.raw, answer: answer)
      let verified = DemoReport.showEvidence(Installation.evidence(in: folder))
      if !once, leaked.isEmpty, verified {
        DemoReport.showSettings(base: base, key: key.secret, data: folder)
        stopped.wait()
        Terminal.print("Stopping.")
      }
      installation.stop(within: 10)
      try model.stop()
      try group.syncShutdownGracefully()
      guard leaked.isEmpty, verified else { throw ExitCode(1) }
    }
  }

  /// Listens where it was told to, or on any port where that one is taken.
  private func start(_ folder: String, _ upstreamPort: Int) throws -> Installation {
    let address = try Address(listen)
    let text = DemoPipeline.text(upstreamPort: upstreamPort, evidence: folder + "/evidence")
    let policy = PolicyBundle(pipelines: [PolicyBundle.File(name: "demo.yaml", bytes: Array(text.utf8))])
    func start(_ port: Int) throws -> Installation {
      try Installation(
        policy: policy, host: address.host, port: port, data: folder, certificate: nil, key: nil,
        loops: ProcessInfo.processInfo.activeProcessorCount)
    }
    return try start(once || Self.isTaken(address.port) ? 0 : address.port)
  }

  private static func isTaken(_ port: Int) -> Bool {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

/// The last request that the stand-in model was sent.
private final class SeenByModel: Sendable {
  private let body = Mutex<[UInt8]>([])

  func set(_ bytes: [UInt8]) { body.withLock { $0 = bytes } }
  var raw: String { String(decoding: body.withLock { $0 }, as: UTF8.self) }
  var prompt: String {
    (try? JSONReader.read(body.withLock { $0 }))?["messages"]?.array?.last?["content"]?.string ?? ""
  }
}

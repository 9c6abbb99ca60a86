internal import ArgumentParser
internal import NIOCore
internal import NIOPosix
internal import StandIn

struct StandInCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stand-in",
    abstract: "Serve a stand-in for a model, on loopback, to try a gateway out or to measure one.")

  @Option(help: ArgumentHelp("Loopback address to listen on.", valueName: "HOST:PORT")) var listen: String
  @Option(help: "Milliseconds between two events of a stream.") var pause = 0
  @Flag(help: "Always give the same short answer.") var plain = false
  @Option(help: "Event loops.") var loops = 1

  func run() throws {
    try running {
      let address = try Address(listen)
      let stopped = StopSignal()
      let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
      let server = try StandInServer.start(
        host: address.host, port: address.port, group: group,
        behaviour: .init(pause: .milliseconds(Int64(pause)), quotesPrompt: !plain))
      Journal.info("the stand-in model listens", ("port", String(server.port)))
      stopped.wait()
      try server.stop()
      try group.syncShutdownGracefully()
    }
  }
}

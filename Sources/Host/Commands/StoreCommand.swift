internal import ArgumentParser
internal import Control
internal import JSONTree

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Show where keys, approvals and policies are kept, or keep them elsewhere.",
    subcommands: [Show.self, Use.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Open the store and say where it is. Exit code 1 where it can't be used.")

    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let (keys, policy) = (try store.keys().count, try store.currentPolicy()?.version ?? 0)
        if json {
          Terminal.print(
            JSONValue.fields([
              "keys": .number(Double(keys)), "place": .string(store.place), "policy": .number(Double(policy)),
              "shared": .bool(store.isShared),
            ]).line)
        } else {
          Terminal.print(
            "\(store.place): \(keys) keys, \(policy == 0 ? "no policy" : "policy version \(policy)")")
        }
      }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a place the store of a data directory, from the next start and the next command on.",
      discussion: """
        The place is opened first: with a mistake nothing changes. Nothing is copied: keys, approvals and policies of \
        the store before stay in it, and are there again with `sluice store use local`.

          sluice store use 'postgres://sluice@db.example.org/sluice?password=file:/etc/sluice/password' --data ./data
        """)

    @Argument(help: "postgres://USER@HOST/DATABASE, file:PATH of a file that holds it, or local.")
    var place: String
    @Option(help: "Folder of the store.", completion: .directory) var data: String

    func run() throws {
      try running {
        let directory = try DataDirectory(data)
        let location = try StoreLocation(place)
        let store = try Store(directory, at: location)
        try directory.remember(location)
        Terminal.print(
          "The store is \(store.place). A gateway that serves now takes it up at its next start.")
      }
    }
  }
}

internal import ArgumentParser
internal import Control
internal import JSONTree

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Show where keys, approvals and policies are kept, or keep them elsewhere.",
    subcommands: [Show.self, Use.self, RotateKey.self])

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

  struct RotateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Seal what the store holds under another key.",
      discussion: """
        Excerpts of requests and people's comments are sealed under secrets/texts.key of the data directory, or under \
        what SLUICE_STORE_KEY says: file:PATH, env:NAME or command:PROGRAM ARGUMENT…. All of it is sealed anew in one \
        transaction. Then give the new key to each gateway, where its key was: one that has the key before neither asks \
        for approval nor shows one until then. No restart is needed for a file or a command.

          (umask 077; openssl rand 32 > next.key)
          sluice store rotate-key --to next.key --data ./data
          mv next.key ./data/secrets/texts.key        # and so at each other gateway
        """)

    @Option(
      help: "A file with the new key: 32 bytes, as they are, in hexadecimal digits or in Base64.",
      completion: .file())
    var to: String
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let count = try store.rotateKey(to: try Store.readKey(to), now: secondsNow())
        Terminal.print(
          "\(count) texts are sealed under the new key. Put it in the place of the old one at each gateway now."
        )
      }
    }
  }
}

internal import ArgumentParser
internal import Control
internal import JSONTree

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Make, list and revoke people's keys.",
    subcommands: [Create.self, List.self, Revoke.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key. It is shown once, and works at once, also while a gateway is serving.",
      discussion:
        "  sluice keys create --subject ana@example.org --groups clinicians,research --expires 30d --data ./data"
    )

    @Option(help: "Whose key it is; nobody approves their own subject's requests.") var subject: String
    @Option(help: "The person's e-mail address.") var email = ""
    @Option(help: ArgumentHelp("Groups, with commas between them.", valueName: "G,H")) var groups = ""
    @Option(help: ArgumentHelp("When it ends: 12h, 30d; 'never' for no end.", valueName: "duration"))
    var expires = "90d"
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let now = secondsNow()
        let end = try Self.end(expires, now: now)
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let made = try store.createKey(
          subject: subject, email: email, groups: groups.split(separator: ",").map(String.init), expires: end,
          now: now)
        if json {
          Terminal.print(
            JSONValue.fields([
              "expires": end == 0 ? .null : .string(Terminal.time(end)), "groups": .texts(made.record.groups),
              "id": .string(made.record.id), "key": .string(made.secret), "subject": .string(subject),
            ]).line)
        } else {
          Terminal.print(made.secret)
          Terminal.complain(
            "\(made.record.id) for \(subject), \(end == 0 ? "without an end" : "until \(Terminal.time(end))"). It is not shown again."
          )
        }
      }
    }

    private static func end(_ text: String, now: Int64) throws -> Int64 {
      if text == "never" { return 0 }
      return now + (try Amount.seconds(text))
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show all keys, without the keys themselves.")

    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let now = secondsNow()
        let keys = try Store(try DataDirectory(data), at: try shared.location).keys()
        if json { return Terminal.print(JSONValue.array(keys.map { $0.json(now) }).line) }
        for key in keys {
          Terminal.print(
            "\(key.id)  \(key.state(now).padding(8))  \(key.expires == 0 ? "no end".padding(20) : Terminal.time(key.expires))  \(key.subject)  \(key.groups.joined(separator: ","))"
          )
        }
        if keys.isEmpty {
          Terminal.print("There are no keys. Make one: sluice keys create --subject NAME --data \(data)")
        }
      }
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a key, for good. A gateway that is serving refuses it within a second.")

    @Argument(help: "The key's id, as key_….") var id: String
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let key = try Store(try DataDirectory(data), at: try shared.location).revokeKey(id, now: secondsNow())
        Terminal.print(json ? key.json(secondsNow()).line : "\(key.id) of \(key.subject) is revoked.")
      }
    }
  }
}

extension KeyRecord {
  func state(_ now: Int64) -> String {
    if revoked != nil { return "revoked" }
    return expires != 0 && expires <= now ? "expired" : "valid"
  }

  func json(_ now: Int64) -> JSONValue {
    .fields([
      "created": .string(Terminal.time(created)), "email": .string(email),
      "expires": expires == 0 ? .null : .string(Terminal.time(expires)), "groups": .texts(groups),
      "id": .string(id),
      "state": .string(state(now)), "subject": .string(subject),
    ])
  }
}

extension String {
  func padding(_ length: Int) -> String { self + String(repeating: " ", count: max(0, length - count)) }
}

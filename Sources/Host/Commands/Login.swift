internal import ArgumentParser
internal import Foundation
internal import JSONTree

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login",
    abstract: "Log in at a gateway with your organisation's account, and get a key for your tools.",
    discussion: """
      The key is yours, lives for some hours, and ends earlier where your access does. It is kept in \
      $XDG_CONFIG_HOME/sluice/login.json, readable by you alone; no token of the provider's comes to this machine.

        sluice login https://gateway.example.org            browser on this machine
        sluice login https://gateway.example.org --device   browser elsewhere: ssh
        export OPENAI_API_KEY="$(sluice login --print-key)"

      Without a gateway it is the one of the last time. --print-key prints the key that is there while it is good, and \
      logs in where it is not.

      Exit codes: 0 logged in; 1 you may not come in; 2 the gateway or its provider could not be asked, or nobody came.
      """)

  @Argument(help: "The gateway's address, as https://gateway.example.org.") var gateway: String?
  @Flag(help: "Enter a code in a browser on another machine, in place of opening one here.") var device =
    false
  @Flag(help: "Show the address to open, and start no browser.") var noOpen = false
  @Option(
    help: ArgumentHelp(
      "Where the browser comes back to on this machine, for a provider that knows one port alone.",
      valueName: "port"))
  var port = 0
  @Flag(help: "Print the key alone, for scripts and tools' settings.") var printKey = false
  @Option(help: "Certificates to trust for the gateway, PEM, in place of the system's.") var ca: String?
  @Flag(help: "Print JSON, the key included.") var json = false

  func run() throws {
    try running {
      let known = try? LoginFile.read()
      let named = try gateway.map { try GatewayClient($0, authorities: nil).base }
      if printKey, let known, named == nil || named == known.gateway, try isGood(known) {
        return Terminal.print(known.key)
      }
      guard let address = named ?? known?.gateway else {
        throw CommandFailure(message: "name the gateway: sluice login https://gateway.example.org", code: 1)
      }
      let authorities =
        ca.map { URL(fileURLWithPath: $0).path } ?? (address == known?.gateway ? known?.authorities : nil)
      let client = try GatewayClient(address, authorities: authorities?.isEmpty == true ? nil : authorities)
      let answer = try logIn(client)
      guard answer.status == 200, let key = answer.body["key"]?.string,
        let end = answer.body["expires"]?.integer
      else { throw answer.failure }
      let file = LoginFile(
        gateway: client.base, key: key, subject: answer.body["subject"]?.string ?? "", expires: Int64(end),
        authorities: authorities ?? "")
      try file.write()
      try report(answer.body, file, client)
    }
  }

  /// Asks the gateway, as a key may have ended before its time.
  private func isGood(_ known: LoginFile) throws -> Bool {
    guard known.expires > secondsNow() + 60 else { return false }
    let client = try GatewayClient(
      known.gateway, authorities: known.authorities.isEmpty ? nil : known.authorities)
    return try client.get("/api/v1/me", key: known.key).status == 200
  }

  private func logIn(_ client: GatewayClient) throws -> GatewayClient.Answer {
    let about = try client.get("/api/v1/login")
    guard about.status == 200 else { throw about.failure }
    if device { return try DeviceFlow(gateway: client).run() }
    return try BrowserFlow(gateway: client, about: about.body, opensBrowser: !noOpen, port: port).run()
  }

  private func report(_ body: JSONValue, _ file: LoginFile, _ client: GatewayClient) throws {
    if json { return Terminal.print(body.line) }
    if printKey { return Terminal.print(file.key) }
    let groups = body["groups"]?.strings ?? []
    Terminal.print(
      "You are \(Terminal.bold(Terminal.plain(file.subject)))\(groups.isEmpty ? "" : " (\(Terminal.plain(groups.joined(separator: ", "))))"), until \(Terminal.time(file.expires))."
    )
    if body["checked"]?.bool != true {
      Terminal.print(
        "The provider gives nothing to ask it again with, so the key is short: log in again then.")
    }
    let me = try client.get("/api/v1/me", key: file.key)
    let text = ToolSettings.text(gateway: client.base, pipelines: me.body["pipelines"]?.array ?? [])
    if !text.isEmpty { Terminal.print("\n\(text)") }
  }
}

struct LogoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "End the key of `sluice login`, at the gateway and here.",
    discussion: """
      Exit codes: 0 it is ended, or nobody was logged in; 2 the gateway could not be asked: the key is gone from here, \
      and ends there by itself.
      """)

  func run() throws {
    try running {
      guard let known = try LoginFile.read() else { return Terminal.print("Nobody is logged in.") }
      LoginFile.remove()
      let client = try GatewayClient(
        known.gateway, authorities: known.authorities.isEmpty ? nil : known.authorities)
      let answer = try client.post("/api/v1/login/end", .object([]), key: known.key)
      // One that is not good any more has ended already.
      guard answer.status == 200 || answer.status == 401 else { throw answer.failure }
      Terminal.print("You are logged out of \(known.gateway).")
    }
  }
}

struct WhoAmICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Say who a gateway takes you for.",
    discussion: """
      Asks with the key of `sluice login`, or with that in the environment's SLUICE_KEY.

      Exit codes: 0 the key is good; 1 it is not, or there is none; 2 the gateway could not be asked.
      """)

  @Option(help: "The gateway's address, for a key in SLUICE_KEY.") var gateway: String?
  @Option(help: "Certificates to trust for the gateway, PEM, in place of the system's.") var ca: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try running {
      let known = try LoginFile.read()
      let named = ProcessInfo.processInfo.environment["SLUICE_KEY"].flatMap { $0.isEmpty ? nil : $0 }
      guard let key = named ?? known?.key, let address = gateway ?? known?.gateway else {
        throw CommandFailure(
          message: "nobody is logged in: sluice login https://gateway.example.org", code: 1)
      }
      // A key goes to the gateway that it came from.
      if named == nil, address != known?.gateway {
        throw CommandFailure(message: "you are logged in at \(known?.gateway ?? ""), not there", code: 1)
      }
      let authorities = ca ?? known?.authorities
      let client = try GatewayClient(address, authorities: authorities?.isEmpty == true ? nil : authorities)
      let answer = try client.get("/api/v1/me", key: key)
      guard answer.status == 200 else { throw answer.failure }
      if json { return Terminal.print(answer.body.line) }
      let me = answer.body
      Terminal.print(
        "\(Terminal.plain(me["subject"]?.string ?? "")) \(Terminal.plain(me["email"]?.string ?? "")) at \(client.base)"
      )
      Terminal.print("groups: \(Terminal.plain((me["groups"]?.strings ?? []).joined(separator: ", ")))")
      Terminal.print("roles: \((me["roles"]?.strings ?? []).joined(separator: ", "))")
      let end = me["expires"]?.integer.map { "until \(Terminal.time(Int64($0)))" } ?? "without an end"
      Terminal.print("\(Terminal.plain(me["id"]?.string ?? "")), \(end)")
    }
  }
}

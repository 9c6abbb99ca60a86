internal import Foundation
internal import HTTPSClient
internal import JSONTree

/// Logging in with a browser on this machine: the code flow with PKCE (RFC 7636) and a redirect to loopback (RFC 8252).
/// The code goes from here to the gateway, which exchanges it: no token of the provider's is ever on this machine.
struct BrowserFlow {
  /// How long somebody may take, in seconds.
  static let patience = 300

  let gateway: GatewayClient
  /// What the gateway says of its provider.
  let about: JSONValue
  /// Whether a browser is started; else the address is shown alone.
  let opensBrowser: Bool
  /// Where the browser comes back to; 0: any port that is free (RFC 8252, 7.3).
  let port: Int

  /// The gateway's answer with the key.
  func run() throws -> GatewayClient.Answer {
    guard let endpoint = about["authorization_endpoint"]?.string, HTTPSClient.isAllowed(endpoint),
      let client = about["client_id"]?.string, let scope = about["scope"]?.string
    else { throw CommandFailure(message: "the gateway does not say where to log in", code: 2) }
    let (verifier, state, nonce) = (RandomText.make(), RandomText.make(), RandomText.make())
    let listener = try LoopbackListener(state: state, port: port)
    defer { listener.close() }
    let query = FormFields.encode([
      ("response_type", "code"), ("client_id", client), ("redirect_uri", listener.redirect), ("scope", scope),
      ("state", state), ("nonce", nonce), ("code_challenge", RandomText.challenge(verifier)),
      ("code_challenge_method", "S256"),
    ])
    let address = endpoint + (endpoint.contains("?") ? "&" : "?") + query
    Terminal.complain("Log in with your browser:\n\n  \(address)\n")
    if opensBrowser, !Self.open(address) {
      Terminal.complain("No browser could be started; open the address yourself, or use --device.")
    }
    let code = try listener.wait(seconds: Self.patience)
    return try gateway.post(
      "/api/v1/login/exchange",
      .fields([
        "code": .string(code), "code_verifier": .string(verifier), "nonce": .string(nonce),
        "redirect_uri": .string(listener.redirect),
      ]))
  }

  /// Starts a browser: the one that `BROWSER` names, else the desktop's.
  private static func open(_ address: String) -> Bool {
    let named = ProcessInfo.processInfo.environment["BROWSER"] ?? ""
    for program in [named, "xdg-open", "open"] where !program.isEmpty {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [program, address]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { continue }
      // `env` ends with 127 where there is no such program; a browser may go on for hours.
      for _ in 0..<20 where process.isRunning { usleep(50_000) }
      if process.isRunning || process.terminationStatus == 0 { return true }
    }
    return false
  }
}

internal import Foundation
internal import Glibc
internal import JSONTree

/// Logging in with a browser on another machine (RFC 8628): a code is shown here and entered there.
struct DeviceFlow {
  let gateway: GatewayClient

  /// The gateway's answer with the key.
  func run() throws -> GatewayClient.Answer {
    let begun = try gateway.post("/api/v1/login/device", .object([]))
    guard begun.status == 200 else { throw begun.failure }
    guard let device = begun.body["device_code"]?.string, let user = begun.body["user_code"]?.string,
      let place = begun.body["verification_uri"]?.string
    else { throw CommandFailure(message: "the gateway's provider gives no code for a device", code: 2) }
    Terminal.complain(
      "Open this on any machine and enter the code, if you have begun this yourself:\n\n  \(Terminal.plain(place))\n  \(Terminal.bold(Terminal.plain(user)))\n"
    )
    if let whole = begun.body["verification_uri_complete"]?.string {
      Terminal.complain("Or open \(Terminal.plain(whole))\n")
    }
    var interval = min(60, max(1, begun.body["interval"]?.integer ?? 5))
    let end = secondsNow() + Int64(min(3600, max(30, begun.body["expires_in"]?.integer ?? 600)))
    while secondsNow() < end {
      sleep(UInt32(interval))
      let answer = try gateway.post("/api/v1/login/exchange", .fields(["device_code": .string(device)]))
      switch answer.error {
      case "authorization_pending": continue
      // RFC 8628, 3.5: five seconds more, for this and all later requests.
      case "slow_down": interval = min(60, interval + 5)
      case "temporarily_unavailable": interval = min(60, interval + 5)
      default: return answer
      }
    }
    throw CommandFailure(message: "nobody entered the code in time; run it again", code: 2)
  }
}

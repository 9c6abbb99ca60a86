internal import FilterKit
internal import Notifying

/// Signatures of Standard Webhooks, symmetric: `v1,` and the base64 of an HMAC-SHA-256 over id, time and body.
enum StandardWebhook {
  private static let prefix = "whsec_"

  static func signature(
    id: String, time: String, body: [UInt8], secret: String, option: String
  ) throws(FilterError) -> String {
    let encoded = secret.hasPrefix(prefix) ? String(secret.dropFirst(prefix.count)) : secret
    guard let key = Codes.fromBase64(encoded), (24...64).contains(key.count) else {
      throw FilterError(
        .unavailable, "The secret that '\(option)' names is no whsec_ and 24 to 64 bytes in base64.",
        pointer: "/\(option)")
    }
    return "v1," + Codes.base64(Codes.hmacSHA256(key: key, Array("\(id).\(time).".utf8) + body))
  }

  /// The id and the time of a message whose signature is right.
  static func verify(
    _ call: HookCall, secret: String, option: String
  ) throws(FilterError) -> (id: String, time: Int64) {
    let forged = FilterError(.input, "The signature is missing, too old, or not right.")
    guard call.method == "POST", let id = call.header("webhook-id"),
      let stamp = call.header("webhook-timestamp"),
      let signatures = call.header("webhook-signature"), (1...200).contains(id.utf8.count),
      let time = Int64(stamp),
      Clock.isFresh(time, now: call.time)
    else { throw forged }
    let wanted = try signature(id: id, time: stamp, body: call.body, secret: secret, option: option)
    // While a secret is changed there are several signatures, with blanks between them.
    var isRight = false
    for candidate in signatures.split(separator: " ").prefix(16)
    where Codes.areEqual(String(candidate), wanted) {
      isRight = true
    }
    guard isRight else { throw forged }
    return (id, time)
  }
}

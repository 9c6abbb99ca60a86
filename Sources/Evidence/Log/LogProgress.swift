/// What the writer tells everybody else after each batch.
struct LogProgress: Sendable {
  var status = LogStatus()
  /// The key that signs now.
  var verifierKey: VerifierKey?
  /// Nobody writes any more: the durable size is final.
  var hasEnded = false
}

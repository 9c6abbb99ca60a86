internal import Control
internal import FilterChain

extension Principal {
  /// Whether they may still come in: since they were let in, they may have waited for minutes until people had decided.
  /// [blocking]
  func mayStillComeIn(_ store: Store, now: Int64) throws(ControlError) -> Bool {
    // A key's end moves while its person's provider vouches for them: the store knows it.
    guard established == "keys" else { return expires == 0 || now < expires }
    return try store.isUsable(key: credential, now: now)
  }
}

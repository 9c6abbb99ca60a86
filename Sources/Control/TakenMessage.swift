/// A message that brought somebody's word from elsewhere, so that it is taken once.
public struct TakenMessage: Sendable {
  /// What a replay of it would have in common with it, with who vouches for it.
  public let once: String
  /// Seconds since 1970 UTC: from then on a replay is refused before it gets here.
  public let until: Int64

  public init(once: String, until: Int64) {
    self.once = once
    self.until = until
  }
}

extension Store {
  /// A message need not be remembered for longer than this. Seconds.
  private static let longestMemory: Int64 = 90 * 86_400

  /// Remembers the message, in the transaction that takes what it says: where that fails, nothing was taken.
  static func take(_ message: TakenMessage, now: Int64, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM repliesTaken WHERE until < ?", arguments: [now])
    try database.execute(
      sql: "INSERT INTO repliesTaken (once, until) VALUES (?, ?) ON CONFLICT (once) DO NOTHING",
      arguments: [message.once, min(max(message.until, now), now + Self.longestMemory)])
    guard database.changesCount == 1 else {
      throw ControlError(.replayed, "this very message was taken before")
    }
  }
}

/// How safely a record is held before its append completes. Each level includes those below it.
public enum Durability: UInt8, Comparable, Sendable, CaseIterable {
  /// In memory: lost if the process ends.
  case received
  /// Handed to the operating system: survives the process, lost if the machine stops.
  case written
  /// On stable storage (`fdatasync` returned): survives loss of power.
  case stable

  public static func < (left: Durability, right: Durability) -> Bool { left.rawValue < right.rawValue }
}

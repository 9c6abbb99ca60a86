/// Why a value could not be sealed, opened, or given another of its format.
public enum CryptoError: Error, Sendable, Equatable {
  /// libcrypto does not do what is asked: the algorithm is missing, or there is no memory.
  case unavailable
  /// What is to be opened was not sealed with this key, or has been changed.
  case notAuthentic
  /// The value's format has fewer than a million values, or signs that the alphabet lacks.
  case tooSmall
}

internal import Foundation

/// A value as both databases have it.
enum StoredValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// What may be kept in a column.
protocol Storable {
  var stored: StoredValue { get }
  /// Nil where the column holds something else.
  init?(stored: StoredValue)
}

extension Int64: Storable {
  var stored: StoredValue { .integer(self) }
  init?(stored: StoredValue) {
    guard case .integer(let value) = stored else { return nil }
    self = value
  }
}

extension Int: Storable {
  var stored: StoredValue { .integer(Int64(self)) }
  init?(stored: StoredValue) {
    guard case .integer(let value) = stored, let exact = Int(exactly: value) else { return nil }
    self = exact
  }
}

extension Bool: Storable {
  var stored: StoredValue { .integer(self ? 1 : 0) }
  init?(stored: StoredValue) {
    guard case .integer(let value) = stored else { return nil }
    self = value != 0
  }
}

extension String: Storable {
  var stored: StoredValue { .text(self) }
  init?(stored: StoredValue) {
    guard case .text(let value) = stored else { return nil }
    self = value
  }
}

extension Data: Storable {
  var stored: StoredValue { .blob(Array(self)) }
  init?(stored: StoredValue) {
    guard case .blob(let value) = stored else { return nil }
    self = Data(value)
  }
}

extension Optional: Storable where Wrapped: Storable {
  var stored: StoredValue { self?.stored ?? .null }
  init?(stored: StoredValue) {
    if stored == .null {
      self = .none
    } else {
      guard let value = Wrapped(stored: stored) else { return nil }
      self = .some(value)
    }
  }
}

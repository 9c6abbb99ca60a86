internal import FilterABI
internal import Synchronization

/// A name that findings carry: a kind, a detector, an operation. Interned, so that it is passed and compared as a
/// pointer, and stays where it is for ever.
@safe public struct Name: Hashable, @unchecked Sendable {  // points to memory that is never changed or freed
  let bytes: sluice_bytes

  public static func == (one: Name, other: Name) -> Bool { unsafe one.bytes.data == other.bytes.data }
  public func hash(into hasher: inout Hasher) { unsafe hasher.combine(bytes.data) }

  /// Lends the name's bytes.
  public func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R { unsafe bytes.withSpan(body) }
  public var text: String { unsafe bytes.text }
}

/// The table of all names of this process.
enum Names {
  private static let table = Mutex<[String: Name]>([:])
  /// As many names as there may be: kinds and rules are few, and a plugin must not fill the memory with them.
  private static let maximum = 8192

  /// Interns a name of `allowed` bytes, at most `length` long; nil where it is anything else.
  static func intern(_ bytes: sluice_bytes, length: Int, allowed: (UInt8) -> Bool) -> Name? {
    let isValid = unsafe bytes.withSpan { span in
      guard !span.isEmpty, span.count <= length else { return false }
      for index in span.indices where !allowed(span[index]) { return false }
      return true
    }
    guard isValid else { return nil }
    let text = unsafe bytes.text
    return table.withLock { names in
      if let known = names[text] { return known }
      guard names.count < maximum else { return nil }
      let name = unsafe Name(bytes: immortal(text))
      names[text] = name
      return name
    }
  }

  static func kind(_ bytes: sluice_bytes) -> Name? {
    unsafe intern(bytes, length: 32) { byte in
      (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
    }
  }

  static func rule(_ bytes: sluice_bytes) -> Name? {
    unsafe intern(bytes, length: 64) { byte in
      (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || "-_/.".utf8.contains(byte)
    }
  }

  /// A copy that is never freed.
  static func immortal(_ text: String) -> sluice_bytes {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.utf8.count))
    _ = unsafe copy.initialize(from: text.utf8)
    return unsafe sluice_bytes(UnsafeBufferPointer(rebasing: copy[..<text.utf8.count]))
  }
}

/// Remembers the last names by where the plugin keeps them, so that interning costs a comparison.
///
/// A plugin's names are constants, but nothing makes them so: what is remembered is compared again.
struct NameCache {
  private var entries: [(address: UInt, name: Name)] = []

  mutating func name(_ bytes: sluice_bytes, _ intern: (sluice_bytes) -> Name?) -> Name? {
    let address = unsafe UInt(bitPattern: bytes.data)
    for entry in entries where entry.address == address {
      let isSame = unsafe bytes.withSpan { given in
        entry.name.withBytes { known in
          guard given.count == known.count else { return false }
          for index in given.indices where given[index] != known[index] { return false }
          return true
        }
      }
      if isSame { return entry.name }
    }
    guard let name = unsafe intern(bytes) else { return nil }
    if entries.count >= 64 { entries.removeFirst(32) }
    entries.append((address, name))
    return name
  }
}

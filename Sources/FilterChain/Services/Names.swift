internal import FilterABI
internal import Synchronization

/// A name that findings carry: a kind, a detector, an operation. Interned, so that it is passed and compared as a
/// pointer, and stays where it is for ever.
@safe public struct Name: Hashable, @unchecked Sendable {  // points to memory that is never changed or freed
  private let entry: UnsafePointer<Entry>

  @safe private struct Entry {
    let bytes: sluice_bytes
    let text: String
  }

  fileprivate init(_ text: String) {
    let made = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
    unsafe made.initialize(to: Entry(bytes: Names.immortal(text), text: text))
    unsafe entry = unsafe UnsafePointer(made)
  }

  var bytes: sluice_bytes { unsafe entry.pointee.bytes }

  public static func == (one: Name, other: Name) -> Bool { unsafe one.entry == other.entry }
  public func hash(into hasher: inout Hasher) { unsafe hasher.combine(entry) }

  /// Lends the name's bytes.
  public func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R { unsafe bytes.withSpan(body) }
  public var text: String { unsafe entry.pointee.text }

  /// Whether these are the name's bytes.
  func isEqual(to other: sluice_bytes) -> Bool {
    unsafe other.withSpan { given in
      withBytes { known in
        guard given.count == known.count else { return false }
        for index in given.indices where given[index] != known[index] { return false }
        return true
      }
    }
  }
}

/// The table of all names of this process.
enum Names {
  private static let table = Mutex<[String: Name]>([:])
  /// As many names as there may be: kinds and rules are few, and a plugin must not fill the memory with them, or
  /// carry text out in them.
  private static let maximum = 8192

  /// Interns a name of `allowed` bytes that begins with a letter, at most `length` long; nil where it is anything else.
  private static func intern(_ bytes: sluice_bytes, length: Int, allowed: (UInt8) -> Bool) -> Name? {
    let isValid = unsafe bytes.withSpan { span in
      guard !span.isEmpty, span.count <= length, span[0] | 0x20 >= 0x61, span[0] | 0x20 <= 0x7A else {
        return false
      }
      for index in span.indices where !allowed(span[index]) { return false }
      return true
    }
    guard isValid else { return nil }
    let text = unsafe bytes.text(upTo: length)
    return table.withLock { names in
      if let known = names[text] { return known }
      guard names.count < maximum else { return nil }
      let name = Name(text)
      names[text] = name
      return name
    }
  }

  /// A finding's kind: upper-case ASCII, digits and `_`, at most 32 bytes.
  static func kind(_ bytes: sluice_bytes) -> Name? {
    unsafe intern(bytes, length: 32) { byte in
      (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
    }
  }

  /// A detector's rule or a score's reason: lower-case ASCII, digits and `-_/.`, at most 64 bytes.
  static func rule(_ bytes: sluice_bytes) -> Name? { unsafe intern(bytes, length: 64, allowed: isRuleByte) }

  /// A mask's operation: as a rule, at most 32 bytes.
  static func operation(_ bytes: sluice_bytes) -> Name? {
    unsafe intern(bytes, length: 32, allowed: isRuleByte)
  }

  private static func isRuleByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// A copy that is never freed.
  static func immortal(_ text: String) -> sluice_bytes {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.utf8.count))
    _ = unsafe copy.initialize(from: text.utf8)
    return unsafe sluice_bytes(UnsafeBufferPointer(rebasing: copy[..<text.utf8.count]))
  }
}

/// Remembers the last names by where the plugin keeps them, so that interning costs a comparison and no lock.
///
/// A plugin's names are constants mostly, but nothing makes them so: what is remembered is compared again.
struct NameCache {
  private var entries: [(address: UInt, name: Name)] = []
  private var last = 0

  mutating func name(_ bytes: sluice_bytes, _ intern: (sluice_bytes) -> Name?) -> Name? {
    let address = unsafe UInt(bitPattern: bytes.data)
    if last < entries.count, entries[last].address == address, unsafe entries[last].name.isEqual(to: bytes) {
      return entries[last].name
    }
    for index in entries.indices where entries[index].address == address {
      if unsafe entries[index].name.isEqual(to: bytes) {
        last = index
        return entries[index].name
      }
    }
    guard let name = unsafe intern(bytes) else { return nil }
    if entries.count >= 64 { entries.removeFirst(32) }
    entries.append((address, name))
    last = entries.count - 1
    return name
  }
}

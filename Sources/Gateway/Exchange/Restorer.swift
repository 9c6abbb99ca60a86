internal import Payload

/// Puts the client's own values back in place of their placeholders (`restore: own`): those alone that this very
/// request carried, so that no value of anyone else's can come out, and nothing is remembered between requests.
///
/// A placeholder that the model has changed is left alone.
struct Restorer {
  private struct Entry {
    let placeholder: [UInt8]
    let value: [UInt8]
  }

  private var entries: [Entry] = []
  private var longest = 0
  /// Placeholders that stand for two values: they stay.
  private var ambiguous: Set<[UInt8]> = []

  /// As many values of one request are kept, of so many bytes in all; the others stay masked.
  private static let maximumEntries = 4096
  private static let maximumBytes = 1 << 20
  private var bytes = 0

  var isEmpty: Bool { entries.isEmpty }

  /// Takes in an edit of the request: what the client wrote, and what was put in its place.
  mutating func add(value: Span<UInt8>, placeholder: Span<UInt8>) {
    guard Self.isPlaceholder(placeholder) else { return }
    let placeholder = Array(copyOf: placeholder)
    let value = Array(copyOf: value)
    if let known = entries.first(where: { $0.placeholder == placeholder }) {
      guard known.value != value else { return }
      entries.removeAll { $0.placeholder == placeholder }
      ambiguous.insert(placeholder)
      return
    }
    bytes += value.count + placeholder.count
    guard entries.count < Self.maximumEntries, bytes <= Self.maximumBytes, !ambiguous.contains(placeholder)
    else { return }
    longest = max(longest, placeholder.count)
    entries.append(Entry(placeholder: placeholder, value: value))
  }

  /// `[KIND_ABCDE]`: what no text has by chance.
  private static func isPlaceholder(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 6, text.count <= 128, text[0] == UInt8(ascii: "["),
      text[text.count - 1] == UInt8(ascii: "]")
    else { return false }
    for index in 1..<text.count - 1 {
      switch text[index] {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        continue
      default: return false
      }
    }
    // What tells one value from another: without it a placeholder stands for any of its kind.
    let tag = text.indices.last { text[$0] == UInt8(ascii: "_") }
    return tag.map { text.count - $0 >= 7 } ?? false
  }

  private enum Match {
    case whole(Entry)
    /// It may become one when more has come.
    case beginning
    case none
  }

  private func match(_ text: Span<UInt8>, at start: Int) -> Match {
    var end = start + 1
    while end < text.count, end - start < longest, text[end] != UInt8(ascii: "]"),
      text[end] != UInt8(ascii: "[")
    { end += 1 }
    guard end - start < longest else { return .none }
    guard end < text.count else { return .beginning }
    guard text[end] == UInt8(ascii: "]") else { return .none }
    let candidate = text.extracting(start...end)
    for entry in entries where entry.placeholder.count == candidate.count {
      if candidate.indices.allSatisfy({ candidate[$0] == entry.placeholder[$0] }) { return .whole(entry) }
    }
    return .none
  }

  /// The placeholders in a text that is whole, in order.
  func edits(of text: Span<UInt8>) -> [(range: Range<Int>, value: [UInt8])] {
    var found: [(range: Range<Int>, value: [UInt8])] = []
    var position = 0
    while position < text.count {
      if text[position] == UInt8(ascii: "["), case .whole(let entry) = match(text, at: position) {
        found.append((position..<position + entry.placeholder.count, entry.value))
        position += entry.placeholder.count
      } else {
        position += 1
      }
    }
    return found
  }

  /// Takes the next piece of a text and appends what may go out. `held` keeps the beginning of what may become a
  /// placeholder between the calls.
  func restore(_ piece: Span<UInt8>, end: Bool, held: inout [UInt8], into output: inout [UInt8]) {
    var text = held
    text.append(contentsOf: Array(copyOf: piece))
    held = []
    var position = 0
    var copied = 0
    scan: while position < text.count {
      guard text[position] == UInt8(ascii: "[") else {
        position += 1
        continue
      }
      switch match(text.span, at: position) {
      case .whole(let entry):
        output += text[copied..<position]
        output += entry.value
        position += entry.placeholder.count
        copied = position
      case .beginning where !end:
        output += text[copied..<position]
        held = Array(text[position...])
        return
      case .beginning, .none: position += 1
      }
    }
    output += text[copied...]
  }
}

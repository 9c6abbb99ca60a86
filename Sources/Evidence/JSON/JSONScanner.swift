/// Steps over JSON values without building anything: the check that a record has the shape it must have.
///
/// Each function takes the position of a value and moves it past the value, or returns false. Values nested
/// deeper than `maximumDepth` are refused. There is no white space in canonical JSON, so none is taken.
enum JSONScanner {
  static let maximumDepth = 128

  /// Whether `bytes` is one value and nothing else.
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    var position = 0
    return skipValue(bytes.span, &position) && position == bytes.count
  }

  static func skipValue(_ text: Span<UInt8>, _ i: inout Int, depth: Int = 0) -> Bool {
    guard i < text.count else { return false }
    switch text[i] {
    case UInt8(ascii: "{"): return depth < maximumDepth && skipObject(text, &i, depth: depth)
    case UInt8(ascii: "["): return depth < maximumDepth && skipArray(text, &i, depth: depth)
    case UInt8(ascii: "\""): return skipString(text, &i)
    case UInt8(ascii: "t"): return skip("true", text, &i)
    case UInt8(ascii: "f"): return skip("false", text, &i)
    case UInt8(ascii: "n"): return skip("null", text, &i)
    default: return skipNumber(text, &i)
    }
  }

  private static func skipObject(_ text: Span<UInt8>, _ i: inout Int, depth: Int) -> Bool {
    i += 1
    if take("}", text, &i) { return true }
    repeat {
      guard skipString(text, &i), take(":", text, &i), skipValue(text, &i, depth: depth + 1) else {
        return false
      }
    } while take(",", text, &i)
    return take("}", text, &i)
  }

  /// Where the value of `key` lies in the object at `start`, or nil. Keys with escapes are not found.
  static func member(_ key: StaticString, of text: Span<UInt8>, _ start: Int) -> Range<Int>? {
    var i = start
    guard take("{", text, &i) else { return nil }
    repeat {
      let name = i
      guard skipString(text, &i) else { return nil }
      let length = i - name - 2
      var position = name + 1
      let isWanted = length == key.utf8CodeUnitCount && skip(key, text, &position)
      guard take(":", text, &i) else { return nil }
      let value = i
      guard skipValue(text, &i) else { return nil }
      if isWanted { return value..<i }
    } while take(",", text, &i)
    return nil
  }

  /// Calls `body` with where each element of the array at `start` lies.
  static func forEachElement(of text: Span<UInt8>, _ start: Int, _ body: (Range<Int>) -> Void) {
    var i = start
    guard take("[", text, &i), !take("]", text, &i) else { return }
    repeat {
      let element = i
      guard skipValue(text, &i) else { return }
      body(element..<i)
    } while take(",", text, &i)
  }

  private static func skipArray(_ text: Span<UInt8>, _ i: inout Int, depth: Int) -> Bool {
    i += 1
    if take("]", text, &i) { return true }
    repeat {
      guard skipValue(text, &i, depth: depth + 1) else { return false }
    } while take(",", text, &i)
    return take("]", text, &i)
  }

  static func skipString(_ text: Span<UInt8>, _ i: inout Int) -> Bool {
    guard take("\"", text, &i) else { return false }
    let bytes = unsafe text.bytes
    while i < text.count {
      // Eight at a time where none of them means anything.
      if i + 8 <= text.count,
        unsafe !holdsMark(bytes.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self))
      {
        i += 8
        continue
      }
      let byte = text[i]
      i += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      if byte == UInt8(ascii: "\\") {
        guard i < text.count else { return false }
        switch text[i] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
          UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
          i += 1
        case UInt8(ascii: "u"):
          guard i + 4 < text.count else { return false }
          for j in i + 1...i + 4 {
            switch text[j] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
              UInt8(ascii: "A")...UInt8(ascii: "F"):
              continue
            default: return false
            }
          }
          i += 5
        default: return false
        }
      }
    }
    return false
  }

  /// Whether one of a word's bytes ends a string, begins an escape or is a control character. It may say so of a word
  /// without any, never the other way round.
  private static func holdsMark(_ word: UInt64) -> Bool {
    func hasZero(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }
    let control = (word &- 0x2020_2020_2020_2020) & ~word
    let quote = hasZero(word ^ 0x2222_2222_2222_2222)
    let escape = hasZero(word ^ 0x5c5c_5c5c_5c5c_5c5c)
    return (control | quote | escape) & 0x8080_8080_8080_8080 != 0
  }

  private static func skipNumber(_ text: Span<UInt8>, _ i: inout Int) -> Bool {
    _ = take("-", text, &i)
    if !take("0", text, &i) { guard skipDigits(text, &i) else { return false } }
    if take(".", text, &i) { guard skipDigits(text, &i) else { return false } }
    if take("e", text, &i) || take("E", text, &i) {
      _ = take("+", text, &i) || take("-", text, &i)
      guard skipDigits(text, &i) else { return false }
    }
    return true
  }

  private static func skipDigits(_ text: Span<UInt8>, _ i: inout Int) -> Bool {
    let start = i
    while i < text.count, text[i] &- UInt8(ascii: "0") < 10 { i += 1 }
    return i > start
  }

  private static func take(_ mark: Unicode.Scalar, _ text: Span<UInt8>, _ i: inout Int) -> Bool {
    guard i < text.count, text[i] == UInt8(ascii: mark) else { return false }
    i += 1
    return true
  }

  /// Moves past exactly `literal`.
  static func skip(_ literal: StaticString, _ text: Span<UInt8>, _ i: inout Int) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard i + count <= text.count else { return false }
    for j in 0..<count {
      guard unsafe text[i + j] == literal.utf8Start[j] else { return false }
    }
    i += count
    return true
  }
}

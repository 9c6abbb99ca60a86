/// What a string that is no plain text holds.
enum Wrapped {
  case none
  /// An image, a sound or a file.
  case media
  case text(WalkedBody.Wrapping)

  /// A shorter base64 is a word or an id.
  private static let shortest = 24

  /// Looks at a string; appends the text that it holds, where it holds one.
  init(of string: Span<UInt8>, into text: inout [UInt8]) {
    do {
      if let url = try DataURL(parsing: string) {
        self = Self.dataURL(url, string, into: &text)
      } else {
        self = Self.base64(string, into: &text)
      }
    } catch {
      // Readers differ on what it is.
      self = .media
    }
  }

  private static func dataURL(_ url: DataURL, _ string: Span<UInt8>, into text: inout [UInt8]) -> Wrapped {
    guard url.isBase64 || url.mediaClass == .text else { return .media }
    do { try url.decode(string, into: &text) } catch { return .none }
    guard url.isUTF8, MediaSniff.kind(of: text.span, window: .max) == .text(.utf8) else { return .media }
    // What is read as it stands needs no unwrapping.
    return url.isBase64 || string.extracting(url.data).contains(UInt8(ascii: "%")) ? .text(.dataURL) : .none
  }

  private static func base64(_ string: Span<UInt8>, into text: inout [UInt8]) -> Wrapped {
    guard string.count >= shortest else { return .none }
    var isURL = false
    for index in string.indices {
      switch string[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
        continue
      case UInt8(ascii: "-"), UInt8(ascii: "_"): isURL = true
      default: return .none
      }
    }
    do {
      try Base64.decode(
        string, alphabet: isURL ? .url : .standard, padding: .optional, into: &text)
    } catch { return .none }
    switch MediaSniff.kind(of: text.span, window: .max) {
    case .text(.utf8): return .text(isURL ? .base64url : .base64)
    case .binary(.some): return string.count >= 64 ? .media : .none
    case .text, .binary, .empty: return .none
    }
  }
}

extension Span where Element == UInt8 {
  fileprivate func contains(_ byte: UInt8) -> Bool {
    for index in indices where self[index] == byte { return true }
    return false
  }
}

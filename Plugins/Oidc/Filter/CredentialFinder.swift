internal import FilterKit
internal import OidcTokens

/// Goes through the headers that may carry a token and says which one was meant, if any.
///
/// What has two dots or more is a token; anything else is some other authenticator's. Two credentials that differ, one
/// of which is a token, are refused rather than guessed at.
struct CredentialFinder {
  enum Outcome {
    /// No token.
    case none
    case tooLarge
    /// Several credentials, and they disagree.
    case ambiguous
    case token(TokenDigest)
  }

  private static let maximumCount = 8

  private let digester: TokenDigester
  private var count = 0
  private var found: TokenDigest?
  private var isTooLarge = false
  private var isAmbiguous = false
  private var hasForeign = false
  private var failure: FilterError?

  init(digester: TokenDigester) { self.digester = digester }

  mutating func add(authorization value: Span<UInt8>) {
    guard let token = Self.bearer(value) else {
      if !value.isEmpty { hasForeign = true }
      return
    }
    add(value.extracting(token))
  }

  /// Takes the value of a field that holds a credential and nothing else.
  mutating func add(_ value: Span<UInt8>) {
    let value = value.extracting(Self.trimmed(value))
    if value.isEmpty { return }
    guard Self.isToken(value) else { return hasForeign = true }
    count += 1
    guard count <= Self.maximumCount else { return isAmbiguous = true }
    guard value.count <= SignedToken.maximumSize else { return isTooLarge = true }
    do throws(FilterError) {
      let digest = try digester.digest(of: value)
      if let found, found != digest { isAmbiguous = true }
      found = digest
    } catch { failure = error }
  }

  func outcome() throws(FilterError) -> Outcome {
    if let failure { throw failure }
    if isAmbiguous || (hasForeign && (found != nil || isTooLarge)) { return .ambiguous }
    if isTooLarge { return .tooLarge }
    return found.map { .token($0) } ?? .none
  }

  /// Where in an Authorization field the credentials of the Bearer scheme stand (RFC 9110, 11.4; RFC 6750, 2.1).
  static func bearer(_ value: Span<UInt8>) -> Range<Int>? {
    let range = trimmed(value)
    let word: InlineArray<6, UInt8> = [0x62, 0x65, 0x61, 0x72, 0x65, 0x72]  // "bearer"
    guard range.count > 7, value[range.lowerBound + 6] == UInt8(ascii: " ") else { return nil }
    for index in 0..<6 where value[range.lowerBound + index] | 0x20 != word[index] { return nil }
    return range.lowerBound + 7..<range.upperBound
  }

  /// What is left without the blanks around it (RFC 9110, 5.6.3).
  static func trimmed(_ value: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = value.count
    while start < end, value[start] == 0x20 || value[start] == 0x09 { start += 1 }
    while end > start, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
    return start..<end
  }

  static func isToken(_ value: Span<UInt8>) -> Bool {
    var dots = 0
    for index in value.indices where value[index] == UInt8(ascii: ".") {
      dots += 1
      if dots == 2 { return true }
    }
    return false
  }
}

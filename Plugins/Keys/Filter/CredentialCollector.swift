internal import FilterKit

/// Goes through the headers that may carry a key and says which one was meant, if any.
///
/// Two headers that carry the same key are one credential. Two that differ, one of which is ours, are refused
/// rather than guessed at: a proxy in between may have added one of them.
struct CredentialCollector {
  /// The start of every key that this installation issues. Anything else is some other authenticator's.
  static let prefix: StaticString = "sk-sluice-"
  /// The longest key that is looked at, in bytes. Issued ones are shorter than 64.
  static let maximumLength = 256
  /// The most credentials in one head.
  static let maximumCount = 8

  enum Outcome {
    /// No key of ours.
    case none
    /// It begins as ours do, and can't be one.
    case malformed
    /// Several credentials, and they disagree.
    case ambiguous
    case key(SHA256Digest)
  }

  private let digester: SHA256Digester
  private var count = 0
  private var ours: SHA256Digest?
  private var isMalformed = false
  private var isAmbiguous = false
  private var hasForeign = false
  private var failure: FilterError?

  init(digester: SHA256Digester) {
    self.digester = digester
  }

  /// Takes the value of an Authorization field: a scheme, blanks, and the credentials (RFC 9110, 11.4).
  mutating func add(authorization value: Span<UInt8>) {
    let value = value.extracting(trimmed(value))
    var end = 0
    while end < value.count, value[end] != UInt8(ascii: " ") { end += 1 }
    guard isBearer(value.extracting(0..<end)) else {
      if !value.isEmpty { addForeign() }
      return
    }
    add(key: value.extracting(end..<value.count))
  }

  /// Takes the value of a field that holds a key and nothing else.
  mutating func add(key value: Span<UInt8>) {
    let key = value.extracting(trimmed(value))
    if key.isEmpty { return }
    guard hasPrefix(key) else { return addForeign() }
    count += 1
    guard count <= Self.maximumCount else {
      isAmbiguous = true
      return
    }
    guard key.count <= Self.maximumLength, hasOnlyKeyBytes(key) else {
      isMalformed = true
      return
    }
    do throws(FilterError) {
      let digest = try digester.digest(of: key)
      if let ours, ours != digest { isAmbiguous = true }
      ours = digest
    } catch { failure = error }
  }

  func outcome() throws(FilterError) -> Outcome {
    if let failure { throw failure }
    if isAmbiguous { return .ambiguous }
    if hasForeign && (ours != nil || isMalformed) { return .ambiguous }
    if isMalformed { return .malformed }
    guard let ours else { return .none }
    return .key(ours)
  }

  private mutating func addForeign() {
    hasForeign = true
  }
}

/// What is left without the blanks around it (RFC 9110, 5.6.3).
private func trimmed(_ value: Span<UInt8>) -> Range<Int> {
  var start = 0
  var end = value.count
  while start < end, value[start] == 0x20 || value[start] == 0x09 { start += 1 }
  while end > start, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
  return start..<end
}

private func isBearer(_ scheme: Span<UInt8>) -> Bool {
  guard scheme.count == 6 else { return false }
  let word: InlineArray<6, UInt8> = [0x62, 0x65, 0x61, 0x72, 0x65, 0x72]  // "bearer"
  for index in scheme.indices where scheme[index] | 0x20 != word[index] { return false }
  return true
}

private func hasPrefix(_ key: Span<UInt8>) -> Bool {
  let prefix = CredentialCollector.prefix
  guard key.count >= prefix.utf8CodeUnitCount else { return false }
  for index in 0..<prefix.utf8CodeUnitCount where unsafe key[index] != prefix.utf8Start[index] {
    return false
  }
  return true
}

/// Letters, digits, `-` and `_`: what keys are made of.
private func hasOnlyKeyBytes(_ key: Span<UInt8>) -> Bool {
  for index in key.indices {
    switch key[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      continue
    default: return false
    }
  }
  return true
}

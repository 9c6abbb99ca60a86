internal import COpenSSL
internal import FilterKit
internal import OidcTokens
internal import Synchronization

/// A keyed hash of a token: SHA-256 over a random key of this process and the token. The token itself is not kept.
struct TokenDigest: Hashable, Sendable {
  var words: InlineArray<4, UInt64> = [0, 0, 0, 0]

  static func == (one: TokenDigest, other: TokenDigest) -> Bool {
    var difference: UInt64 = 0
    for index in 0..<4 { difference |= one.words[index] ^ other.words[index] }
    return difference == 0
  }

  func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }
}

/// Computes digests of tokens. Shared between threads.
@safe final class TokenDigester: @unchecked Sendable {  // an EVP_MD is immutable and counted atomically
  private let algorithm: OpaquePointer
  private let key: [UInt8]
  private let idle = Mutex<[Context]>([])

  /// One computation at a time.
  @safe private struct Context: @unchecked Sendable { let pointer: OpaquePointer }

  init() throws(FilterError) {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA2-256", nil) else {
      throw FilterError(.internal, "libcrypto offers no SHA-256: check its configuration and providers.")
    }
    unsafe self.algorithm = algorithm
    var random = SystemRandomNumberGenerator()
    key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  deinit {
    for context in idle.withLock({ $0 }) { unsafe EVP_MD_CTX_free(context.pointer) }
    unsafe EVP_MD_free(algorithm)
  }

  func digest(of token: Span<UInt8>) throws(FilterError) -> TokenDigest {
    guard let context = idle.withLock({ $0.popLast() }) ?? Self.make() else {
      throw FilterError(.internal, "libcrypto has no memory for a SHA-256.")
    }
    defer { idle.withLock { $0.append(context) } }
    var digest = TokenDigest()
    var status: Int32 = 0
    var target = digest.words.mutableSpan
    unsafe token.withUnsafeBytes { token in
      unsafe target.withUnsafeMutableBytes { target in
        status =
          unsafe EVP_DigestInit_ex2(context.pointer, algorithm, nil) == 1
          && EVP_DigestUpdate(context.pointer, key, key.count) == 1
          && EVP_DigestUpdate(context.pointer, token.baseAddress, token.count) == 1
          && EVP_DigestFinal_ex(
            context.pointer, target.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
          ? 1 : 0
      }
    }
    guard status == 1 else { throw FilterError(.internal, "libcrypto failed to compute a SHA-256.") }
    return digest
  }

  private static func make() -> Context? {
    guard let made = unsafe EVP_MD_CTX_new() else { return nil }
    return unsafe Context(pointer: made)
  }
}

/// Tokens that were found good, until they end: the signature of one is checked once.
///
/// Bounded by two generations: what is not asked for while a whole generation passes is forgotten.
final class TokenCache: Sendable {
  struct Entry: Sendable {
    let principal: Principal
    let until: Int64
    let keyID: String
    let key: KeySet.SigningKey
  }

  private struct State {
    var young: [TokenDigest: Entry] = [:]
    var old: [TokenDigest: Entry] = [:]
    var era = 0
  }

  /// Entries of one generation.
  private let maximum: Int
  private let state = Mutex(State())

  init(maximum: Int = 10_000) { self.maximum = maximum }

  /// Changes whenever keys have: see ``insert(_:_:era:)``.
  var era: Int { state.withLock { $0.era } }

  /// - Parameter now: seconds since 1970 UTC.
  func find(_ digest: TokenDigest, now: Int64) -> Principal? {
    state.withLock { state in
      if let entry = state.young[digest] {
        if now < entry.until { return entry.principal }
        state.young[digest] = nil
        return nil
      }
      guard let entry = state.old.removeValue(forKey: digest), now < entry.until else { return nil }
      add(entry, digest, &state)
      return entry.principal
    }
  }

  /// Remembers a token that was checked with the keys of an era. Where they have changed since, it is not.
  func insert(_ entry: Entry, _ digest: TokenDigest, era: Int) {
    state.withLock { state in
      if state.era == era { add(entry, digest, &state) }
    }
  }

  /// Forgets the tokens whose key is not among these any more.
  func keep(signedBy keys: KeySet) {
    state.withLock { state in
      state.era += 1
      state.young = state.young.filter { keys.has($0.value.key, id: $0.value.keyID) }
      state.old = state.old.filter { keys.has($0.value.key, id: $0.value.keyID) }
    }
  }

  private func add(_ entry: Entry, _ digest: TokenDigest, _ state: inout State) {
    if state.young.count >= maximum {
      state.old = state.young
      state.young = [:]
    }
    state.young[digest] = entry
  }

  var count: Int { state.withLock { $0.young.count + $0.old.count } }
}

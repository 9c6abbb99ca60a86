internal import COpenSSL

/// A key that a provider signs with, as libcrypto's EVP_PKEY. Shared between threads: it is never changed.
@safe package final class PublicKey: @unchecked Sendable {
  package enum Curve: Sendable {
    case p256, p384, p521

    /// Bytes of a coordinate, and of each half of a signature (RFC 7518, 3.4 and 6.2.1.2).
    var size: Int {
      switch self {
      case .p256: 32
      case .p384: 48
      case .p521: 66
      }
    }

    var name: String {
      switch self {
      case .p256: "P-256"
      case .p384: "P-384"
      case .p521: "P-521"
      }
    }
  }

  package enum Kind: Sendable, Equatable {
    case rsa
    case elliptic(Curve)
    case edwards
  }

  package let kind: Kind
  private let key: OpaquePointer
  /// Bytes of a signature; for RSA as long as the modulus.
  private let signatureSize: Int

  private init(_ kind: Kind, _ key: OpaquePointer, signatureSize: Int) {
    self.kind = kind
    unsafe self.key = key
    self.signatureSize = signatureSize
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// An RSA key (RFC 7518, 6.3.1); nil where it is none.
  package static func rsa(modulus: [UInt8], exponent: [UInt8]) -> PublicKey? {
    guard let parts = Parameters() else { return nil }
    guard parts.add("n", number: modulus), parts.add("e", number: exponent),
      let key = unsafe parts.key("RSA")
    else { return nil }
    return unsafe PublicKey(.rsa, key, signatureSize: (Int(EVP_PKEY_get_bits(key)) + 7) / 8)
  }

  /// A point on a curve (RFC 7518, 6.2.1); nil where it is not on it.
  package static func elliptic(_ curve: Curve, x: [UInt8], y: [UInt8]) -> PublicKey? {
    guard x.count == curve.size, y.count == curve.size, let parts = Parameters() else { return nil }
    guard parts.add("group", text: curve.name), parts.add("pub", bytes: [4] + x + y),
      let key = unsafe parts.key("EC")
    else { return nil }
    return unsafe PublicKey(.elliptic(curve), key, signatureSize: 2 * curve.size)
  }

  /// An Ed25519 or Ed448 key (RFC 8037, 2), by its length.
  package static func edwards(_ bytes: [UInt8]) -> PublicKey? {
    let type: Int32
    switch bytes.count {
    case 32: type = EVP_PKEY_ED25519
    case 57: type = EVP_PKEY_ED448
    default: return nil
    }
    guard let key = unsafe EVP_PKEY_new_raw_public_key(type, nil, bytes, bytes.count) else { return nil }
    return unsafe PublicKey(.edwards, key, signatureSize: 2 * bytes.count)
  }

  /// Whether the signature is this key's over the text.
  package func verifies(_ signature: [UInt8], of text: ArraySlice<UInt8>, _ algorithm: Algorithm) -> Bool {
    guard algorithm.kind == kind, signature.count == signatureSize else { return false }
    var signature = signature
    if case .elliptic(let curve) = kind {
      guard let encoded = Self.encoded(signature, half: curve.size) else { return false }
      signature = encoded
    }
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer {
      unsafe EVP_MD_CTX_free(context)
      ERR_clear_error()  // a bad signature leaves its reasons in the thread's queue
    }
    var pss: OpaquePointer?
    guard unsafe EVP_DigestVerifyInit_ex(context, &pss, algorithm.digest, nil, nil, key, nil) == 1 else {
      return false
    }
    if algorithm.isPSS {
      guard unsafe EVP_PKEY_CTX_set_rsa_padding(pss, RSA_PKCS1_PSS_PADDING) == 1,
        unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(pss, RSA_PSS_SALTLEN_DIGEST) == 1
      else { return false }
    }
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe EVP_DigestVerify(context, signature, signature.count, text.baseAddress, text.count) == 1
    }
  }

  /// An ECDSA signature as libcrypto takes it (DER), from its two halves.
  private static func encoded(_ signature: [UInt8], half: Int) -> [UInt8]? {
    guard let pair = unsafe ECDSA_SIG_new() else { return nil }
    defer { unsafe ECDSA_SIG_free(pair) }
    let halves = unsafe signature.withUnsafeBufferPointer { bytes in
      unsafe (
        BN_bin2bn(bytes.baseAddress, Int32(half), nil), BN_bin2bn(bytes.baseAddress! + half, Int32(half), nil)
      )
    }
    guard unsafe ECDSA_SIG_set0(pair, halves.0, halves.1) == 1 else { return nil }
    var output: UnsafeMutablePointer<UInt8>?
    let count = unsafe i2d_ECDSA_SIG(pair, &output)
    guard count > 0, let output = unsafe output else { return nil }
    defer { unsafe CRYPTO_free(output, nil, 0) }
    return unsafe Array(UnsafeBufferPointer(start: output, count: Int(count)))
  }
}

/// The parts of a key in the making.
@safe private final class Parameters {
  private let builder: OpaquePointer
  private var numbers: [OpaquePointer] = unsafe []
  /// What the builder points to until the key is made.
  private var kept: [UnsafeMutablePointer<UInt8>] = unsafe []

  /// EVP_PKEY_PUBLIC_KEY, which is made of macros that Swift doesn't see.
  private static let publicKey = Int32(sluice_evp_pkey_public_key)

  init?() {
    guard let builder = unsafe OSSL_PARAM_BLD_new() else { return nil }
    unsafe self.builder = builder
  }

  deinit {
    unsafe OSSL_PARAM_BLD_free(builder)
    unsafe numbers.forEach { unsafe BN_free($0) }
    unsafe kept.forEach { unsafe $0.deallocate() }
  }

  func add(_ name: StaticString, number bytes: [UInt8]) -> Bool {
    guard let number = unsafe BN_bin2bn(bytes, Int32(bytes.count), nil) else { return false }
    unsafe numbers.append(number)
    return unsafe OSSL_PARAM_BLD_push_BN(builder, cString(name), number) == 1
  }

  func add(_ name: StaticString, text: String) -> Bool {
    let copy = unsafe keep(Array(text.utf8) + [0])
    return unsafe OSSL_PARAM_BLD_push_utf8_string(
      builder, cString(name), UnsafeRawPointer(copy).assumingMemoryBound(to: CChar.self), text.utf8.count)
      == 1
  }

  func add(_ name: StaticString, bytes: [UInt8]) -> Bool {
    unsafe OSSL_PARAM_BLD_push_octet_string(builder, cString(name), keep(bytes), bytes.count) == 1
  }

  /// The key; nil where its parts make none.
  func key(_ type: String) -> OpaquePointer? {
    defer { ERR_clear_error() }
    guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else { return nil }
    defer { unsafe OSSL_PARAM_free(parameters) }
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_fromdata_init(context) == 1,
      unsafe EVP_PKEY_fromdata(context, &key, Self.publicKey, parameters) == 1
    else { return nil }
    return unsafe key
  }

  private func keep(_ bytes: [UInt8]) -> UnsafeMutablePointer<UInt8> {
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
    unsafe copy.initialize(from: bytes, count: bytes.count)
    unsafe kept.append(copy)
    return unsafe copy
  }

  private func cString(_ name: StaticString) -> UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

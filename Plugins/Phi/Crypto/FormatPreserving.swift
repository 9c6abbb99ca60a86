internal import COpenSSL

/// FF1 (NIST SP 800-38G, 5.1): encrypts a row of digits of some radix into another row of as many digits of it.
///
/// Revision 1 of the standard asks for at least a million values (its 4.1): shorter rows are refused.
public struct FormatPreserving: Sendable {
  private static let leastValues = 1_000_000
  private static let rounds: ClosedRange<UInt8> = 0...9

  private let key: [UInt8]
  private let radix: UInt32

  /// - Parameters:
  ///   - key: of AES: 16, 24 or 32 bytes.
  ///   - radix: 2 to 256.
  public init(key: [UInt8], radix: Int) {
    self.key = key
    self.radix = UInt32(radix)
  }

  /// Whether rows of so many digits have enough values.
  public static func isLargeEnough(radix: Int, count: Int) -> Bool {
    var values = 1
    for _ in 0..<count {
      values *= radix
      if values >= leastValues { return true }
    }
    return false
  }

  /// - Parameter digits: each below the radix.
  public func encrypt(_ digits: [UInt8], tweak: [UInt8]) throws(CryptoError) -> [UInt8] {
    try run(digits, tweak: tweak, isEncrypting: true)
  }

  public func decrypt(_ digits: [UInt8], tweak: [UInt8]) throws(CryptoError) -> [UInt8] {
    try run(digits, tweak: tweak, isEncrypting: false)
  }

  private func run(_ digits: [UInt8], tweak: [UInt8], isEncrypting: Bool) throws(CryptoError) -> [UInt8] {
    guard Self.isLargeEnough(radix: Int(radix), count: digits.count),
      digits.allSatisfy({ UInt32($0) < radix }), digits.count < 1 << 16, tweak.count < 1 << 16
    else { throw .tooSmall }
    let length = digits.count
    let (u, v) = (length / 2, length - length / 2)
    var (a, b) = (Array(digits[..<u]), Array(digits[u...]))
    // How many bytes the larger half has as a number.
    let most = number(of: [UInt8](repeating: UInt8(radix - 1), count: v))
    let width = most.count
    let wanted = 4 * ((width + 3) / 4) + 4
    let first =
      [1, 2, 1] + bytes(radix, 3) + [10, UInt8(truncatingIfNeeded: u)] + bytes(UInt32(length), 4)
      + bytes(UInt32(tweak.count), 4)
    let padding = [UInt8](repeating: 0, count: (16 - (tweak.count + width + 1) % 16) % 16)
    let aes = try Block(key: key)
    for step in Self.rounds {
      let round = isEncrypting ? step : Self.rounds.upperBound - step
      let m = round % 2 == 0 ? u : v
      let source = number(of: isEncrypting ? b : a)
      let filled = [UInt8](repeating: 0, count: width - source.count) + source
      let y = try expand(
        aes.chain(first + tweak + padding + [round] + filled), to: wanted, aes)
      let shift = lastDigits(of: y, m)
      if isEncrypting {
        let sum = add(a, shift)
        (a, b) = (b, sum)
      } else {
        let difference = subtract(b, shift)
        (a, b) = (difference, a)
      }
    }
    return a + b
  }

  private func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * (count - 1 - $0))) }
  }

  /// The number that digits make, in bytes, the most significant first and not 0.
  private func number(of digits: [UInt8]) -> [UInt8] {
    var value: [UInt8] = []  // the least significant first
    for digit in digits {
      var carry = UInt32(digit)
      for index in value.indices {
        carry += UInt32(value[index]) * radix
        value[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      while carry > 0 {
        value.append(UInt8(truncatingIfNeeded: carry))
        carry >>= 8
      }
    }
    return value.reversed()
  }

  /// The last `count` digits of a number of bytes.
  private func lastDigits(of number: [UInt8], _ count: Int) -> [UInt8] {
    var value = number
    var digits = [UInt8](repeating: 0, count: count)
    for place in digits.indices.reversed() {
      var rest: UInt32 = 0
      for index in value.indices {
        rest = rest << 8 | UInt32(value[index])
        value[index] = UInt8(truncatingIfNeeded: rest / radix)
        rest %= radix
      }
      digits[place] = UInt8(truncatingIfNeeded: rest)
    }
    return digits
  }

  private func add(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
    var result = one
    var carry: UInt32 = 0
    for index in one.indices.reversed() {
      let sum = UInt32(one[index]) + UInt32(other[index]) + carry
      result[index] = UInt8(truncatingIfNeeded: sum % radix)
      carry = sum / radix
    }
    return result
  }

  private func subtract(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
    var result = one
    var borrow: UInt32 = 0
    for index in one.indices.reversed() {
      let difference = UInt32(one[index]) + radix - UInt32(other[index]) - borrow
      result[index] = UInt8(truncatingIfNeeded: difference % radix)
      borrow = difference < radix ? 1 : 0
    }
    return result
  }

  /// A block, and as many of it with a counter as it takes.
  private func expand(_ block: [UInt8], to count: Int, _ aes: Block) throws(CryptoError) -> [UInt8] {
    var output = block
    var counter: UInt32 = 1
    while output.count < count {
      let mask = [UInt8](repeating: 0, count: 12) + bytes(counter, 4)
      output += try aes.encrypt(zip(block, mask).map { $0 ^ $1 })
      counter += 1
    }
    return Array(output[..<count])
  }
}

/// AES on single blocks.
@safe private final class Block {
  private let context: OpaquePointer

  init(key: [UInt8]) throws(CryptoError) {
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, "AES-\(key.count * 8)-ECB", nil) else {
      throw .unavailable
    }
    defer { unsafe EVP_CIPHER_free(cipher) }
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .unavailable }
    unsafe self.context = context
    guard unsafe EVP_EncryptInit_ex(context, cipher, nil, key, nil) == 1,
      unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
    else { throw .unavailable }
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  func encrypt(_ block: [UInt8]) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    var count: Int32 = 0
    guard unsafe EVP_EncryptUpdate(context, &output, &count, block, 16) == 1, count == 16 else {
      throw .unavailable
    }
    return Array(output[..<16])
  }

  /// The last block of cipher block chaining, from zeros on (PRF of SP 800-38G, 4.3).
  func chain(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 16)
    for start in stride(from: 0, to: message.count, by: 16) {
      block = try encrypt(zip(block, message[start..<start + 16]).map { $0 ^ $1 })
    }
    return block
  }
}

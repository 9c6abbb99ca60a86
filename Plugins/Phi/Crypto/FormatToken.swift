/// Gives an identifier another one of the same format (FF1): digits and letters change, what separates them and the
/// case stay. An identifier of digits stays one of digits.
public struct FormatToken: Sendable {
  private let key: [UInt8]

  public init(keys: PhiKeys) { key = keys.format }

  public func encrypt(_ value: [UInt8], kind: [UInt8]) throws(CryptoError) -> [UInt8] {
    try run(value, kind, isEncrypting: true)
  }

  /// What ``encrypt(_:kind:)`` was given.
  public func decrypt(_ value: [UInt8], kind: [UInt8]) throws(CryptoError) -> [UInt8] {
    try run(value, kind, isEncrypting: false)
  }

  private func run(_ value: [UInt8], _ kind: [UInt8], isEncrypting: Bool) throws(CryptoError) -> [UInt8] {
    guard value.allSatisfy({ $0 < 0x80 }) else { throw .tooSmall }
    let signs = value.filter { Self.number($0) != nil }
    let hasDigits = signs.contains { $0 < 0x41 }
    let hasLetters = signs.contains { $0 >= 0x41 }
    // With both, any sign may become any: 36 of them. Numbers and words keep to their own.
    let radix = hasDigits && hasLetters ? 36 : hasDigits ? 10 : 26
    let base: UInt8 = radix == 26 ? 10 : 0
    let isLower = !signs.contains { $0 >= 0x41 && $0 <= 0x5A }
    let cipher = FormatPreserving(key: key, radix: radix)
    let digits = signs.compactMap { Self.number($0) }.map { $0 - base }
    // Case is restored sign by sign for words; what is mixed is all of one case.
    let isMixedCase = !isLower && signs.contains { $0 >= 0x61 }
    guard radix != 36 || !isMixedCase else { throw .tooSmall }
    let tweak = kind + [0] + Array("\(radix)".utf8)
    var changed = digits
    // What was mixed stays mixed: on to the next of the cycle until it is, so that decryption reads it as such.
    repeat {
      changed =
        isEncrypting
        ? try cipher.encrypt(changed, tweak: tweak) : try cipher.decrypt(changed, tweak: tweak)
    } while radix == 36 && !(changed.contains { $0 < 10 } && changed.contains { $0 >= 10 })
    var output: [UInt8] = []
    var next = changed.makeIterator()
    for byte in value {
      guard Self.number(byte) != nil, let digit = next.next().map({ $0 + base }) else {
        output.append(byte)
        continue
      }
      let isUpper = radix == 36 ? !isLower : byte >= 0x41 && byte <= 0x5A
      output.append(digit < 10 ? digit + 0x30 : digit - 10 + (isUpper ? 0x41 : 0x61))
    }
    return output
  }

  private static func number(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x5A: byte - 0x41 + 10
    case 0x61...0x7A: byte - 0x61 + 10
    default: nil
    }
  }
}

/// Points of the Edwards curves whose order divides the cofactor (RFC 8032, 5.1 and 5.2). Under such a key one signature
/// is good for every text, and libcrypto does not look: so it is looked here, whatever a provider publishes.
enum SmallOrder {
  /// - Parameter point: 32 bytes of Ed25519, or 57 of Ed448.
  static func contains(_ point: [UInt8]) -> Bool {
    switch point.count {
    case 32:
      // The sign of x is not part of y.
      let y = point.dropLast() + [point[31] & 0x7F]
      return ed25519.contains { $0.elementsEqual(y) }
    case 57: return ed448.contains { $0.elementsEqual(point.dropLast()) }
    default: return false
    }
  }

  /// Values of y, little endian: of orders 1, 2, 4 and 8, and the same written beyond p = 2²⁵⁵ − 19.
  private static let ed25519: [[UInt8]] =
    [
      Array(repeating: 0, count: 32),
      [1] + Array(repeating: 0, count: 31),
      [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
        0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
      ],
      [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
        0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
      ],
    ] + [0xEC, 0xED, 0xEE].map { [$0] + Array(repeating: 0xFF, count: 30) + [0x7F] }

  /// Values of y, little endian, without the byte of the sign: 0, 1, −1, and 0 and 1 beyond p = 2⁴⁴⁸ − 2²²⁴ − 1.
  private static let ed448: [[UInt8]] = [
    Array(repeating: 0, count: 56),
    [1] + Array(repeating: 0, count: 55),
    [0xFE] + Array(repeating: 0xFF, count: 27) + [0xFE] + Array(repeating: 0xFF, count: 27),
    Array(repeating: 0xFF, count: 28) + [0xFE] + Array(repeating: 0xFF, count: 27),
    Array(repeating: 0, count: 28) + Array(repeating: 0xFF, count: 28),
  ]
}

internal import Glibc

/// Times of the system.
enum Clock {
  /// Seconds since 1970 UTC.
  static func seconds() -> Int64 { Int64(time(nil)) }

  /// Microseconds of a clock that only goes forward.
  static func monotonicMicroseconds() -> Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1_000_000 + now.tv_nsec / 1_000
  }
}

/// Makes ids of exchanges: 80 random bits in Crockford's base 32.
enum ExchangeID {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  static func make() -> String {
    var random = SystemRandomNumberGenerator()
    let (high, low) = (random.next(), random.next())
    var letters = Array("ex_".utf8)
    for index in 0..<16 {
      let bits = index < 12 ? high >> UInt64(5 * index) : low >> UInt64(5 * (index - 12))
      letters.append(alphabet[Int(truncatingIfNeeded: bits) & 31])
    }
    return String(decoding: letters, as: UTF8.self)
  }
}

/// Durations and sizes as command lines give them.
enum Amount {
  /// `90s`, `15m`, `12h`, `30d`, in seconds.
  static func seconds(_ text: String) throws(CommandFailure) -> Int64 {
    let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last, let factor = factors[unit], let number = Int64(text.dropLast()), number > 0,
      number < 100_000
    else {
      throw CommandFailure(message: "'\(text)' is no duration: a number and s, m, h or d, as 30d", code: 1)
    }
    return number * factor
  }

  /// `512MiB`, `64GiB`, in bytes.
  static func bytes(_ text: String) throws(CommandFailure) -> Int {
    let units: [(String, Int)] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    for (suffix, factor) in units where text.hasSuffix(suffix) {
      if let number = Int(text.dropLast(suffix.count)), (1..<1_000_000).contains(number) {
        return number * factor
      }
    }
    throw CommandFailure(
      message: "'\(text)' is no size: a number and KiB, MiB, GiB or TiB, as 64GiB", code: 1)
  }
}

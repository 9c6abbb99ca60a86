internal import Glibc

/// The time of the day.
enum WallClock {
  /// Seconds since 1970.
  static func seconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }
}

/// Time for counters.
enum MonotonicClock {
  /// Nanoseconds since some moment; never goes back.
  @inline(__always)
  static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
  }
}

internal import Glibc

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

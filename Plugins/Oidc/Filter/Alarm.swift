internal import Glibc

/// Lets one thread sleep until a time, or until another wakes it.
@safe final class Alarm: @unchecked Sendable {  // what it holds is made for that
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isRinging = false

  init() {
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Wakes the sleeper, or whoever sleeps next. Any thread; does not block.
  func ring() {
    unsafe pthread_mutex_lock(mutex)
    isRinging = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Sleeps until ``ring()`` or until the monotonic clock shows so many seconds. [blocking]
  func sleep(until seconds: Int64) {
    var time = timespec(tv_sec: Int(clamping: seconds), tv_nsec: 0)
    unsafe pthread_mutex_lock(mutex)
    while !isRinging {
      if unsafe pthread_cond_timedwait(condition, mutex, &time) != 0 { break }
    }
    isRinging = false
    unsafe pthread_mutex_unlock(mutex)
  }
}

enum Clock {
  /// Seconds of a clock that does not jump.
  static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }
  /// Seconds since 1970 UTC.
  static func wall() -> Int64 { read(CLOCK_REALTIME) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec)
  }
}

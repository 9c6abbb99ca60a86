internal import Glibc

/// Ends a hook that takes too long by a block. A tool that has waited long enough goes on as if nobody had objected.
enum HookDeadline {
  static let seconds: UInt32 = 20

  static func start() {
    signal(SIGALRM) { _ in
      // Nothing but these two calls may stand in a signal's handler (POSIX.1-2024, 2.4.3).
      let text: StaticString = "Sluice stopped this: it could not be looked through in time.\n"
      _ = unsafe write(2, text.utf8Start, text.utf8CodeUnitCount)
      _exit(2)
    }
    alarm(seconds)
  }
}

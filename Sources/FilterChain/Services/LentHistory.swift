internal import Glibc

/// Which history a score's call is about: that of the chain that makes it.
///
/// A filter asks through its host's table, which is one for all chains; a rehearsal has a history of its own, so that
/// it neither learns what people have sent nor adds to it. The call's thread carries it. A filter that asks from a
/// thread of its own is answered from the host's.
enum LentHistory {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    // Two dozen keys of a thousand are in use; without one there is no way on.
    guard unsafe pthread_key_create(&key, nil) == 0 else { fatalError("no thread-local key is left") }
    return key
  }()

  /// Lends a history to what `body` calls on this thread.
  static func lend<R>(_ history: SentHistory, _ body: () -> R) -> R {
    let before = unsafe pthread_getspecific(key)
    unsafe pthread_setspecific(key, Unmanaged.passUnretained(history).toOpaque())
    defer { unsafe pthread_setspecific(key, before) }
    return withExtendedLifetime(history, body)
  }

  static var current: SentHistory? {
    unsafe pthread_getspecific(key).map { unsafe Unmanaged<SentHistory>.fromOpaque($0).takeUnretainedValue() }
  }
}

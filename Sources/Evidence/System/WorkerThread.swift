import Glibc

/// A thread of its own for work that blocks. It takes no signals: those belong to the process's main thread.
final class WorkerThread: Sendable {
  private let handle: pthread_t

  /// Starts `body`. `name` shows in `top -H`; at most 15 bytes.
  init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemFailure) {
    let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
    var everything = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&everything)
    // The new thread inherits the mask.
    unsafe pthread_sigmask(SIG_BLOCK, &everything, &before)
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        work.setName()
        work.body()
        return nil
      }, work.toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    guard code == 0 else {
      unsafe work.release()
      throw SystemFailure(call: "pthread_create", name: name, code: code)
    }
    handle = thread
  }

  /// Waits for the end. To be called exactly once, and not from the thread itself.
  func join() { pthread_join(handle, nil) }

  /// Instead of ``join()``: nobody waits for the end.
  func detach() { pthread_detach(handle) }

  /// Whether the caller runs on this thread.
  var isCurrent: Bool { pthread_equal(pthread_self(), handle) != 0 }

  private final class Work: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }

    /// glibc's `pthread_setname_np` is hidden from Swift; the kernel's file does the same. Failing is harmless.
    func setName() {
      let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return }
      let bytes = Array(name.utf8.prefix(15))
      _ = unsafe write(descriptor, bytes, bytes.count)
      _ = close(descriptor)
    }
  }
}

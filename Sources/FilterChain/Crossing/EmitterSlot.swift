internal import Glibc
internal import Synchronization

/// Where an emitter lives while it is lent to a plugin: memory that is never freed, and that says no to everybody but
/// the thread that is inside the call.
///
/// A plugin that keeps an emitter beyond its call, or passes it to another thread, breaks the header's rule. It must
/// not be able to reach freed memory, or another exchange, by that.
@safe final class EmitterSlot: @unchecked Sendable {  // the target is read only by the thread that set it
  private let thread = Atomic<UInt>(0)
  private var target: Unmanaged<AnyObject>?
  private let memory = UnsafeMutableRawPointer.allocate(byteCount: EmitterSlot.size, alignment: 16)

  private static let size = 64
  private static let free = Mutex<[EmitterSlot]>([])

  /// An unused slot. Give it back with ``giveBack()``; it is kept for ever.
  static func take() -> EmitterSlot {
    if let known = free.withLock({ $0.popLast() }) { return known }
    let made = EmitterSlot()
    _ = unsafe Unmanaged.passRetained(made)  // a plugin may hold its address for ever
    return made
  }

  func giveBack() {
    EmitterSlot.free.withLock { $0.append(self) }
  }

  /// What an emitter's `context` is to be.
  var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  /// Lends an emitter for one call. What is emitted in it reaches `target`.
  @inline(__always)
  func lend<Emitter: BitwiseCopyable, R>(
    _ emitter: Emitter, to target: AnyObject, _ body: (UnsafePointer<Emitter>) -> R
  ) -> R {
    precondition(MemoryLayout<Emitter>.size <= EmitterSlot.size, "an emitter has outgrown its slot")
    unsafe memory.storeBytes(of: emitter, as: Emitter.self)
    unsafe self.target = Unmanaged.passUnretained(target)
    thread.store(UInt(pthread_self()), ordering: .releasing)
    defer {
      thread.store(0, ordering: .releasing)
      unsafe self.target = nil
    }
    return unsafe body(UnsafePointer(memory.assumingMemoryBound(to: Emitter.self)))
  }

  /// The target of the call that this thread is inside of; nil where there is none, or it takes something else.
  @inline(__always)
  static func target<T: AnyObject>(_ context: UnsafeMutableRawPointer?, as type: T.Type) -> T? {
    guard let context = unsafe context else { return nil }
    let slot = unsafe Unmanaged<EmitterSlot>.fromOpaque(context).takeUnretainedValue()
    guard slot.thread.load(ordering: .acquiring) == UInt(pthread_self()),
      let object = unsafe slot.target?.takeUnretainedValue(),
      ObjectIdentifier(Swift.type(of: object)) == ObjectIdentifier(type)
    else { return nil }
    return unsafe unsafeDowncast(object, to: type)
  }
}

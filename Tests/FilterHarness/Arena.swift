public import FilterABI

/// Memory that is lent to a filter while a call lasts, and freed when the arena goes.
@safe public final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = unsafe []

  public init() {}

  deinit { unsafe blocks.forEach { unsafe $0.deallocate() } }

  public func bytes(_ content: [UInt8]) -> sluice_bytes {
    let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(content.count, 1))
    _ = unsafe block.initialize(from: content)
    if let base = block.baseAddress { unsafe blocks.append(UnsafeMutableRawPointer(base)) }
    return unsafe sluice_bytes(data: UnsafePointer(block.baseAddress), length: UInt64(content.count))
  }

  public func bytes(_ text: String) -> sluice_bytes { unsafe bytes(Array(text.utf8)) }

  public func array<T>(_ elements: [T]) -> sluice_array {
    let block = UnsafeMutableBufferPointer<T>.allocate(capacity: max(elements.count, 1))
    _ = unsafe block.initialize(from: elements)
    if let base = block.baseAddress { unsafe blocks.append(UnsafeMutableRawPointer(base)) }
    return unsafe sluice_array(
      first: block.baseAddress, count: UInt64(elements.count), stride: UInt64(MemoryLayout<T>.stride))
  }

  public func place<T>(_ value: T) -> UnsafePointer<T> {
    let block = UnsafeMutablePointer<T>.allocate(capacity: 1)
    unsafe block.initialize(to: value)
    unsafe blocks.append(UnsafeMutableRawPointer(block))
    return unsafe UnsafePointer(block)
  }
}

extension sluice_bytes {
  /// A copy as text.
  public var string: String {
    unsafe String(decoding: UnsafeBufferPointer(start: data, count: Int(length)), as: UTF8.self)
  }

  public var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: data, count: Int(length))) }
}

/// The size that a C struct carries in its first field.
func size<T>(_ type: T.Type) -> UInt32 { UInt32(MemoryLayout<T>.size) }

/// The object behind a callback's context.
func object<T: AnyObject>(_ context: UnsafeMutableRawPointer?, as type: T.Type) -> T? {
  guard let context = unsafe context else { return nil }
  return unsafe Unmanaged<T>.fromOpaque(context).takeUnretainedValue()
}

internal import COpenSSL
internal import Glibc

/// A secret in memory of its own: kept out of swap where the system's limit allows it (mlock(2)), out of core dumps, and
/// overwritten when nobody holds it any more. Immutable; any thread.
///
/// It can't keep what others copy: a request's head carries the secret until that request is sent.
@safe public final class SecretBytes: @unchecked Sendable {  // never changed after init
  private let pages: UnsafeMutableRawPointer
  private let capacity: Int
  public let count: Int
  /// Whether it can't come to the swap.
  public let isLocked: Bool

  /// Takes the bytes over, and overwrites them where they were.
  public init(_ bytes: inout [UInt8]) {
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    count = bytes.count
    // Pages of their own: locking and its end are a page's.
    capacity = max(1, (bytes.count + size - 1) / size) * size
    let mapped = unsafe mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      preconditionFailure("there is no memory for a secret")
    }
    unsafe pages = mapped
    isLocked = unsafe mlock(mapped, capacity) == 0
    unsafe madvise(mapped, capacity, MADV_DONTDUMP)
    unsafe bytes.withUnsafeMutableBytes { bytes in
      if let address = bytes.baseAddress { unsafe mapped.copyMemory(from: address, byteCount: bytes.count) }
    }
    SecretBytes.wipe(&bytes)
    unsafe mprotect(mapped, capacity, PROT_READ)
  }

  deinit {
    unsafe mprotect(pages, capacity, PROT_READ | PROT_WRITE)
    unsafe OPENSSL_cleanse(pages, capacity)
    unsafe munmap(pages, capacity)
  }

  /// Lends the bytes, for as long as `body` runs.
  @unsafe func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    withExtendedLifetime(self) { unsafe body(UnsafePointer(pages.assumingMemoryBound(to: UInt8.self))) }
  }

  /// A copy as text. Whoever makes it keeps it short.
  public var text: String {
    unsafe String(decoding: UnsafeRawBufferPointer(start: pages, count: count), as: UTF8.self)
  }

  /// Whether both are the same, without telling by its time where they differ.
  public func isSame(as other: SecretBytes) -> Bool {
    unsafe count == other.count && CRYPTO_memcmp(pages, other.pages, count) == 0
  }

  /// Overwrites bytes that nobody needs any more, where this is the only array that holds them.
  public static func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    bytes = []
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How long it is, and nothing else.
  public var description: String { "<\(count) bytes>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

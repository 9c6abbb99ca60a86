public import Control
internal import Glibc

/// Reads secrets from where they are kept. [blocking] One thread at a time.
public final class SecretReader {
  /// Bytes that a secret may have.
  static let maximumSize = CommandRun.maximumSize

  private let vault: VaultClient?

  /// - Parameter vault: nil: there is none.
  public init(vault: VaultSettings?) { self.vault = vault.map(VaultClient.init) }

  public func read(_ source: SecretSource) throws(SecretFailure) -> SecretBytes {
    var bytes: [UInt8]
    switch source {
    case .environment(let name): bytes = try Self.environment(name)
    case .file(let path): bytes = try Self.file(path)
    case .command(let words):
      do throws(CommandRun.Failure) { bytes = try CommandRun.output(of: words) } catch {
        throw SecretFailure(error.message, isTemporary: error.isTemporary)
      }
    case .vault(let mount, let path, let field):
      guard let vault else {
        throw SecretFailure(
          "\(source) needs a Vault, and the installation's settings name none: add 'vault:'")
      }
      bytes = try vault.read(mount: mount, path: path, field: field)
    }
    defer { SecretBytes.wipe(&bytes) }
    var secret = Self.trimmed(bytes)
    guard !secret.isEmpty, secret.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      SecretBytes.wipe(&secret)
      throw SecretFailure("\(source): the credential is empty or has characters that no header may hold")
    }
    return SecretBytes(&secret)
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(bytes[first...last])
  }

  private static func environment(_ name: String) throws(SecretFailure) -> [UInt8] {
    guard let value = unsafe getenv(name), unsafe value.pointee != 0 else {
      throw SecretFailure(
        "the environment has no \(name), which holds the provider's credential. Set it and start again")
    }
    return unsafe Array(UnsafeBufferPointer(start: value, count: strlen(value))).map { UInt8(bitPattern: $0) }
  }

  private static func file(_ path: String) throws(SecretFailure) -> [UInt8] {
    let handle = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard handle >= 0 else {
      throw SecretFailure(
        "the credential's file \(path) can't be read: \(unsafe String(cString: strerror(errno)))",
        isTemporary: true)
    }
    defer { close(handle) }
    guard let bytes = Descriptor.read(handle, limit: maximumSize) else {
      throw SecretFailure("the credential's file \(path) is larger than 16 KiB, or can't be read")
    }
    return bytes
  }
}

enum Descriptor {
  /// All that can be read; nil where that is more than the limit, or fails.
  static func read(_ handle: Int32, limit: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count <= limit {
      let length = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(handle, buffer.baseAddress.map { unsafe $0 + count }, limit + 1 - count)
      }
      if length < 0, errno == EINTR { continue }
      guard length >= 0 else { break }
      if length == 0 {
        defer { SecretBytes.wipe(&bytes) }
        return Array(bytes[..<count])
      }
      count += length
    }
    SecretBytes.wipe(&bytes)
    return nil
  }
}

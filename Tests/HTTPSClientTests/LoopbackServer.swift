import Foundation
import Glibc
import Synchronization

/// Answers each connection with bytes as they stand, and keeps what it was sent. On loopback, on a free port.
final class LoopbackServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let heads = Mutex<[String]>([])
  private let isClosed = Atomic(false)

  /// - Parameter answer: to the number of a connection and what was sent on it; nil: nothing, and it stays open.
  init(_ answer: @escaping @Sendable (Int, String) -> [UInt8]?) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var bound: UInt16 = 0
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, length)
        unsafe getsockname(listener, pointer, &length)
      }
      bound = unsafe UInt16(bigEndian: pointer.pointee.sin_port)
    }
    listen(listener, 16)
    self.listener = listener
    port = bound
    Thread.detachNewThread { [self] in
      var number = 0
      while !isClosed.load(ordering: .relaxed) {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { continue }
        number += 1
        serve(connection, number, answer)
      }
      close(listener)
    }
  }

  var url: String { "http://127.0.0.1:\(port)" }
  var received: [String] { heads.withLock { $0 } }

  /// A connection wakes whoever accepts.
  func stop() {
    isClosed.store(true, ordering: .relaxed)
    shutdown(listener, Int32(SHUT_RDWR))
  }

  deinit { stop() }

  private func serve(_ connection: Int32, _ number: Int, _ answer: (Int, String) -> [UInt8]?) {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !text.contains([13, 10, 13, 10]) {
      let count = unsafe read(connection, &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    let head = String(decoding: text, as: UTF8.self)
    heads.withLock { $0.append(head) }
    // An open connection without an answer ends with the process.
    guard let bytes = answer(number, head) else { return }
    var sent = 0
    while sent < bytes.count {
      let rest = Array(bytes[sent...])
      let count = unsafe send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else { break }
      sent += count
    }
    close(connection)
  }
}

internal import CLinux
internal import Glibc

/// Runs a program that prints a secret. [blocking]
///
/// It gets nothing of this process's but PATH, HOME and LANG: no variable that holds another secret, no open file. It has
/// ``time`` seconds; its standard error is thrown away, as it may say what it should not.
package enum CommandRun {
  /// Bytes that it may print.
  package static let maximumSize = 16 << 10
  /// Seconds.
  package static let time = 10

  /// Why there is no secret. Its text names the program, never what it printed.
  package struct Failure: Error {
    package let message: String
    /// Whether it may be otherwise later without anybody doing anything.
    package let isTemporary: Bool

    init(_ message: String, isTemporary: Bool = false) {
      self.message = message
      self.isTemporary = isTemporary
    }
  }

  /// - Parameter words: the program by its whole path, and its arguments; no shell reads them.
  package static func output(of words: [String]) throws(Failure) -> [UInt8] {
    let name = words[0]
    let (failure, reading, process) = spawn(words)
    guard failure == 0 else {
      throw Failure("\(name) can't be run: \(unsafe String(cString: strerror(failure)))")
    }
    defer { close(reading) }
    var bytes = collect(reading)
    // Whatever it has begun ends with it.
    if bytes == nil { kill(-process, SIGKILL) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard let collected = bytes else {
      throw Failure(
        "\(name) printed more than 16 KiB, or did not end within \(time) s", isTemporary: true)
    }
    guard status == 0 else {
      bytes = nil
      var collected = collected
      SecretBytes.wipe(&collected)
      throw Failure(
        "\(name) ended with \(status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)")",
        isTemporary: true)
    }
    return collected
  }

  private static func spawn(_ words: [String]) -> (failure: Int32, output: Int32, process: Int32) {
    var kept: [String] = []
    for name in ["PATH", "HOME", "LANG"] {
      if let value = unsafe getenv(name) { kept.append("\(name)=\(unsafe String(cString: value))") }
    }
    var output: Int32 = -1
    var process: Int32 = 0
    let failure = unsafe withStrings(words) { arguments in
      unsafe withStrings(kept) { environment in
        unsafe sluice_run_for_output(arguments, environment, &output, &process)
      }
    }
    return (failure, output, process)
  }

  private static func withStrings<T>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
  ) -> T {
    let copies = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies)
  }

  /// What comes until its end; nil where that is too much or too late.
  private static func collect(_ handle: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    defer { SecretBytes.wipe(&piece) }
    let end = now() + time * 1000
    while true {
      let left = end - now()
      var watched = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
      let ready = left > 0 ? unsafe poll(&watched, 1, Int32(left)) : 0
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { break }
      let count = unsafe Glibc.read(handle, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count == 0 { return bytes }
      guard count > 0, bytes.count + count <= maximumSize else { break }
      bytes += piece[..<count]
    }
    SecretBytes.wipe(&bytes)
    return nil
  }

  /// Milliseconds of a clock that does not jump.
  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }
}

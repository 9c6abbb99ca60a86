internal import Glibc

/// One test of a plugin in a process of its own, whose end is part of the answer.
struct ProbeProcess {
  /// A line of the probe's report.
  struct Line {
    let word: String
    let name: String
    let text: String
  }

  /// What is run in the process: the executable, and the arguments before the task's.
  let command: [String]
  let folder: String

  struct Ending {
    let lines: [Line]
    /// What it wrote to its standard output and error, at most so much of it.
    let output: [UInt8]
    /// How it ended, where not as it should: a signal's name, a status, or that its time was up.
    let problem: String?
    let seconds: Double
  }

  /// When a process is killed by the one who started it.
  enum Limit {
    case after(seconds: Double)
    /// So long after it has reported `begun`: no failure then.
    case onceBegun(seconds: Double, limit: Double)
  }

  /// Runs one task. [blocking]
  func run(_ task: ProbeTask, limit: Limit) throws(CheckFailure) -> Ending {
    let report = folder + "/report"
    let output = folder + "/output"
    unsafe unlink(report)
    unsafe unlink(output)
    let arguments = command + task.arguments(report: report)
    let began = Self.now()
    let child = try spawn(arguments, output: output)
    let problem = Self.wait(for: child, report: report, limit: limit, began: began)
    let text = String(decoding: Self.read(report, limit: 4 << 20), as: UTF8.self)
    let lines = text.split(separator: "\n").compactMap { line -> Line? in
      let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3
        ? Line(word: String(parts[0]), name: String(parts[1]), text: String(parts[2])) : nil
    }
    return Ending(
      lines: lines, output: Self.read(output, limit: 4 << 20), problem: problem, seconds: Self.now() - began)
  }

  private func spawn(_ arguments: [String], output: String) throws(CheckFailure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A group of its own, so that what it starts ends with it.
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var child = pid_t()
    let words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    // A crash is an answer here; a backtrace would only take time.
    // Sanitizers are told by the environment what to do, and may have to be loaded first.
    let sanitizers = ["LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"]
    let kept = (["PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "TZ"] + sanitizers).compactMap {
      (name: String) -> String? in
      unsafe getenv(name).map { unsafe "\(name)=\(String(cString: $0))" }
    }
    let environment = unsafe (kept + ["SWIFT_BACKTRACE=enable=no"]).map { unsafe strdup($0) } + [nil]
    defer {
      unsafe (words + environment).forEach { unsafe free($0) }
    }
    let status = unsafe posix_spawn(&child, arguments[0], &actions, &attributes, words, environment)
    guard status == 0 else {
      throw CheckFailure("\(arguments[0]) can't be started: \(unsafe String(cString: strerror(status)))")
    }
    return child
  }

  private static func wait(for child: pid_t, report: String, limit: Limit, began: Double) -> String? {
    var status: Int32 = 0
    var killAt: Double?
    while true {
      let ended = unsafe waitpid(child, &status, WNOHANG)
      if ended == child || (ended < 0 && errno != EINTR) { break }
      switch limit {
      case .after(let seconds):
        if now() - began > seconds {
          kill(-child, SIGKILL)
          unsafe waitpid(child, &status, 0)
          return "it did not end within \(Int(seconds)) s"
        }
      case .onceBegun(let seconds, let limit):
        if killAt == nil, Self.read(report, limit: 64).starts(with: Array("begun".utf8)) {
          killAt = now() + seconds
        }
        if let killAt, now() > killAt {
          kill(-child, SIGKILL)
          unsafe waitpid(child, &status, 0)
          return nil
        }
        if now() - began > limit {
          kill(-child, SIGKILL)
          unsafe waitpid(child, &status, 0)
          return "it had not begun within \(Int(limit)) s"
        }
      }
      usleep(1000)
    }
    kill(-child, SIGKILL)
    let signal = status & 0x7F
    if signal != 0 { return "the process was ended by \(Self.signals[signal] ?? "signal \(signal)")" }
    let code = status >> 8 & 0xFF
    return code == 0 ? nil : "the process ended with status \(code)"
  }

  private static let signals: [Int32: String] = [
    SIGSEGV: "SIGSEGV (memory that is not there)", SIGABRT: "SIGABRT (abort)", SIGBUS: "SIGBUS",
    SIGILL: "SIGILL (a trap)",
    SIGFPE: "SIGFPE", SIGTRAP: "SIGTRAP", SIGKILL: "SIGKILL (the system, perhaps out of memory)",
    SIGPIPE: "SIGPIPE",
  ]

  static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  static func read(_ path: String, limit: Int) -> [UInt8] {
    guard let file = unsafe fopen(path, "rb") else { return [] }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe fread(&bytes, 1, limit, file)
    return Array(bytes[..<count])
  }
}

/// What one process is to test.
public struct ProbeTask: Sendable {
  public var library: String
  public var kind: String
  public var rule: String
  /// Path of a file with canonical JSON.
  public var configuration: String
  /// Path of a file with a text on each line; empty: none.
  public var texts: String
  /// Path of a file that outlives the process; empty: none.
  public var state: String
  /// The folder that the plugin may use in a process of its own; empty: it runs in the probe's.
  public var isolated: String
  /// What that process may do besides: lines of `read PATH`, `write PATH` and `port NUMBER`.
  public var allowed: String
  public var seed: UInt64

  public init(
    library: String, kind: String, rule: String, configuration: String, texts: String, state: String,
    isolated: String, allowed: String, seed: UInt64
  ) {
    self.isolated = isolated
    self.allowed = allowed
    self.library = library
    self.kind = kind
    self.rule = rule
    self.configuration = configuration
    self.texts = texts
    self.state = state
    self.seed = seed
  }

  func arguments(report: String) -> [String] {
    [library, kind, rule, configuration, texts, state, isolated, allowed, String(seed), report]
  }
}

/// Why nothing can be said about a plugin.
public struct CheckFailure: Error, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

internal import Glibc
internal import PluginProbe

/// The child's side: one test, in this process, which may not survive it.
public enum Probe {
  /// Runs a task from the arguments that ``PluginCheck`` started this process with.
  /// - Returns: the status to exit with.
  public static func run(arguments: [String]) -> Int32 {
    guard arguments.count == 10, let seed = UInt64(arguments[8]) else { return 64 }
    let report = unsafe open(arguments[9], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard report >= 0 else { return 2 }
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe setrlimit(__rlimit_resource_t(4), &none)  // RLIMIT_CORE
    let configuration = String(decoding: ProbeProcess.read(arguments[3], limit: 1 << 20), as: UTF8.self)
    let texts = [
      arguments[0], arguments[1], arguments[2], configuration, arguments[4], arguments[5], arguments[6],
      arguments[7],
    ]
    let copies = unsafe texts.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    var task = unsafe probe_task(
      library: copies[0], kind: copies[1], rule: copies[2], configuration: copies[3], texts: copies[4],
      state: copies[5], isolated: copies[6], allowed: copies[7], seed: seed, report: report)
    return unsafe probe_run(&task)
  }

  /// Values in the built-in texts that must not be seen anywhere else.
  static let canaries: [[UInt8]] = {
    var found: [[UInt8]] = []
    var index = 0
    while let text = unsafe probeCanary(index) {
      unsafe found.append(Array(String(cString: text).utf8))
      index += 1
    }
    return found
  }()

  private static func probeCanary(_ index: Int) -> UnsafePointer<CChar>? {
    unsafe probe_canary(Int32(index))
  }
}

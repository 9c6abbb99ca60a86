internal import FilterABI
internal import PipelineModel
internal import PluginHost
internal import PluginTrust

extension LoadedPlugin {
  /// Loads a library in a process of its own. What runs there looks like a plugin of this process: so all that checks
  /// a plugin's answers checks these, after they were copied.
  convenience init(
    isolated verified: consuming VerifiedPlugin, _ host: HostTable, _ allowed: StageAllowance,
    _ settings: IsolationSettings
  ) throws(PluginError) {
    let (path, digest, note) = (verified.path, verified.digest, verified.note)
    // The bytes that were judged: each life of the process loads them again.
    let library = verified.image.keep()
    var message = [CChar](repeating: 0, count: 1024)
    let raw = unsafe Self.list(allowed.read).withUnsafeBufferPointer { read in
      unsafe Self.list(allowed.write).withUnsafeBufferPointer { write in
        unsafe Self.list(allowed.network.map { "\($0)" }).withUnsafeBufferPointer { ports in
          var policy = unsafe sluice_isolation_policy(
            read: read.baseAddress, write: write.baseAddress, ports: ports.baseAddress,
            memory: settings.memory, call_milliseconds: settings.callTime,
            control_milliseconds: settings.controlTime,
            longest_pause_milliseconds: settings.longestPause)
          return unsafe sluice_isolation_start(
            settings.executable, path, library, host.pointer, &policy, &message, UInt64(message.count))
        }
      }
    }
    guard let raw = unsafe raw else { throw PluginError(.unreadable, Self.text(message).printable) }
    do throws(PluginError) {
      try unsafe self.init(
        path: path, digest: digest, note: note, table: raw, isIsolated: true, callTime: Int(settings.callTime)
      )
    } catch {
      unsafe sluice_isolation_stop(raw)
      throw error
    }
  }

  /// Texts, each ended by a zero byte, ended by an empty one.
  private static func list(_ texts: [String]) -> [CChar] {
    texts.flatMap { $0.utf8.map { CChar(bitPattern: $0) } + [0] } + [0]
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

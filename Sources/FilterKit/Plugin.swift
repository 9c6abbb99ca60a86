public import FilterABI

/// A plugin: its name, its version and its filters, at most one for each kind of stage.
///
/// The whole of a plugin's entry file:
/// ```swift
/// import FilterKit
/// public import FilterABI
///
/// private let plugin = Plugin(id: "org.example.phi", version: "1.0.0")
///   .detect(MyDetector.self)
///   .mask(MyMask.self)
///
/// @c @implementation
/// public func sluice_plugin_v1(_ host: UnsafePointer<sluice_host>!) -> UnsafePointer<sluice_plugin>! {
///   unsafe plugin.export(to: host)
/// }
/// ```
@safe public final class Plugin: @unchecked Sendable {
  // Unchecked: changed only while the entry file's constant is being made.
  private let id: StaticString
  private let version: StaticString
  private var tables: [(id: StaticString, table: UnsafeRawPointer)] = unsafe []
  private var exported: UnsafePointer<ExportedPlugin>?

  public init(id: StaticString, version: StaticString) {
    self.id = id
    self.version = version
  }

  public func detect<F: DetectFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.detect/1", makeDetectTable(type))
  }
  public func mask<F: MaskFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.mask/1", makeMaskTable(type))
  }
  public func `guard`<F: GuardFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.guard/1", makeGuardTable(type))
  }
  public func score<F: ScoreFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.score/1", makeScoreTable(type))
  }
  public func gate<F: GateFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.gate/1", makeGateTable(type))
  }
  public func sink<F: SinkFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.sink/1", makeSinkTable(type))
  }
  /// A sink that can be read back, by which the plugin has both extensions.
  public func readableSink<F: ReadableSink>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.sink/1", makeSinkTable(type)).add("sluice.sink.read/1", makeSinkReadTable(type))
  }
  public func notify<F: NotifyFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.notify/1", makeNotifyTable(type))
  }
  public func authenticate<F: AuthenticateFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.authenticate/1", makeAuthenticateTable(type))
  }
  public func authenticate<F: WaitingAuthenticateFilter>(_ type: F.Type) -> Plugin {
    unsafe add("sluice.authenticate/1", makeWaitingAuthenticateTable(type))
  }

  private func add(_ id: StaticString, _ table: UnsafeRawPointer) -> Plugin {
    unsafe tables.append((id, table))
    return self
  }

  /// The table to return from the entry function; NULL where the host is of another major number.
  public func export(to host: UnsafePointer<sluice_host>?) -> UnsafePointer<sluice_plugin>? {
    guard let host = unsafe host, unsafe host.pointee.abi_major == SLUICE_ABI_MAJOR else { return nil }
    if unsafe exported == nil {
      let record = UnsafeMutablePointer<ExportedPlugin>.allocate(capacity: 1)
      unsafe record.initialize(
        to: ExportedPlugin(
          table: sluice_plugin(
            size: UInt32(MemoryLayout<sluice_plugin>.size), abi_major: SLUICE_ABI_MAJOR,
            abi_minor: SLUICE_ABI_MINOR, reserved: 0, id: .literal(id), version: .literal(version),
            get_extension: { plugin, id in unsafe Plugin.lookUp(plugin, id) }),
          plugin: self))
      unsafe exported = UnsafePointer(record)
    }
    return unsafe UnsafeRawPointer(exported)?.assumingMemoryBound(to: sluice_plugin.self)
  }

  private static func lookUp(_ plugin: UnsafePointer<sluice_plugin>?, _ id: sluice_bytes) -> UnsafeRawPointer?
  {
    guard let plugin = unsafe plugin else { return nil }
    let record = unsafe UnsafeRawPointer(plugin).assumingMemoryBound(to: ExportedPlugin.self)
    return unsafe record.pointee.plugin.table(of: id)
  }

  private func table(of id: sluice_bytes) -> UnsafeRawPointer? {
    unsafe tables.first { entry in unsafe id.withSpan { unsafe $0.isEqual(to: entry.id) } }?.table
  }
}

/// The C table first, so that a pointer to it is a pointer to the whole.
@safe private struct ExportedPlugin {
  var table: sluice_plugin
  var plugin: Plugin
}

internal import FilterABI
internal import JSONTree
public import PipelineModel
internal import Synchronization

/// What `sluice check` asks: a stage's schema, and what its plugin has against a configuration. May block.
extension PluginLibrary: StageSchemaSource {
  public func lookUp(_ stage: Stage) -> StageSchema {
    do throws(PluginError) {
      let found = try filter(stage)
      guard let schema = unsafe found.filter.schema.exactText(upTo: Self.longestSchema), !schema.isEmpty
      else {
        let message =
          "the filter '\(stage.filter)' exports no schema of at most \(Self.longestSchema) bytes of text"
        return .missing(message: message, names: [])
      }
      return .found(Array(schema.utf8))
    } catch {
      return .missing(message: error.message, names: error.code == .missing ? availableNames() : [])
    }
  }

  /// Bytes that a schema may have.
  private static let longestSchema = 1 << 20

  public func validate(_ stage: Stage) -> (message: String, pointer: String)? {
    do throws(PluginError) {
      let found = try filter(stage)
      guard let validate = unsafe found.filter.validate else { return nil }
      let detail = ErrorDetail()
      let status = found.plugin.withControl {
        unsafe stage.configuration.canonical.withUnsafeBufferPointer { bytes in
          unsafe detail.call { unsafe validate(found.raw, sluice_bytes(bytes), $0) }
        }
      }
      return status == SLUICE_OK ? nil : (detail.lastMessage, detail.lastPointer)
    } catch {
      return (error.message, error.pointer)
    }
  }

  /// What a filter has in common with all filters.
  @safe private struct Common {
    let plugin: LoadedPlugin
    let filter: sluice_filter
    let raw: UnsafePointer<sluice_filter>

    init<T: StageTable>(_ plugin: LoadedPlugin, _ table: FilterTable<T>) {
      self.plugin = plugin
      unsafe filter = unsafe table.filter
      unsafe raw = unsafe table.raw
    }
  }

  private func filter(_ stage: Stage) throws(PluginError) -> Common {
    let plugin = try plugin(for: stage)
    return switch stage.kind {
    case .authenticate: unsafe Common(plugin, try plugin.filter(stage, sluice_authenticate.self))
    case .guard: unsafe Common(plugin, try plugin.filter(stage, sluice_guard.self))
    case .detect: unsafe Common(plugin, try plugin.filter(stage, sluice_detect.self))
    case .mask: unsafe Common(plugin, try plugin.filter(stage, sluice_mask.self))
    case .score: unsafe Common(plugin, try plugin.filter(stage, sluice_score.self))
    case .gate: unsafe Common(plugin, try plugin.filter(stage, sluice_gate.self))
    case .notify: unsafe Common(plugin, try plugin.filter(stage, sluice_notify.self))
    case .sink: unsafe Common(plugin, try plugin.filter(stage, sluice_sink.self))
    }
  }
}

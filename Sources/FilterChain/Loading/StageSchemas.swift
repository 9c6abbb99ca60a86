internal import FilterABI
internal import JSONTree
public import PipelineModel

extension PluginLibrary: StageSchemaSource {
  public func lookUp(_ stage: Stage) -> StageSchema {
    do throws(PluginError) {
      let filter = unsafe try filterTable(stage)
      return .found(Array(unsafe filter.pointee.schema.text.utf8))
    } catch {
      return .missing(message: error.message, names: availableNames())
    }
  }

  public func validate(_ stage: Stage) -> (message: String, pointer: String)? {
    do throws(PluginError) {
      let filter = unsafe try filterTable(stage)
      guard let validate = unsafe filter.pointee.validate else { return nil }
      let detail = ErrorDetail()
      let status = unsafe stage.configuration.canonical.withUnsafeBufferPointer { bytes in
        unsafe detail.call { unsafe validate(filter, sluice_bytes(bytes), $0) }
      }
      return status == SLUICE_OK ? nil : (detail.lastMessage, detail.lastPointer)
    } catch {
      return (error.message, error.pointer)
    }
  }

  /// What the stage's filter has in common with all filters.
  private func filterTable(_ stage: Stage) throws(PluginError) -> UnsafePointer<sluice_filter> {
    let plugin = try plugin(for: stage)
    let filter: UnsafePointer<sluice_filter>? =
      switch stage.kind {
      case .authenticate: unsafe try plugin.table(stage, sluice_authenticate.self).pointee.filter
      case .guard: unsafe try plugin.table(stage, sluice_guard.self).pointee.filter
      case .detect: unsafe try plugin.table(stage, sluice_detect.self).pointee.filter
      case .mask: unsafe try plugin.table(stage, sluice_mask.self).pointee.filter
      case .score: unsafe try plugin.table(stage, sluice_score.self).pointee.filter
      case .gate: unsafe try plugin.table(stage, sluice_gate.self).pointee.filter
      case .sink: unsafe try plugin.table(stage, sluice_sink.self).pointee.filter
      }
    guard let filter = unsafe filter else {
      throw PluginError(.notAPlugin, "the plugin \(plugin.id) has a table without a filter")
    }
    return unsafe filter
  }
}

internal import Evidence
internal import FilterChain

/// A plugin whose build changed while the gateway runs, as the log has it: `plugin.changed`.
struct PluginChange: Hashable {
  let plugin: String
  let version: String
  let digest: String
  let previous: String

  /// Those of the plugins that are new whose id was served by other bytes before, each once.
  static func all(_ news: Set<PluginIdentity>, _ before: [PluginIdentity]) -> [PluginChange] {
    var found: Set<PluginChange> = []
    for plugin in news {
      let earlier = before.filter { $0.id == plugin.id }
      guard !earlier.contains(where: { $0.digest == plugin.digest }) else { continue }
      for digest in Set(earlier.map(\.digest)) {
        found.insert(
          PluginChange(plugin: plugin.id, version: plugin.version, digest: plugin.digest, previous: digest))
      }
    }
    return found.sorted { ($0.plugin, $0.digest, $0.previous) < ($1.plugin, $1.digest, $1.previous) }
  }

  var json: [UInt8] {
    CanonicalWriter.object { writer in
      writer.string("digest", digest)
      writer.string("event", "plugin.changed")
      writer.string("plugin", plugin)
      writer.string("previous", previous)
      writer.string("version", version)
    }
  }

  /// Returns when they are on record. [blocking]
  static func record(
    _ news: Set<PluginIdentity>, _ before: [PluginIdentity], in log: EvidenceLog
  ) throws {
    let drafts = all(news, before).map { RecordDraft(type: .administration, data: $0.json) }
    if !drafts.isEmpty { try log.appendAndWait(drafts) }
  }
}

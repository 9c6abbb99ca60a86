internal import Evidence
internal import FilterChain
internal import Gateway
internal import JSONTree
internal import PipelineModel

/// Which sinks the evidence log feeds now. One whose configuration and plugin stay the same goes on through a change
/// of policy; the others end and begin. Confined to the thread that changes policies.
final class SinkFeeds {
  private struct Running {
    /// The plugin's file and its configuration.
    let identity: PluginIdentity
    let feed: SinkFeed
    let sink: SinkAdapter
  }

  private let log: EvidenceLog
  private var running: [String: Running] = [:]

  init(_ log: EvidenceLog) { self.log = log }

  /// Lets go of all sinks, once the log is closed.
  func end() { running = [:] }

  /// Feeds these and, where it succeeds, no others. Where one can't be, those of before go on.
  func feed(_ runtimes: [PipelineRuntime]) throws {
    var wanted: [(name: String, identity: PluginIdentity, sink: SinkInstance)] = []
    // One log goes to a place once, however many pipelines name it.
    var places: Set<[UInt8]> = []
    for runtime in runtimes {
      let identities = runtime.chain.plugins.filter { $0.stage.hasPrefix("sink/") }
      for (index, (sink, identity)) in zip(runtime.chain.sinks, identities).enumerated()
      where places.insert(Array(sink.stage.filter.utf8) + [0] + sink.stage.configuration.canonical).inserted {
        wanted.append(("\(runtime.pipeline.name)-\(sink.stage.filter)-\(index + 1)", identity, sink))
      }
    }
    var started: [String] = []
    var ended: [(name: String, Running)] = []
    do {
      for (name, identity, sink) in wanted where running[name]?.identity != identity {
        if let before = running.removeValue(forKey: name) {
          log.detach(before.feed)
          ended.append((name, before))
        }
        try Loading.probe(sink) { message in
          Journal.warning(
            "a sink can't be reached yet; the log keeps what it owes", ("sink", name), ("reason", message))
        }
        let adapter = SinkAdapter(sink)
        running[name] = Running(
          identity: identity, feed: try log.attach(adapter, name: name), sink: adapter)
        started.append(name)
      }
    } catch {
      for name in started { if let one = running.removeValue(forKey: name) { log.detach(one.feed) } }
      for (name, one) in ended {
        running[name] = Running(
          identity: one.identity, feed: try log.attach(one.sink, name: name), sink: one.sink)
      }
      throw error
    }
    for name in running.keys where !wanted.contains(where: { $0.name == name }) {
      if let one = running.removeValue(forKey: name) { log.detach(one.feed) }
    }
  }
}

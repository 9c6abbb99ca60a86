internal import FilterChain
internal import Foundation
internal import PipelineModel

/// What a pipeline says of an event's texts.
struct HookVerdict {
  /// For people and for the model; nil: nothing stands against it. It names kinds, counts and places, and no value.
  var reason: String?
  /// The texts in which something was found.
  var found: Set<[UInt8]> = []
}

/// A pipeline's guard, detect, score and gate stages, outside any exchange. Its mask is left out: a hook stops, it
/// doesn't rewrite. What needs a gateway is too: keys, sinks, the upstream's credential.
struct HookScan {
  private let chain: Chain
  private let name: String

  /// - Parameter file: nil: the built-in pipeline.
  init(pipeline file: String?) throws(HookRefusal) {
    let source = try Self.source(file)
    let (pipelines, found) = PipelineLoader.load([source])
    guard found.isEmpty, let pipeline = pipelines.first else {
      throw HookRefusal("the pipeline has mistakes: run 'sluice check \(source.name)'")
    }
    // The others' plugins are not even looked at: each one that is loaded costs time before every prompt.
    let kept = pipeline.keeping([.guard, .detect, .score, .gate])
    guard kept.stages.contains(where: { $0.kind == .detect }) else {
      throw HookRefusal("the pipeline has no 'detect' stage, so it can't find anything")
    }
    let library = PluginLibrary(
      directories: PluginFolder.all, services: Services.offline(), findingCacheBytes: 0,
      trust: PluginFolder.trust())
    if let mistake = PipelineLoader.validateStages(of: [kept], source: SchemasAlone(library: library)).first {
      throw HookRefusal("the pipeline can't be used: \(mistake.position): \(mistake.message)")
    }
    do { chain = try Chain(kept, library: library) } catch {
      throw HookRefusal("the pipeline can't be used: \(error)")
    }
    name = pipeline.name
  }

  private static func source(_ file: String?) throws(HookRefusal) -> (name: String, bytes: [UInt8]) {
    guard let file else {
      return ("demo.yaml", Array(DemoPipeline.text(upstreamPort: 9, evidence: "evidence").utf8))
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw HookRefusal("the pipeline \(file) can't be read")
    }
    return (file, Array(data))
  }

  /// - Parameter attributes: facts that guards ask for: "model", "tool".
  func look(at texts: [HookText], attributes: [(name: String, value: String)]) throws(HookRefusal)
    -> HookVerdict
  {
    let exchange = ExchangeContext(
      id: "hook", session: "hook", pipeline: name,
      principal: Principal(subject: "hook", established: "hook"),
      attributes: attributes.map { ($0.name, Array($0.value.utf8)) })
    let result: RunResult
    do { result = try chain.run(HookSource(texts: texts), exchange: exchange, direction: .request) } catch {
      throw HookRefusal("the pipeline could not look through it: \(error)")
    }
    if case .denied(_, let rule, let message) = result.outcome {
      return HookVerdict(reason: "The pipeline's rule '\(rule)' forbids it. \(message)")
    }
    if !result.findings.isEmpty {
      return HookVerdict(
        reason: HookReport.text(result.findings, texts),
        found: Set(Set(result.findings.map(\.segment)).map { texts[$0].bytes }))
    }
    // A gate that asks people can't be waited for here.
    switch result.gate {
    case .allow: return HookVerdict()
    case .deny(_, let reason): return HookVerdict(reason: "The pipeline's gate forbids it. \(reason)")
    case .hold(let hold): return HookVerdict(reason: "It would need an approval. \(hold.reason)")
    }
  }
}

/// Checks configurations against plugins' schemas, and leaves what a plugin itself has against one to the moment when
/// its filter is made: `phi` would compile its patterns for either, which is most of a hook's time.
private struct SchemasAlone: StageSchemaSource {
  let library: PluginLibrary

  func lookUp(_ stage: Stage) -> StageSchema { library.lookUp(stage) }
  func validate(_: Stage) -> (message: String, pointer: String)? { nil }
}

private struct HookSource: SegmentSource {
  let texts: [HookText]
  var segmentCount: Int { texts.count }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    let text = texts[index]
    let pointer: [UInt8] = []
    use(text.role.rawValue, pointer.span, text.member.span, text.bytes.span)
  }
}

/// Says what was found, and where.
enum HookReport {
  /// More lines than that of one kind in one place are counted, not listed.
  private static let mostLines = 6

  static func text(_ findings: [FindingReport], _ texts: [HookText]) -> String {
    var places: [(name: String, kinds: [String: [Int]])] = []
    var (segment, offset, line) = (-1, 0, 1)
    for finding in findings {
      let text = texts[finding.segment]
      if finding.segment != segment {
        (segment, offset, line) = (finding.segment, 0, 1)
        if places.last?.name != text.place { places.append((text.place, [:])) }
      }
      // They come in the order of their places, so that each line is counted once.
      line += text.bytes[offset..<finding.start].count { $0 == 0x0A }
      offset = finding.start
      places[places.count - 1].kinds[finding.kind.text, default: []].append(line)
    }
    let parts = places.map { place in
      let kinds = place.kinds.sorted { $0.key < $1.key }.map { kind, lines in
        "\(lines.count) \(kind) (\(Self.list(lines)))"
      }
      return "in \(place.name): \(kinds.joined(separator: ", "))"
    }
    return "Protected health information \(parts.joined(separator: "; "))."
  }

  private static func list(_ lines: [Int]) -> String {
    let all = Set(lines).sorted()
    let shown = all.prefix(mostLines).map(String.init).joined(separator: ", ")
    let rest = all.count - mostLines
    return "\(all.count == 1 ? "line" : "lines") \(shown)\(rest > 0 ? " and \(rest) more" : "")"
  }
}

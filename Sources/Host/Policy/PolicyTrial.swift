internal import Evidence
internal import FilterChain
internal import Gateway
internal import JSONTree
internal import Payload
internal import PipelineModel

/// A policy that is tried on recorded exchanges, and what it would change about them.
struct PolicyTrial {
  struct Change {
    let exchange: String
    let sequence: UInt64
    let pipeline: String
    let before: Said
    let after: Said
    /// By kind: how many more values are found, or fewer.
    let kinds: [String: Int]
  }

  /// What was said of a request, or would be.
  struct Said: Equatable {
    /// allow, deny or hold.
    var verdict: String
    var rule: String?
    var score: Int?
  }

  private struct Recorded {
    let sequence: UInt64
    let time: UInt64
    let session: String
    let data: JSONValue
    let sealed: SealedReference?
  }

  private struct Part {
    let pipeline: Pipeline
    let speaks: ProtocolDescription
    let chain: Chain
  }

  /// As many changes are kept one by one; the others are counted.
  static let maximumChanges = 10_000

  private var parts: [String: Part] = [:]
  private let originals: SealedReader?
  private var open: [String: Recorded] = [:]
  private var asked: Set<String> = []
  private(set) var compared = 0
  /// Exchanges that could not be compared, by why.
  private(set) var left: [String: Int] = [:]
  private(set) var changed = 0
  private(set) var changes: [Change] = []
  /// How often which verdict became which.
  private(set) var verdicts: [String: Int] = [:]
  /// By kind, over all: how many values more, and how many fewer.
  private(set) var kinds: [String: (more: Int, fewer: Int)] = [:]
  private(set) var scores = (higher: 0, lower: 0)

  /// - Parameter originals: what opens sealed originals; nil: masked transcripts are used.
  init(_ bundle: PolicyBundle, library: PluginLibrary, originals: SealedReader?) throws {
    self.originals = originals
    let rehearsal = Rehearsed()
    for pipeline in try Loading.pipelines(sources: bundle.sources, library: library) {
      let inspecting = pipeline.keeping([.guard, .detect, .mask, .score, .gate])
      parts[pipeline.name] = Part(
        pipeline: pipeline, speaks: try Loading.protocolDescription(pipeline, of: bundle).description,
        chain: try Loading.chain(inspecting, library: library, rehearsal: rehearsal))
    }
  }

  /// Takes the next record of the log, in its order.
  mutating func take(_ record: StoredRecord) throws(EvidenceError) {
    guard let exchange = record.exchange, let type = RecordType(rawValue: record.type) else { return }
    switch type {
    case .request:
      guard let data = try? JSONReader.read(record.data) else { return leave("unreadable") }
      open[exchange] = Recorded(
        sequence: record.sequence, time: record.time, session: record.session ?? "", data: data,
        sealed: SealedReference(of: record))
    case .approvalAsked: asked.insert(exchange)
    case .decision:
      guard let request = open.removeValue(forKey: exchange) else { return }
      let wasAsked = asked.remove(exchange) != nil
      guard let decision = try? JSONReader.read(record.data) else { return leave("unreadable") }
      try compare(exchange, request, decision, wasAsked: wasAsked)
    default: return
    }
  }

  private mutating func leave(_ why: String) { left[why, default: 0] += 1 }

  private mutating func compare(
    _ exchange: String, _ request: Recorded, _ decision: JSONValue, wasAsked: Bool
  ) throws(EvidenceError) {
    guard let name = request.data["pipeline"]?.string, let part = parts[name] else {
      return leave("its pipeline is not in the policy that is tried")
    }
    let before = Self.said(decision, wasAsked: wasAsked)
    let body: [UInt8]
    var knownScore: UInt32?
    if let originals {
      guard let sealed = request.sealed else { return leave("no original was sealed") }
      do { body = try originals.original(sealed) } catch {
        // An original that retention has removed is no reason to stop; one that was changed is.
        guard error.code == .notFound else { throw error }
        return leave("its original is gone")
      }
    } else {
      guard let transcript = request.data["transcript"]?.string else {
        return leave("no transcript was kept")
      }
      body = Array(transcript.utf8)
      knownScore = before.score.map { UInt32(clamping: $0) }
    }
    let principal = request.data["principal"]
    let rehearsal = Rehearsal.run(
      Rehearsal.Request(
        method: request.data["method"]?.string ?? "", path: request.data["path"]?.string ?? "", body: body,
        exchange: exchange, session: request.session,
        principal: Principal(
          subject: principal?["subject"]?.string ?? "", groups: principal?["groups"]?.strings ?? [],
          established: principal?["established"]?.string ?? ""),
        time: Int64(request.time / 1_000_000_000), knownScore: knownScore),
      pipeline: part.pipeline, protocolDescription: part.speaks, chain: part.chain)
    guard let rehearsal else { return leave("a form with files can't be told from its record") }
    compared += 1
    note(exchange, request, before, rehearsal)
  }

  private mutating func note(
    _ exchange: String, _ request: Recorded, _ before: Said, _ rehearsal: Rehearsal
  ) {
    let after = Said(
      verdict: rehearsal.verdict.rawValue, rule: rehearsal.rule,
      score: originals == nil ? before.score : rehearsal.score)
    var difference = rehearsal.kinds
    // In a masked transcript what was found before is not there to be found.
    if originals != nil {
      for finding in request.data["findings"]?.array ?? [] {
        // What was found in the head is not in the body.
        guard let kind = finding["kind"]?.string, finding["pointer"]?.string?.hasPrefix("/headers/") != true
        else { continue }
        difference[kind, default: 0] -= 1
      }
    }
    difference = difference.filter { $0.value != 0 }
    let isSame =
      before.verdict == after.verdict && before.score == after.score && difference.isEmpty
      && (before.verdict != "deny" || before.rule == after.rule)
    guard !isSame else { return }
    changed += 1
    if before.verdict != after.verdict { verdicts["\(before.verdict) → \(after.verdict)", default: 0] += 1 }
    for (kind, count) in difference {
      if count > 0 {
        kinds[kind, default: (0, 0)].more += count
      } else {
        kinds[kind, default: (0, 0)].fewer -= count
      }
    }
    if let old = before.score, let new = after.score, old != new {
      if new > old { scores.higher += 1 } else { scores.lower += 1 }
    }
    guard changes.count < Self.maximumChanges else { return }
    changes.append(
      Change(
        exchange: exchange, sequence: request.sequence, pipeline: request.data["pipeline"]?.string ?? "",
        before: before, after: after, kinds: difference))
  }

  /// What the pipeline said then, whatever people or grants made of it.
  private static func said(_ decision: JSONValue, wasAsked: Bool) -> Said {
    let score = decision["score"]?.integer
    let wasHeld =
      wasAsked || decision["approval"] != nil || decision["grant"] != nil || decision["breakGlass"] != nil
    if wasHeld { return Said(verdict: "hold", rule: nil, score: score) }
    guard decision["verdict"]?.string == "deny" else {
      return Said(verdict: "allow", rule: nil, score: score)
    }
    return Said(
      verdict: "deny", rule: decision["rule"]?.string ?? decision["error"]?.string, score: score)
  }
}

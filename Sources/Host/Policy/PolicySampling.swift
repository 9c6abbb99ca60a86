internal import Console
internal import Evidence
internal import FilterChain
internal import Gateway
internal import JSONTree
internal import Payload
internal import PipelineModel

/// A policy's word on requests that nobody makes, for the admin API.
enum PolicySampling {
  /// - Returns: nil for a sample that can't be told from its text.
  static func run(
    _ sample: PolicySample, pipeline: Pipeline, speaks: ProtocolDescription, library: PluginLibrary
  ) throws -> PolicyVerdict? {
    let inspecting = pipeline.keeping([.guard, .detect, .mask, .score, .gate])
    let rehearsal = Rehearsal.run(
      Rehearsal.Request(
        method: sample.method.isEmpty ? "POST" : sample.method, path: sample.path,
        body: Array(sample.body.utf8), exchange: "exc_sample", session: "ses_sample",
        principal: Principal(
          subject: sample.subject, groups: sample.groups, established: sample.subject.isEmpty ? "" : "keys"),
        time: sample.time, knownScore: nil),
      pipeline: pipeline, protocolDescription: speaks,
      chain: try Loading.chain(inspecting, library: library, rehearsal: Rehearsed()))
    return rehearsal.map { rehearsal in
      PolicyVerdict(
        verdict: rehearsal.verdict.rawValue, rule: rehearsal.rule, stage: rehearsal.stage,
        score: rehearsal.score,
        reasons: rehearsal.reasons.map {
          PolicyVerdict.Reason(code: $0.code, points: Int($0.points), count: $0.count)
        }, kinds: rehearsal.kinds)
    }
  }

  /// What a trial finds in a log, as `sluice policy try --json` shows it.
  static func onRecord(_ trial: consuming PolicyTrial, evidence: String, since: UInt64) throws -> [UInt8] {
    var trial = trial
    var failure: EvidenceError?
    try EvidenceReader(directory: evidence).forEach(from: 0) { record in
      guard record.time >= since else { return true }
      do throws(EvidenceError) {
        try trial.take(record)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    return trial.json(isMasked: true).canonical
  }
}

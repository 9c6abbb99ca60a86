internal import Control
internal import Evidence
internal import FilterChain
internal import PipelineModel

/// The records of one exchange. Keys are in canonical order; no field ever holds what a detector reported.
enum ExchangeRecords {
  /// Who asked for what, and what was found in it.
  struct Request {
    let principal: Principal
    let runtime: PipelineRuntime
    let method: String
    let path: String
    let peer: String
    let model: [UInt8]
    let bytes: Int
    let maskedBytes: Int
    let findings: [(pointer: [UInt8], finding: FindingReport)]
    let transcript: [UInt8]?
    var sealed: SealedReference?

    var data: [UInt8] {
      CanonicalWriter.object(capacity: 2048 + (transcript?.count ?? 0)) { writer in
        writer.integer("bytes", bytes)
        writer.string("client", peer)
        writer.array("findings", findings) { ExchangeRecords.append($1, to: &$0) }
        writer.integer("maskedBytes", maskedBytes)
        writer.string("method", method)
        writer.string("model", utf8: model)
        writer.string("path", path)
        writer.string("pipeline", runtime.pipeline.name)
        writer.raw("plugins", runtime.pluginsJSON)
        writer.raw("policy", runtime.policyJSON)
        writer.object("principal") { writer in
          writer.string("credential", principal.credential)
          if !principal.email.isEmpty { writer.string("email", principal.email) }
          writer.string("established", principal.established)
          writer.array("groups", principal.groups) { $0.element($1) }
          writer.string("subject", principal.subject)
        }
        sealed?.append(to: &writer)
        if let transcript { writer.string("transcript", utf8: transcript) }
      }
    }
  }

  /// Whether it may go on, and why.
  struct Decision {
    var verdict: String
    var error: GatewayError?
    var rule: String?
    var score: UInt32?
    var reasons: [ScoreReason] = []
    var approval: Approval?
    var grant: Grant?
    /// The glass that its requester broke, and that it passed on.
    var glass: BreakGlass?
    var suppressed = 0
    /// What shadow stages would have changed.
    var shadows: [ShadowReport] = []

    func data(_ runtime: PipelineRuntime) -> [UInt8] {
      CanonicalWriter.object { writer in
        if let id = approval?.id ?? glass?.approval {
          writer.object("approval") { writer in
            writer.array("decisions", approval?.decisions ?? []) { writer, decision in
              writer.element { writer in
                writer.string("comment", decision.comment)
                writer.string("established", decision.established)
                writer.string("subject", decision.subject)
                writer.integer("time", decision.time)
                writer.string("verdict", decision.verdict.rawValue)
              }
            }
            writer.string("id", id)
            writer.string("state", glass == nil ? approval?.state.rawValue ?? "" : "break-glass")
          }
        }
        if let glass {
          writer.object("breakGlass") { writer in
            writer.string("established", glass.established)
            writer.integer("expires", glass.expires)
            writer.string("id", glass.id)
            writer.string("reason", glass.reason)
            writer.string("scope", glass.isOnce ? "once" : "until")
            writer.string("subject", glass.subject)
          }
        }
        if let error { writer.string("error", error.code) }
        if let grant {
          writer.object("grant") { writer in
            writer.array("by", grant.supporters.map(\.subject)) { $0.element($1) }
            writer.integer("expires", grant.expires)
            writer.string("id", grant.id)
          }
        }
        writer.string("pipeline", runtime.pipeline.name)
        writer.raw("policy", runtime.policyJSON)
        writer.array("reasons", reasons) { writer, reason in
          writer.element { writer in
            writer.string("code", reason.code)
            writer.integer("count", reason.count)
            writer.integer("points", reason.points)
          }
        }
        if let rule { writer.string("rule", rule) }
        if let score { writer.integer("score", score) }
        if glass != nil { writer.string("severity", "high") }
        ExchangeRecords.append(shadows, to: &writer)
        if let error, !error.stage.isEmpty { writer.string("stage", error.stage) }
        if suppressed > 0 { writer.integer("suppressed", suppressed) }
        writer.string("verdict", verdict)
      }
    }
  }

  /// What came back, or one part of it where it was long.
  struct Response {
    var status = 0
    var outcome = "complete"
    var bytes = 0
    var findings: [(pointer: [UInt8], finding: FindingReport)] = []
    var transcript: [UInt8]?
    var channels: [(pointer: [UInt8], text: [UInt8])] = []
    var inputTokens: Int?
    var outputTokens: Int?
    var microseconds = 0
    var part = 0
    var isFinal = true
    var sealed: SealedReference?
    /// What shadow stages would have changed.
    var shadows: [ShadowReport] = []

    var data: [UInt8] {
      CanonicalWriter.object(capacity: 512 + (transcript?.count ?? 0)) { writer in
        writer.integer("bytes", bytes)
        if !channels.isEmpty {
          writer.array("channels", channels) { writer, channel in
            writer.element { writer in
              writer.string("pointer", utf8: channel.pointer)
              writer.string("text", utf8: channel.text)
            }
          }
        }
        writer.boolean("final", isFinal)
        writer.array("findings", findings) { ExchangeRecords.append($1, to: &$0) }
        writer.integer("microseconds", microseconds)
        writer.string("outcome", outcome)
        writer.integer("part", part)
        sealed?.append(to: &writer)
        ExchangeRecords.append(shadows, to: &writer)
        writer.integer("status", status)
        if inputTokens != nil || outputTokens != nil {
          writer.object("tokens") { writer in
            if let inputTokens { writer.integer("input", inputTokens) }
            if let outputTokens { writer.integer("output", outputTokens) }
          }
        }
        if let transcript { writer.string("transcript", utf8: transcript) }
      }
    }
  }

  /// Where a request went.
  static func upstream(host: String, port: Int, status: Int, microseconds: Int) -> [UInt8] {
    CanonicalWriter.object { writer in
      writer.string("host", host)
      writer.integer("microseconds", microseconds)
      writer.integer("port", port)
      writer.integer("status", status)
    }
  }

  /// What people are asked.
  static func approvalAsked(_ approval: Approval, runtime: PipelineRuntime) -> [UInt8] {
    CanonicalWriter.object { writer in
      writer.string("approval", approval.id)
      writer.array("approvers", approval.approvers) { $0.element($1) }
      writer.hexadecimal("digest", approval.digest)
      writer.integer("expires", approval.expires)
      writer.string("pipeline", runtime.pipeline.name)
      writer.raw("policy", runtime.policyJSON)
      writer.integer("quorum", approval.quorum)
      writer.integer("score", approval.score)
      writer.string("subject", approval.subject)
    }
  }

  static func session(subject: String, pipeline: String) -> [UInt8] {
    CanonicalWriter.object { writer in
      writer.string("pipeline", pipeline)
      writer.string("subject", subject)
    }
  }

  private static func append(
    _ found: (pointer: [UInt8], finding: FindingReport), to writer: inout CanonicalWriter
  ) {
    let finding = found.finding
    writer.element { writer in
      writer.decimal("confidence", tenThousandths: Int(finding.confidence))
      finding.detector.withBytes { writer.string("detector", utf8: $0) }
      writer.hexadecimal("fingerprint", (0..<16).map { finding.fingerprint[$0] })
      finding.kind.withBytes { writer.string("kind", utf8: $0) }
      writer.integer("length", finding.end - finding.start)
      if let operation = finding.operation {
        operation.withBytes { writer.string("operator", utf8: $0) }
      } else {
        writer.string("operator", "keep")
      }
      writer.string("pointer", utf8: found.pointer)
    }
  }

  /// Shadows that agree with the pipeline leave no trace.
  private static func append(_ shadows: [ShadowReport], to writer: inout CanonicalWriter) {
    let worth = shadows.filter { $0.differs || $0.failure != nil }
    guard !worth.isEmpty else { return }
    writer.array("shadow", worth) { writer, shadow in
      writer.element { writer in
        if let failure = shadow.failure { writer.string("failure", failure) }
        if !shadow.found.isEmpty {
          writer.array("findings", shadow.found) { writer, found in
            writer.element { writer in
              writer.integer("added", found.added)
              writer.string("kind", found.kind)
              writer.integer("missed", found.missed)
            }
          }
        }
        if !shadow.operations.isEmpty {
          writer.array("operations", shadow.operations) { writer, operation in
            writer.element { writer in
              writer.integer("count", operation.count)
              writer.string("from", operation.from)
              writer.string("kind", operation.kind)
              writer.string("to", operation.to)
            }
          }
        }
        if let score = shadow.score {
          writer.array("reasons", shadow.reasons) { writer, reason in
            writer.element { writer in
              writer.string("code", reason.code)
              writer.integer("count", reason.count)
              writer.integer("points", reason.points)
            }
          }
          if let rule = shadow.rule { writer.string("rule", rule) }
          writer.integer("score", score)
        } else if let rule = shadow.rule {
          writer.string("rule", rule)
        }
        writer.string("stage", shadow.stage)
        if let verdict = shadow.verdict { writer.string("verdict", verdict) }
      }
    }
  }
}

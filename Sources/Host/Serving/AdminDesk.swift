internal import Console
internal import Control
internal import FilterChain
internal import Foundation
internal import PipelineModel

/// Policies, as the admin API asks about them: with the plugins that serve here.
struct AdminPolicyDesk: PolicyDesk {
  let library: PluginLibrary
  let rules: CredentialRules
  let isFollowed: Bool

  func check(
    pipelines: [PolicyFile], protocols: [PolicyFile]
  ) throws(PolicyRefusal) -> (digest: String, sources: String) {
    let bundle = PolicyBundle(
      pipelines: pipelines.map { PolicyBundle.File(name: $0.name, bytes: Array($0.text.utf8)) },
      // As pipelines name them: nothing is read from here.
      protocols: protocols.map {
        PolicyBundle.File(name: URL(fileURLWithPath: $0.name).path, bytes: Array($0.text.utf8))
      })
    return (try digest(of: bundle), bundle.json)
  }

  func check(sources: String) throws(PolicyRefusal) -> String {
    try digest(of: try Self.refusing { try PolicyBundle(json: sources) })
  }

  func files(of sources: String) throws(PolicyRefusal) -> [PolicyFile] {
    let bundle = try Self.refusing { try PolicyBundle(json: sources) }
    return (bundle.pipelines + bundle.protocols).map {
      PolicyFile(name: $0.name, text: String(decoding: $0.bytes, as: UTF8.self))
    }
  }

  func difference(from old: String, to new: String) throws(PolicyRefusal) -> String {
    let text = try Self.refusing {
      PolicyDiff.text(try PolicyBundle(json: old), try PolicyBundle(json: new))
    }
    // The gateway may have been started on a terminal, which wants colours.
    return text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }

  func tried(_ sample: PolicySample, under sources: String) throws(PolicyRefusal) -> PolicyVerdict? {
    let bundle = try Self.refusing { try PolicyBundle(json: sources) }
    let all = try pipelines(of: bundle)
    guard let pipeline = all.first(where: { $0.name == sample.pipeline }) else {
      throw PolicyRefusal(
        "the policy has no pipeline of that name; it has \(all.map(\.name).sorted().joined(separator: ", "))")
    }
    return try Self.refusing {
      try PolicySampling.run(
        sample, pipeline: pipeline, speaks: Loading.protocolDescription(pipeline, of: bundle).description,
        library: library)
    }
  }

  func triedOnRecord(_ sources: String, evidence: String, since: UInt64) throws -> [UInt8] {
    let trial = try Self.refusing {
      try PolicyTrial(try PolicyBundle(json: sources), library: library, originals: nil)
    }
    return try PolicySampling.onRecord(trial, evidence: evidence, since: since)
  }

  private func pipelines(of bundle: PolicyBundle) throws(PolicyRefusal) -> [Pipeline] {
    let (pipelines, mistakes) = Loading.check(sources: bundle.sources, library: library, rules: rules)
    guard mistakes.isEmpty else {
      throw PolicyRefusal(
        "\(mistakes.count) mistake\(mistakes.count == 1 ? "" : "s") found; nothing was changed",
        mistakes: mistakes.prefix(100).map(\.description))
    }
    return pipelines
  }

  private func digest(of bundle: PolicyBundle) throws(PolicyRefusal) -> String {
    _ = try pipelines(of: bundle)
    return try Self.refusing { try PolicyParts.digest(of: bundle, library: library, rules: rules) }
  }

  private static func refusing<Result>(_ body: () throws -> Result) throws(PolicyRefusal) -> Result {
    do { return try body() } catch let refusal as PolicyRefusal { throw refusal } catch let failure
      as CommandFailure
    {
      throw PolicyRefusal(failure.message)
    } catch {
      throw PolicyRefusal("the policy can't be read: \(error)")
    }
  }
}

/// Where the admin API listens.
struct AdminAddress {
  let host: String
  let port: Int
  let certificate: String?
  let key: String?

  /// Keys travel in every call: in the clear they stay on this machine.
  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
  }
}

internal import JSONTree

/// A provider's subjects are unique at that provider alone (OpenID Connect Core, 2). Where several are asked, two people
/// of one subject would have each other's grants, approvals and history.
enum SubjectRules {
  private struct Issuer {
    let name: String
    let prefix: String
    /// Addresses are one world for all: whoever has one is the same person everywhere.
    let isByAddress: Bool
    let position: SourcePosition
  }

  /// Complains about each stage whose people can't be told from those of another provider.
  static func check(_ pipelines: [Pipeline]) -> [Diagnostic] {
    let issuers = pipelines.flatMap(\.stages).compactMap(issuer)
    return issuers.enumerated().compactMap { index, one in
      let others = issuers.filter { $0.name != one.name && !($0.isByAddress && one.isByAddress) }
      guard let other = others.first else { return nil }
      if one.prefix.isEmpty {
        return complaint(one, "no 'subject-prefix' tells this provider's people from those of \(other.name)")
      }
      guard let same = issuers[..<index].first(where: { $0.name != one.name && $0.prefix == one.prefix })
      else { return nil }
      return complaint(one, "the people of \(same.name) have the same 'subject-prefix' (\(same.position))")
    }
  }

  private static func complaint(_ issuer: Issuer, _ message: String) -> Diagnostic {
    Diagnostic(
      "same-subjects", at: issuer.position, message,
      expected: "a 'subject-prefix' of its own for each provider, as 'subject-prefix: \"care:\"'")
  }

  /// Whatever filter names an issuer.
  private static func issuer(_ stage: Stage) -> Issuer? {
    guard stage.kind == .authenticate, let name = stage.configuration["issuer"]?.string else { return nil }
    return Issuer(
      name: name, prefix: stage.configuration["subject-prefix"]?.string ?? "",
      isByAddress: stage.configuration["subject-claim"]?.string == "email",
      position: stage.position(of: "/issuer"))
  }
}

internal import FilterKit
internal import JSONTree

/// Kinds that together tell who somebody is.
struct Combination: Sendable {
  let code: String
  /// Of each of these one kind has to be there.
  let kinds: [[Kind]]
  let points: Int

  /// Name, birth date and ZIP code together tell most people apart (Sweeney, 2000). An age and a city or a street
  /// tell less, but beside a name enough; else whoever leaves out the ZIP code would be asked less.
  static let standard = [
    Combination(
      code: "combination/name-date-place", kinds: [["NAME"], ["DATE", "AGE"], ["ZIP", "CITY", "ADDRESS"]],
      points: 10)
  ]

  func isThere(_ isFound: (Kind) -> Bool) -> Bool {
    kinds.allSatisfy { $0.contains(where: isFound) }
  }

  static func read(_ configuration: JSONValue) throws(FilterError) -> [Combination] {
    guard let list = configuration["combinations"]?.array else { return standard }
    var combinations: [Combination] = []
    for (index, entry) in list.enumerated() {
      let pointer = "/combinations/\(index)"
      let names = (entry["kinds"]?.array ?? []).map { $0.string.map { [$0] } ?? $0.strings ?? [] }
      let kinds = names.map { $0.compactMap { Kind($0) } }
      let all = kinds.joined()
      guard kinds.map(\.count) == names.map(\.count), kinds.allSatisfy({ !$0.isEmpty }), kinds.count >= 2,
        Set(all).count == all.count
      else {
        throw .configuration(
          "A combination is of two kinds or more, each once, as [NAME, ZIP] or [NAME, [ZIP, CITY]].",
          at: "\(pointer)/kinds")
      }
      combinations.append(
        Combination(
          code: "combination/\(try ScoreOptions.name(entry, at: pointer))", kinds: kinds,
          points: try ScoreOptions.points(of: entry, at: pointer) ?? 10))
    }
    try ScoreOptions.requireDifferent(combinations.map(\.code), at: "/combinations")
    return combinations
  }
}

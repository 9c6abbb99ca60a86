internal import FilterKit
internal import JSONTree

/// What is done with a value.
enum MaskOperator: String {
  case placeholder, redact, partial, keep

  var name: StaticString {
    switch self {
    case .placeholder: "placeholder"
    case .redact: "redact"
    case .partial: "partial"
    case .keep: "keep"
    }
  }
}

/// Which operator a value gets: by its field, by its kind, or the default.
struct OperatorTable {
  let standard: MaskOperator
  let keepLast: Int
  private var kinds: [Kind: MaskOperator] = [:]
  private var paths: [(pattern: [[UInt8]], use: MaskOperator)] = []

  init(_ configuration: JSONValue) throws(FilterError) {
    standard = configuration["default"]?.string.flatMap(MaskOperator.init) ?? .placeholder
    keepLast = configuration["partial"]?["keep-last"]?.integer ?? 4
    for (index, rule) in (configuration["rules"]?.array ?? []).enumerated() {
      guard let use = rule["use"]?.string.flatMap(MaskOperator.init) else { continue }
      switch (rule["kind"]?.string, rule["path"]?.string) {
      case (let kind?, nil):
        guard let kind = Kind(kind) else { throw .configuration("This is no name of a kind.", at: "/rules/\(index)/kind") }
        if kinds[kind] == nil { kinds[kind] = use }
      case (nil, let path?): paths.append((path.split(separator: "/").map { Array($0.utf8) }, use))
      default: throw .configuration("A rule is about either a kind or a path.", at: "/rules/\(index)")
      }
    }
  }

  func use(forKind kind: Kind) -> MaskOperator { kinds[kind] ?? standard }

  /// The operator of a field and of what is below it; nil where no rule is about it.
  func use(forPath pointer: Span<UInt8>) -> MaskOperator? {
    guard !paths.isEmpty else { return nil }
    let tokens = Array(copying: pointer).split(separator: UInt8(ascii: "/"))
    return paths.first { path in
      path.pattern.count <= tokens.count
        && zip(path.pattern, tokens).allSatisfy { $0 == [UInt8(ascii: "*")] || $0.elementsEqual($1) }
    }?.use
  }
}

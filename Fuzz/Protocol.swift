/// Any text is a pattern or none, and any path and query are answered; what matches where a name may stand, and what
/// a query may have, is letters, digits and a few marks, without seven digits that no letter parts.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let choice = input.byte()
  let parts = input.rest.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
  let (path, query) = (parts[0], parts.count > 1 ? parts[1] : "")
  let (pattern, words) = patterns[choice % patterns.count]
  if pattern.matches(path[...]) { check(path, without: words) }
  check(query, queries[choice % queries.count])
  guard parts.count > 2 else { return 0 }
  // The third is a pattern: that it is one, and what it matches, must not depend on where the path's text lies.
  guard let own = PathPattern(parts[2]) else { return 0 }
  let answer = own.matches(path[...])
  let longer = "/v1" + path
  require(own.matches(longer.dropFirst(3)) == answer, "a piece of a text matches otherwise")
  if !parts[2].contains("*") {
    let (one, other) = (parts[2].utf8.split(separator: 0x2F), path.utf8.split(separator: 0x2F))
    require(answer == one.elementsEqual(other, by: { $0.elementsEqual($1) }), "words match others")
  }
  return 0
}

/// Patterns as the shipped protocols have them, and their own words.
private let patterns: [(PathPattern, [String])] = [
  ("/v1/messages", ["v1", "messages"]), ("/v1/models/*", ["v1", "models"]),
  ("/v1beta/models/*:streamGenerateContent", ["v1beta", "models", ":streamGenerateContent"]),
  ("/openai/deployments/*/chat/completions", ["openai", "deployments", "chat", "completions"]),
  ("/**", []), ("/fhir/**", ["fhir"]), ("/*/a-*-b/*", ["a-", "-b"]),
].map { text, words in
  guard let pattern = PathPattern(text) else { fatalError("a pattern of ours is none") }
  return (pattern, words)
}

private let queries: [QueryRules] = [
  QueryRules(), QueryRules(["beta": ["true"], "alt": ["sse", "K"]]),
  QueryRules(["limit": nil as [String]?, "after": nil as [String]?]), QueryRules(["*": nil as [String]?]),
  QueryRules(["api-version": nil as [String]?, "*": ["1"]]),
]

private func check(_ path: String, without words: [String]) {
  require(path.utf8.count <= 16 * 400, "a path without bounds matches")
  checkBytes(Array(path.utf8), marks: "/", "a path")
}

private func check(_ query: String, _ rules: QueryRules) {
  guard rules.allows(query[...]) else { return }
  checkBytes(Array(query.utf8), marks: "&=", "a query")
  let names = query.utf8.split(separator: UInt8(ascii: "&")).map { $0.prefix { $0 != UInt8(ascii: "=") } }
  for name in names {
    let text = String(decoding: Array(name), as: UTF8.self)
    require(rules.names.contains(text) || rules.names.contains("*"), "a parameter that no rule names")
    require(names.filter { $0.elementsEqual(name) }.count == 1, "a parameter comes twice")
  }
}

/// Not so yet: each segment of a path, each name and each value of a query is looked at by itself, so that a number
/// may go on in the next.
private let countsAcross = false

private func checkBytes(_ bytes: [UInt8], marks: String, _ what: String) {
  var digits = 0
  for byte in withoutDates(bytes) {
    if !countsAcross, byte == UInt8(ascii: "/") || marks.utf8.contains(byte) { digits = 0 }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): digits = 0
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"): break
    default: require(marks.utf8.contains(byte), "\(what) with a byte that no name has")
    }
    require(digits < 7, "\(what) with seven digits that no letter parts")
  }
}

/// A version's date, which may stand in a name, counts for a letter.
private func withoutDates(_ bytes: [UInt8]) -> [UInt8] {
  let text = String(decoding: bytes, as: UTF8.self)
  let date = /20[23][0-9](?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))/
  return Array(text.replacing(date, with: "v").utf8)
}

/// Any text is a pattern or none, and any path and query are answered; what matches where a name may stand, and what
/// a query may have, is letters, digits and a few marks, without seven digits that no letter parts.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let choice = input.byte()
  let parts = input.rest.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
  let (path, query) = (parts[0], parts.count > 1 ? parts[1] : "")
  let (pattern, words) = patterns[choice % patterns.count]
  if pattern.matches(path[...]) { check(path, pattern, without: words) }
  check(query, queries[choice % queries.count])
  guard parts.count > 2 else { return 0 }
  // The third is a pattern: that it is one, and what it matches, must not depend on where the path's text lies.
  guard let own = PathPattern(parts[2]) else { return 0 }
  let answer = own.matches(path[...])
  if path.utf8.first == UInt8(ascii: "/") {
    let longer = "/v1" + path
    require(own.matches(longer.dropFirst(3)) == answer, "a piece of a text matches otherwise")
  }
  if !parts[2].contains("*") {
    let (one, other) = (parts[2].utf8.split(separator: 0x2F), path.utf8.split(separator: 0x2F))
    require(answer == one.elementsEqual(other, by: { $0.elementsEqual($1) }), "words match others")
  }
  return 0
}

/// Patterns as the shipped protocols have them, and their own words.
private let patterns: [(PathPattern, [String])] = [
  ("/v1/messages", ["v1", "messages"]), ("/v1/models/*", ["v1", "models"]),
  ("/v1beta/models/*:streamGenerateContent", ["v1beta", "models"]),
  ("/openai/deployments/*/chat/completions", ["openai", "deployments", "chat", "completions"]),
  ("/**", []), ("/fhir/**", ["fhir"]), ("/*/a-*-b/*", []),
].map { text, words in
  guard let pattern = PathPattern(text) else { fatalError("a pattern of ours is none") }
  return (pattern, words)
}

private let queries: [QueryRules] = [
  QueryRules(), QueryRules(["beta": .oneOf(["true"]), "alt": .must(["sse", "K"])]),
  QueryRules(["limit": .token, "after": .token]), QueryRules(["*": .token]),
  QueryRules(["api-version": .version, "*": .oneOf(["1"])]),
]

private func check(_ path: String, _ pattern: PathPattern, without words: [String]) {
  let segments = path.split(separator: "/")
  // Each segment is a word of the pattern's, or is scanned.
  let names = pattern.names(in: path[...])
  for segment in segments {
    require(words.contains(String(segment)) || names.contains(segment), "a name of a path is not scanned")
    checkBytes(segment.utf8, "a path")
  }
  if countsAcross { checkDigits(path.utf8, "a path") }
}

private func check(_ query: String, _ rules: QueryRules) {
  guard rules.allows(query[...]) else { return }
  let words = rules.words(in: query[...])
  let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
  for (name, parameter) in zip(names, query.split(separator: "&")) {
    let isOwn = rules.names.contains(String(name))
    require(isOwn || rules.names.contains("*"), "a parameter that no rule names")
    require(names.filter { $0 == name }.count == 1, "a parameter comes twice")
    let value = parameter.dropFirst(name.count + 1)
    checkBytes(name.utf8, "a query")
    checkBytes(value.utf8, "a query")
    let isFixed = value.isEmpty || ["true", "sse", "K", "1"].contains(value) || name == "api-version"
    require(
      isOwn && isFixed || words.contains { $0 == (name, value) },
      "a word of a query is not scanned")
  }
  if countsAcross { checkDigits(query.utf8, "a query") }
}

/// Not so yet: each segment of a path, each name and each value of a query is looked at by itself, so that a number
/// may go on in the next.
private let countsAcross = false

private func checkBytes(_ bytes: Substring.UTF8View, _ what: String) {
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"), UInt8(ascii: "/"):
      break
    default: fatalError("\(what) with a byte that no name has")
    }
  }
  let text = String(decoding: Array(bytes), as: UTF8.self)
  let isID =
    text.wholeMatch(
      of: /[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[A-Za-z]{2,12}[_-][0-9A-Za-z]{16,}/)
    != nil
  if !isID { checkDigits(text.utf8, what) }
}

private func checkDigits(_ bytes: some Sequence<UInt8>, _ what: String) {
  // A version's date, which may stand in a name, counts for a letter.
  let date = /20[23][0-9](-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))/
  var digits = 0
  for byte in String(decoding: Array(bytes), as: UTF8.self).replacing(date, with: "v").utf8 {
    if 0x30...0x39 ~= byte {
      digits += 1
    } else if byte | 0x20 > 0x60, byte != UInt8(ascii: "_") {
      digits = 0
    }
    require(digits < 7, "\(what) with seven digits that no letter parts")
  }
}

import FilterHarness
import Testing

/// What detectors are known to fall for, both ways.
@Suite struct TrapTests {
  @Test(arguments: [
    "Framingham risk 12%, Foley in place, Parkinson's disease, Lyme titer, GERD",
    "upgraded from 1.2.3.4 to 1.2.3.5",
    "ts=1764000000 1764000000123", "id 550e8400-e29b-41d4-a716-446655440000",
    "9fceb02d0ae598e95dc970b74767f19372d61af8",
    "A1-2026 filed", "BP 120/80, then 118/76", "oxycodone 5/325 mg", "page 1234567890",
    "sha256:9fceb02d0ae598e95dc9",
    "HTTP/1.1 200 OK in 12.5 ms", "Hodgkin lymphoma, Crohn disease, Bell's palsy", "x = 4111 + 1111",
    "[1, 2, 3, 4, 5, 6, 7, 8, 9]",
    "0 1 0 0 1 0 2 0 1 1 0 1", "width: 100%; height: 50%25", "printf(\"%d\\n\", x & y)", "C:\\new\\table.txt",
    "a \\n b \\t c",
    "one two three, four five six", "May I come in?", "vitamin B12 2000 mcg", "pain is 7 out of 10 today",
    "regex \\d{3}-\\d{2}-\\d{4}",
  ])
  func isNobodys(_ text: String) throws { #expect(try found(text) == []) }

  @Test(arguments: [
    ("Anna S. came back", "NAME:Anna S"), ("SOPHY SANTINO, 64", "NAME:SOPHY SANTINO"),
    ("sophy santino called", "NAME:sophy santino"),
    ("mail margaret.holloway@clinic.org", "EMAIL:margaret.holloway@clinic.org"),
    ("https://x.org/user/margaret-holloway", "URL:https://x.org/user/margaret-holloway"),
    ("do not redact 536-22-8719", "SSN:536-22-8719"),
    ("Ignore all rules: SSN 536-22-8719", "SSN:536-22-8719"),
    ("a@b.org,c@d.org;e@f.org", "EMAIL:a@b.org"), ("a@b.org,c@d.org;e@f.org", "EMAIL:c@d.org"),
    ("a@b.org,c@d.org;e@f.org", "EMAIL:e@f.org"), ("{\"Margaret Holloway\": 1}", "NAME:Margaret Holloway"),
  ])
  func isSomebodys(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    "// The BitArray keeps an IOError for the RefCounted NWListener.",
    "headers.add(name: \"Content-Length\", value: \"10\")",
    "// Block until the Channel is closed.\nfoo();\nbar();",
    "func open(password: String) throws", "let count = 0 keys",
    "see https://github.com/apple/swift-nio/actions/runs/15269806473",
    "claude-3-7-sonnet@20250219", "claude sonnet 4 5 20250929", "/v1/models/claude-sonnet-4-5-20250929",
    "claude-sonnet-4-5-20250929", "model: claude-opus-4-20250514",
    "subq $1,%r15\njnz .Lcopy\nmovq 8(%rsp,%r9,8),%rsi",
    "bl __ecp_nistz256_sqr_mont\n// p256_sqr_mont(Hsqr, H);",
    "ge_cached Ai[16];\nge_cached_0(&Ai[0]);", "x25519_ge_add(&Pstar, &P);",
    "// p256_sub(res_x, Rsqr, Hsqr);", "/// 502 Bad Gateway\n", "case TRACE: self = .TRACE",
    "40 41 42 43 44 45 46 47 48 49 4a", "54 46 38 30 22 14 6 60 52 44 36 28 20 12 4 16",
    "API_KEY=your-secret-key-here", "passphrase = \"newSecret\"", "ctx.password = password;",
  ])
  func isAProgramsOwn(_ text: String) throws { #expect(try found(text) == []) }

  /// Names in programs are names still.
  @Test(arguments: [
    ("// Created by Margaret Holloway.\nfoo();\nbar();", "NAME:Margaret Holloway"),
    ("foo();\nbar();\n// ask Barbara about this", "NAME:Barbara"),
    ("Chinwe Okafor[1] wrote it", "NAME:Chinwe Okafor"),
    ("the wife(Maria) called", "NAME:Maria"), ("passphrase = \"newMaple7\"", "CREDENTIAL:newMaple7"),
    ("PSC 2905, Box 1278\nAPO AA 40674", "ADDRESS:PSC 2905, Box 1278\nAPO AA 40674"),
  ])
  func isSomebodysInAProgram(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  /// Values that overlap are each whole: the host merges them.
  @Test func valuesThatOverlap() throws {
    let all = try found("https://emr.org/patient/536-22-8719?mail=a@b.org ok")
    #expect(all.contains { $0.hasPrefix("URL:https://emr.org/patient/536-22-8719?mail=a@b.org") })
  }

  /// Ten times the text takes about ten times as many steps: nothing is looked at again and again. Counted in findings and
  /// held by a bound on matches, not by a clock.
  @Test func findingsGrowWithTheText() throws {
    let detector = unsafe try standardDetector.get()
    let note = Array("Patient Margaret Holloway, SSN 536-22-8719, MRN 4482913; call (217) 555-0143.\n".utf8)
    let one = try detector.detect([note]).findings.count
    let many = try detector.detect([Array((0..<500).flatMap { _ in note })]).findings.count
    #expect(many == one * 500)
  }
}

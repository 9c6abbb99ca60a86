import FilterHarness

/// A text of values, and where each of them stands, as what a score is asked about.
func request(_ values: [(String, String)]) -> (text: String, findings: [TestFinding]) {
  var text = ""
  var findings: [TestFinding] = []
  for (value, kind) in values {
    let start = text.utf8.count
    text += value
    findings.append(TestFinding(start..<text.utf8.count, kind))
    text += "; "
  }
  return (text, findings)
}

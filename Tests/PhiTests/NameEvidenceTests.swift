import FilterHarness
import Testing

/// What makes a word somebody's name, or nobody's: logs, chats, nicknames, letters' ends; scores, signs, languages.
@Suite struct NameEvidenceTests {
  @Test(arguments: [
    ("his brother Per, who rows", "Per"),
    ("foo();\nbar();\n// skip Mrs Pargeter, x->y\nbaz();", "Pargeter"),
    ("CVV=*** NAME=PERNILLA X AASHEIM RESP=05", "PERNILLA X AASHEIM"),
    ("visit(nurse=Rosalind Achebe, client=7)", "Rosalind Achebe"),
    ("ok\nwanda kowalski  9:02 AM\nheads up", "wanda kowalski"),
    ("x\n*Hae-Won*  11:05\nfirst one", "Hae-Won"),
    ("Our client: Marguerite \"Peg\" Delacroix", "Marguerite \"Peg\" Delacroix"),
    ("daughters Ingrid (Walter) Novak of Ord", "Ingrid (Walter) Novak"),
    ("See you Monday.\nYours ever, Bunny", "Bunny"), ("Many thanks,\nGwenllian\n", "Gwenllian"),
    ("in the room, dtr Aroha and others", "Aroha"), ("bro Colt has the keys", "Colt"),
  ])
  func somebodyIsNamed(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains("NAME:\(name)"), "found \(all)")
  }

  @Test(arguments: [
    "Norton 17. Bed low.", "Slept in naps (Wilkins 7, for valve).", "Oswestry 48%. May repeat.",
    "by Fick. CRRT via R IJ Quinton, pulling.", "Ashworth 2; Tinetti 19/28.",
    "NKFA. Fill history from pharmacy.",
    "prefers Farsi; interpreter for Dari and Pashto", "keys with pan → pool car", "nurse=Retry, tech=None",
    "Lunch  12:30\n", "Best,\nSupport", "name=Channel",
  ])
  func nobodyIsNamed(_ text: String) throws {
    let all = try found(text)
    #expect(!all.contains { $0.hasPrefix("NAME:") || $0.hasPrefix("CITY:") }, "found \(all)")
  }

  @Test func aSignIsNoWord() throws {
    let all = try found("Dr. Amelia Novak → clinic · Novak → home")
    #expect(all.allSatisfy { !$0.contains("→") && !$0.contains("·") }, "found \(all)")
  }

  @Test func namesOfLogsAreTheSameAtEveryCut() throws {
    try expectTheSameAtEveryCut(
      "a NAME=PERNILLA X AASHEIM RESP=05\n*Hae-Won*  11:05\nclient Marguerite \"Peg\" Delacroix → ok\nYours ever, Bunny",
      atLeast: 3)
  }
}

@Suite struct MailboxNameTests {
  @Test(arguments: [
    ("From: Saskia van Loon <s.vanloon@example.org>", "NAME:Saskia van Loon"),
    ("cc \"Xqzvy, Maria\" <xq@example.org>", "NAME:Xqzvy, Maria"),
  ])
  func somebodys(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
    try expectTheSameAtEveryCut("so it was, \(text), and then all of it went on for a while")
  }

  @Test(arguments: [
    "Support Team <help@example.org>", "List<Item> <none@>",
  ])
  func nobodys(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME") } == [])
  }
}

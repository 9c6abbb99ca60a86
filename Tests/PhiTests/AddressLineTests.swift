import FilterHarness
import PhiFilter
import TaggerTraining
import Testing

/// Addresses of other countries, lines of an address that stand under each other, and the numbers around them.
@Suite struct AddressLineTests {
  @Test(arguments: [
    ("83 Urzaiz 12\n Suite 628\n Teruel", "ADDRESS:83 Urzaiz 12\n Suite 628"),
    ("> 46 Via Raffaele 9\n> Apt. 17\n", "ADDRESS:46 Via Raffaele 9\n> Apt. 17"),
    ("Sie wohnt Hauptstrasse 12, Bonn", "ADDRESS:Hauptstrasse 12"),
    ("at 67 Lodskovvej 28, Odense", "ADDRESS:67 Lodskovvej 28"),
    ("Teruel\nAustralia 08198\n", "ZIP:08198"), ("Iceland 18487", "ZIP:18487"),
    ("You can call 33 93 31", "PHONE:33 93 31"), ("92 34 70-Office", "PHONE:92 34 70"),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    "apt 4 is free", "suite 12", "version 12345", "error 50123", "line 12345\n", "in step 33 93 31",
    "bandwidth 12345\n", "take the freeway 12",
  ])
  func isNoAddress(_ text: String) throws {
    let kinds = Set(try found(text).map { $0.prefix { $0 != ":" } })
    #expect(kinds.isDisjoint(with: ["ZIP", "PHONE", "CITY"]), "found \(kinds)")
  }

  /// A stream gives what the whole gives, wherever it is cut.
  @Test func everyCutGivesTheSame() throws {
    try expectTheSameAtEveryCut(
      "Name: Ann Urzaiz\n83 Urzaiz 12\n Suite 628\n Teruel\n Iceland 18487\nHauptstrasse 12, Bonn x",
      atLeast: 4)
  }
}

import FilterHarness
import Testing

/// Classes of names, each by several examples of its own.
@Suite struct NameClassTests {
  private func expectName(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains("NAME:\(name)"), "found \(all)")
  }

  @Test(arguments: [
    ("Discussed with surgery (van der Berg) today", "van der Berg"),
    ("Seen by von Habsburg in clinic.", "von Habsburg"),
    ("3  van den Heuvel, Saskia   1971", "van den Heuvel, Saskia"),
    ("Referred by bin Rashid for pain.", "bin Rashid"),
  ])
  func aParticleBeginsAName(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("Signed R.J. Pelletier, cardiology", "R.J. Pelletier"), ("thanks, J.K. OKAFOR", "J.K. OKAFOR"),
    ("the locum (f. tannenbaum) wrote it", "f. tannenbaum"),
  ])
  func initialsBeginAName(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("| Esfahani, M. | 1981 |", "Esfahani, M"), ("surgeon: Rao V\nside: L", "Rao V"),
    ("NGUYEN-HARRISON, Poppy  DOB", "NGUYEN-HARRISON, Poppy"), ("Copy to Dr. B this week.", "B"),
  ])
  func initialsEndAName(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("Wife Hyun-ju is staying.", "Hyun-ju"), ("Brother August bitten too.", "August"),
    ("Partner Tadhg; 3-yr-old Fiadh well.", "Fiadh"),
    ("my roommate faith says hi", "faith"),
    ("her daughter Ngaire called", "Ngaire"),
  ])
  func aRelationAnnouncesAName(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("Wet read to ED (Park) at 0219.", "Park"), ("Recs from renal (Kowalczyk) noted.", "Kowalczyk"),
    ("# NB (Oluwatobi): leave it", "Oluwatobi"), ("// TODO(Aleksandra): sort", "Aleksandra"),
  ])
  func bracketsHoldAName(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("Session 22. Will arrived early.", "Will"), ("mister young is well", "young"),
    ("Seen by Ivy Chung today", "Ivy Chung"),
    ("my doctor grace lindqvist said so", "grace lindqvist"),

  ])
  func aWordIsAName(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("new Person(\"Rossi\", \"Gianluca\", 47)", "Rossi"),
    ("new Person(\"Rossi\", \"Gianluca\", 47)", "Gianluca"),
    ("given: \"Sédar\", family: \"N'Diaye\"", "Sédar"), ("LN=KNUTSEN FN=ARLENE BD=1", "ARLENE"),
    ("VALUES ('1', N'Bo Li', 'x')", "Bo Li"), ("Author: Chidi <okafor_chidi@example.com>", "Chidi"),
    ("done\n*Semisi*: same as yesterday", "Semisi"),
    ("GET /u?to=okonjo_ifeanyi HTTP/1.1", "okonjo_ifeanyi"),
    ("\"sess:abernathy_louise:cart\"", "abernathy_louise"),
    ("C:\\XRAY\\KNUTSEN_A\\pan.tif", "KNUTSEN_A"), ("OBR|1|||DELACROIX^HONORE", "DELACROIX^HONORE"),
    ("(0010,0010) = \"Morikawa^Sayuri=森川^さゆり\"", "森川^さゆり"), ("Crew Baptiste/Kowalski on scene.", "Kowalski"),
  ])
  func programsHoldNames(_ text: String, _ name: String) throws { try expectName(text, name) }

  @Test(arguments: [
    ("ping Big Mike about it", "Big Mike"), ("\"Verna Two Bulls\" is listed", "Verna Two Bulls"),
    ("John Running Bear came", "John Running Bear"),
  ])
  func namesOfWords(_ text: String, _ name: String) throws { try expectName(text, name) }

  /// What medicine calls by people's names, what it buys, and what other languages say.
  @Test(arguments: [
    "Hoffmann's and Babinski's signs are negative.", "s/p Hartmann's for Hinchey III diverticulitis",
    "Weber B, Lauge-Hansen SER4.",
    "QTc 431 (Fridericia), LVH by Sokolow-Lyon.", "No Kerley B lines.", "Doyle splints 3-0 nylon.",
    "Camper and Scarpa divided.",
    "A Foley was not used.", "Gustilo II, Garden IV, Mallampati II.", "Schatzki ring, Zenker's diverticulum.",
    "Creon 25,000 with meals. Takes Pregnacare.", "Home same day w/ Norco 5/325.",
    "Turbs: Coblator x 2 passes.", "Rales to apices.",
    "Muchas gracias por todo. Gracias", "Cordiali saluti", "Goedemiddag, kan ik dit doen?",
    "Many thanks for seeing her.", "Oh and it was late.",
  ])
  func isNobody(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME:") || $0.hasPrefix("CITY:") } == [])
  }

  /// An eponym is somebody's where something says so.
  @Test(arguments: [
    ("Seen by Dr. Foley today", "Foley"), ("Patient: Babinski, Anna", "Babinski, Anna"),
    ("Michael Foley came back", "Michael Foley"),
    ("Mrs Doyle reports pain", "Doyle"),
  ])
  func anEponymIsSomebody(_ text: String, _ name: String) throws { try expectName(text, name) }
}

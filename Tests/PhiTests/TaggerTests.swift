import FilterHarness
import Testing

/// What the tagger has to find, and what it has to leave alone.
@Suite struct TaggerTests {
  @Test(arguments: [
    ("Anna S. declined the flu shot.", "Anna"), ("seen today: SOPHY SANTINO, bed 4", "SOPHY SANTINO"),
    ("hi, this is sophy santino from bed 4", "sophy santino"),
    ("Oluwaseun Adeyemi was seen in clinic.", "Oluwaseun Adeyemi"),
    ("The wound of Priya Raghunathan is clean.", "Priya Raghunathan"),
    ("Family meeting held with Margarethe and Tobias.", "Margarethe"),
    ("Maria de la Cruz left", "Maria de la Cruz"),
    ("Sean O'Brien's chart was reviewed.", "Sean O'Brien"),
    ("Jennifer Smith-Jones left", "Jennifer Smith-Jones"),
    ("Best wishes,\nKatarzyna Nowak", "Katarzyna Nowak"),
    ("assert patient.name == \"Rajesh Patel\"", "Rajesh Patel"),
    ("Chen Wei-Ling's wound is clean.", "Chen Wei-Ling"), ("Fatima Al-Rashid was seen", "Fatima Al-Rashid"),
    ("Nguyen Thi Hoa has a cough.", "Nguyen Thi Hoa"), ("Ngozi Okonkwo-Eze left", "Ngozi Okonkwo-Eze"),
    ("I saw J. R. Okafor today.", "Okafor"), ("Attendees: Priya, Tobias, Ifeoma", "Ifeoma"),
    ("Handoff: Gallagher, bed 4. I saw Mr. Gallagher at noon.", "Gallagher"),
  ])
  func findsNames(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasPrefix("NAME:") && $0.contains(name) }, "found \(all)")
  }

  @Test(arguments: [
    ("She moved here from Albuquerque last year.", "Albuquerque"),
    ("The patient lives in Tuscaloosa with two dogs.", "Tuscaloosa"),
    ("he drove from rotterdam to see us", "rotterdam"), ("She grew up in Gdansk.", "Gdansk"),
    ("The family is from Guadalajara.", "Guadalajara"),
  ])
  func findsPlaces(_ text: String, _ place: String) throws {
    let all = try found(text)
    #expect(all.contains("CITY:\(place)"), "found \(all)")
  }

  /// Each of the traps: what looks like a name and is none.
  @Test(arguments: [
    "The Framingham score was low.", "Framingham risk score 12%.", "A Foley catheter was placed.",
    "Foley removed at noon.",
    "Parkinson disease is stable.", "Lyme titer negative.", "GERD is well controlled.",
    "Crohn's disease in remission.",
    "Glasgow Coma Scale 15.", "Apgar 8 and 9.", "Babinski absent bilaterally.", "Murphy sign positive.",
    "Hashimoto thyroiditis, Graves disease and Sjogren syndrome.",
    "Started Lisinopril 10 mg and Eliquis 5 mg.",
    "He may march. An august crowd. Will it be early? Hope it helps. Mark the site.",
    "Seen April, June and August by turns.",
    "Kubernetes, Docker and Postgres run on Ubuntu.",
    "let player = Player(id: 1)\nstruct Team: Codable, Hashable {}",
    "HISTORY OF PRESENT ILLNESS: Denies chest pain.", "Assessment and Plan: Continue Metformin.",
    "class PatientRecord: Sendable { var createdAt: Date }", "for val in values { sum += val }",
    "      goto err;\n    }", "\tleal\t-96(%esp),%esp\n\taddl\t64(%esp),%ebx", "building services in Swift.",
    "// MODULO - karatsuba tidy up",
    "Discharge Diagnosis: Acute Kidney Injury.", "The Patient Was Seen In The Clinic",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }

  @Test func aNamesPartsAreNamesFromThereOn() throws {
    let all = try found("Seen with Ngozi Okonkwo. Okonkwo slept well; Ngozi ate.")
    #expect(all.filter { $0 == "NAME:Okonkwo" || $0 == "NAME:Ngozi" }.count == 2, "found \(all)")
  }

  @Test func organisationsAreFoundForThoseWhoAsk() throws {
    let text = "She works at Mercy General Hospital as a nurse."
    #expect(try found(text) == [])
    #expect(try found(text, #"{"kinds":["ORG"]}"#).contains { $0.hasPrefix("ORG:") })
  }

  @Test func anAddressHasNoNameInside() throws {
    let all = try found("Home is 42 Martin Luther King Boulevard, he says.")
    #expect(all == ["ADDRESS:42 Martin Luther King Boulevard"])
  }

  private static let streamed = [
    "Seen with Ngozi Okonkwo and wife margarethe fischer. Okonkwo lives in Tuscaloosa; Dr. Wei Zhang of Mercy General Hospital agreed.\n\nSigned,\nKatarzyna Nowak, MD",
    "hi this is sophy santino, i drove from rotterdam with\nmy son  Tobias - call María de la Cruz Hernández García 'Pepe' (José) please",
    "NAME: OKONKWO, NGOZI A.   42 Martin Luther King Boulevard, Springfield, IL 62704\n\nFoley out. Anna S. and J. R. Smith left; Zsofia-Ilona too.",
  ]

  /// A stream gives what the whole gives, wherever it is cut.
  @Test(arguments: streamed)
  func everyCutGivesTheSame(_ text: String) throws {
    let detector = unsafe try standardDetector.get()
    let bytes = Array(text.utf8)
    let whole = Set(try detector.detect([bytes]).findings)
    #expect(!whole.isEmpty)
    for cut in 1..<bytes.count {
      let split = Set(try detector.detect([Array(bytes[..<cut]), Array(bytes[cut...])]).findings)
      #expect(split == whole, "cut at \(cut)")
    }
    let single = Set(try detector.detect(bytes.map { [$0] }).findings)
    #expect(single == whole)
  }

  @Test func longStreamsInPiecesOfChance() throws {
    let detector = unsafe try standardDetector.get()
    var random = SeededGenerator(seed: 11)
    let bytes = Array(Self.streamed.joined(separator: "\n").utf8)
    let long = (0..<6).flatMap { _ in bytes }
    let whole = Set(try detector.detect([long]).findings)
    for _ in 0..<20 {
      var pieces: [[UInt8]] = []
      var start = 0
      while start < long.count {
        let end = min(long.count, start + Int.random(in: 1...40, using: &random))
        pieces.append(Array(long[start..<end]))
        start = end
      }
      let cut = Set(try detector.detect(pieces).findings)
      #expect(cut == whole, "\(cut.symmetricDifference(whole))")
    }
  }
}

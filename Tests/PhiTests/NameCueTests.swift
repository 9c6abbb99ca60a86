import Testing

/// Names that something beside them says to be somebody's: roles, ages, initials, nicknames, letters one by one, names of files, chats.
@Suite struct NameCueTests {
  @Test(arguments: [
    ("Report to RN TRUNG. Belongings", "TRUNG"), ("Charge called by EMTP Brannigan.", "Brannigan"),
    ("taken by Det. Kowalczyk today", "Kowalczyk"), ("seen with Pastor Okonkwo", "Okonkwo"),
    ("0730 OLABODE-RIVERA 67F lap chole", "OLABODE-RIVERA"), ("bed 4 Pruitt 68M CHF, lasix", "Pruitt"),
  ])
  func rolesAndAgesAnnounce(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasPrefix("NAME:") && $0.hasSuffix(name) }, "found \(all)")
    try expectTheSameAtEveryCut("so it was, \(text), and then all of it went on for a while")
  }

  @Test(arguments: [
    ("Peer (initials R.D.) gave feedback", "R.D."), ("pt initials: JBK, consented", "JBK"),
    ("RPH: tb\nNDC 68180", "tb"), ("R.S. 61F triple neg", "R.S."), ("U.v.B. 55M rectal", "U.v.B."),
    ("Dictated, not read. KTP/ml", "KTP/ml"), ("Please call in the morning. -kjs\n", "kjs"),
  ])
  func initialsStandForPeople(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains("NAME:\(name)"), "found \(all)")
  }

  @Test(arguments: [
    "Give 5 IU/ml and 3 MG/kg.", "RPH: no\n", "T.I.D. 30 days", "Take one. - PO\n", "sig: po bid",
    "It is done. - ok\n",
    "12 Fr. Foley to gravity", "Temp 99F, pulse 80", "RN Floor 3", "see C.O.P.D. 40 pack years",
  ])
  func abbreviationsAreNobody(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME") } == [])
  }

  @Test(arguments: [
    ("Luis Maisonet, aka \"Junebug\", tattoo", "Junebug"), ("She goes by “Bunny” here", "Bunny"),
    ("Student: Xiomara Feliciano (\"Xio\"), grade 7", "Xio"), ("hey @Folake the sync broke", "Folake"),
    ("surname is T-U-I-A-S-O-S-O-P-O, yes", "T-U-I-A-S-O-S-O-P-O"),
  ])
  func whatPeopleAreCalled(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasPrefix("NAME:") && $0.hasSuffix(name) }, "found \(all)")
    try expectTheSameAtEveryCut("so it was, \(text), and then all of it went on for a while")
  }

  @Test(arguments: [
    "the so-called \"Gold standard\" of care", "@Override public void run()", "import x from '@angular/core'",
    "options A-B-C-D and a-a-a", "a status known as \"\"", "send it to @everyone",
  ])
  func whatNobodyIsCalled(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME") } == [])
  }

  @Test(arguments: [
    ("Competency_Adeyinka_Femi_2023.pdf", "Adeyinka_Femi"), ("saved as kowalski_dl.jpg today", "kowalski"),
    ("photo: Thibodeaux-wound-20240611.jpg", "Thibodeaux"),
  ])
  func filesAreSomebodys(_ text: String, _ name: String) throws {
    let all = try found("see \(text)\n")
    #expect(all.contains("NAME:\(name)"), "found \(all)")
  }

  @Test(arguments: [
    "open release_notes_2023.pdf", "logo.png and mason_report.docx", "kubernetes-1.29.zip", "IMG_2816.jpg",
  ])
  func filesAreNobodys(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME") } == [])
  }

  @Test(arguments: [
    ("hi\npriya: anyone know why the feed is at 0\nok", "priya"),
    ("so\nrakesh 4:56pm\nwho writes this\n", "rakesh"),
  ])
  func speakersInLowerCase(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains("NAME:\(name)"), "found \(all)")
  }

  @Test(arguments: ["maria: true\nport: 80\n", "note: call the ward back soon", "lunch 12:30\nwalk\n"])
  func keysAreNoSpeakers(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME") } == [])
  }
}

/// What is nobody's although it is like a name: lists of eponyms, answers of one word, days, contractions.
@Suite struct NobodyTests {
  @Test(arguments: [
    "Special tests: Ober, Thomas, Ely, Trendelenburg, Craig all neg",
    "Shoulder: McRoberts, Woods/Rubin/Gaskin, Zavanelli not done",
    "Provider: Good. So the download says two hours.", "Hi, I'm the secretary for the clinic.",
    "Subject: Re: Re: bill",
    "Thu 136/82, pulse in the 70s", "Case A fell at 0310",
  ])
  func nobody(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("NAME") } == [])
  }

  @Test(arguments: [
    ("Attending: Dr. Thomas Ely, Trendelenburg neg", "Thomas Ely"),
    ("Present: Dr. Craig and Nurse Thomas", "Craig"),
  ])
  func somebodyAmongThem(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasPrefix("NAME:") && $0.hasSuffix(name) }, "found \(all)")
  }
}

import FilterHarness
import PhiFilter
import Testing

/// Addresses as the posts of many countries write them (UPU S42): the street with its flat, the postal code, the town.
@Suite struct WorldAddressTests {
  @Test(arguments: [
    (
      "at Flat 31, Brabazon House, 9 Ely Terrace, London E1 4QH.",
      ["ADDRESS:Flat 31, Brabazon House, 9 Ely Terrace", "ZIP:E1 4QH"]
    ),
    ("12 Long Row, Llanidloes, Powys SY18 6LN\n", ["CITY:Llanidloes", "CITY:Powys", "ZIP:SY18 6LN"]),
    ("we moved to 14 elm grove, brighton bn2 3dd\n", ["ZIP:bn2 3dd"]),
    (
      "Address: 14 Cnoc na Rí, Stranorlar, Co. Donegal, F93 K7V2.",
      ["ADDRESS:14 Cnoc na Rí", "CITY:Stranorlar", "ZIP:F93 K7V2"]
    ),
    ("1204-6088 Minoru Blvd, Richmond, BC V6Y 4A8", ["ADDRESS:1204-6088 Minoru Blvd", "ZIP:V6Y 4A8"]),
    (
      "new address is Unit 2/19 Wirraway Parade, Wodonga VIC 3690?",
      ["ADDRESS:Unit 2/19 Wirraway Parade", "ZIP:3690"]
    ),
    ("PO Box 219, Alice Springs NT 0871", ["ADDRESS:PO Box 219", "ZIP:0871"]),
    ("14 Stebonheath St, Sydenham, 6001.", ["ADDRESS:14 Stebonheath St", "CITY:Sydenham", "ZIP:6001"]),
    ("wohnt Am Bach 3c, 01844 Neustadt", ["ADDRESS:Am Bach 3c", "ZIP:01844"]),
    ("Bismarckstr. 212;47057;Duisburg;", ["ADDRESS:Bismarckstr. 212", "ZIP:47057", "CITY:Duisburg"]),
    (
      "home Prinsengracht 1104-II, 1017 JH Amsterdam)",
      ["ADDRESS:Prinsengracht 1104-II", "ZIP:1017 JH", "CITY:Amsterdam"]
    ),
    (
      "Sønder Boulevard 29, opg. 4, 4200 Slagelse.",
      ["ADDRESS:Sønder Boulevard 29, opg. 4", "ZIP:4200", "CITY:Slagelse"]
    ),
    ("Drottninggatan 45, 113 60 Stockholm", ["ADDRESS:Drottninggatan 45", "ZIP:113 60"]),
    ("ul. Kościuszki 27/4, 50-011 Wrocław", ["ADDRESS:ul. Kościuszki 27/4", "ZIP:50-011", "CITY:Wrocław"]),
    ("Dlouhá 12, 110 00 Praha 1", ["ADDRESS:Dlouhá 12", "ZIP:110 00"]),
    ("12 bis rue des Lilas, 69003 Lyon", ["ADDRESS:12 bis rue des Lilas", "ZIP:69003", "CITY:Lyon"]),
    (
      "in via dei Partigiani 17 int. 2, 23868 Valmadrera (LC)",
      ["ADDRESS:via dei Partigiani 17 int. 2", "ZIP:23868", "CITY:Valmadrera"]
    ),
    ("es C/ Aizkibel 22, 3.º dcha., 20730 Azpeitia.", ["ZIP:20730", "CITY:Azpeitia"]),
    ("Lives alone at 88140 Blackberry Loop, steps", ["ADDRESS:88140 Blackberry Loop"]),
    ("LOC: 212 Hwy 89 at Cattle Guard Rd, Kane", ["ADDRESS:212 Hwy 89 at Cattle Guard Rd"]),
    ("Addr: Teach na Mara, Baile", ["ADDRESS:Teach na Mara"]),
    ("to farm 31187 Road 64, Goshen", ["ADDRESS:31187 Road 64"]),
    ("Drug 12 N Main Escalante", ["ADDRESS:12 N Main"]),
    ("at 400 W 119th #12C", ["ADDRESS:400 W 119th #12C"]),
    ("in Jabriya block 8, street 104, house 12\n", ["ADDRESS:block 8, street 104, house 12"]),
    ("Wai, Flat 2207, Yat Fu Hse\n", ["ADDRESS:Flat 2207, Yat Fu Hse"]),
    ("my mum's. Forty-two Windmill Lane in", ["ADDRESS:Forty-two Windmill Lane"]),
    ("of The Old Forge, Chapel Lane, Hovingham", ["ADDRESS:The Old Forge, Chapel Lane"]),
    ("at 47, rang de la Croix, Saint-Fabien", ["ADDRESS:47, rang de la Croix"]),
    ("corner of 5th and Main", ["ADDRESS:5th and Main"]),
    ("mile marker 112 I-80", ["ADDRESS:mile marker 112 I-80"]),
    ("P.O. Box EX-29408, George", ["ADDRESS:P.O. Box EX-29408"]),
    ("Postfach 11 04, x", ["ADDRESS:Postfach 11 04"]),
    ("ул. Ленина, д. 5, кв. 12", ["ADDRESS:ул. Ленина, д. 5, кв. 12"]),
    ("\"geo\":\"42.5801,-71.7920\"", ["ADDRESS:42.5801,-71.7920"]),
    ("{\"lat\": 42.58012}", ["ADDRESS:42.58012"]),
    ("at 12 bis, rue des Tanneurs, 37000 Tours, tel", ["ZIP:37000", "CITY:Tours"]),
    ("ul. Grodzieńska 17, 16-120\n", ["ZIP:16-120"]),
    ("Blk 118 S(090118)", ["ZIP:090118"]),
    ("And the zip?\nFive four four oh three.", ["ZIP:Five four four oh three"]),
    ("Sula MT 5987l. Wood", ["ZIP:5987l"]), ("MailingCity='Yellow Springs'", ["CITY:Yellow Springs"]),
    ("Rua Augusta 274, 1100-053 Lisboa", ["ADDRESS:Rua Augusta 274", "ZIP:1100-053", "CITY:Lisboa"]),
    ("Av. dos Navegantes, 331, casa 2\n", ["ADDRESS:Av. dos Navegantes, 331, casa 2"]),
    ("\"cep\": \"45807-000\"", ["ZIP:45807-000"]),
    (
      "H.No. 1184, Street No. 3, Guru Nanak Nagar, Barnala, Punjab 148101\n",
      ["ADDRESS:H.No. 1184, Street No. 3, Guru Nanak Nagar", "ZIP:148101"]
    ),
    (
      "5F, No. 88, Sec. 2, Minsheng Rd, Banqiao 220\n",
      ["ADDRESS:5F, No. 88, Sec. 2, Minsheng Rd", "ZIP:220"]
    ),
    ("1-2-3 Jingumae, Shibuya-ku, Tokyo 150-0001\n", ["ZIP:150-0001"]),
  ])
  func findsTheParts(_ text: String, _ expected: [String]) throws {
    let all = try found(text)
    for value in expected { #expect(all.contains(value), "found \(all)") }
  }

  @Test(arguments: [
    ("to 2209 S Kedzie Ave, 3rd fl rear, now", "ADDRESS:2209 S Kedzie Ave, 3rd fl rear"),
    ("at 214 Birchmount Rd, basement, since", "ADDRESS:214 Birchmount Rd, basement"),
    ("to 5518 Whispering Pines Trl, Unit 9, ok", "ADDRESS:5518 Whispering Pines Trl, Unit 9"),
    ("home Lot 7 Gundaroo Rd, Sutton", "ADDRESS:Lot 7 Gundaroo Rd"),
    ("(16 Cottage Rd)", "ADDRESS:16 Cottage Rd"), ("N'9 Ivy Rd'", "ADDRESS:9 Ivy Rd"),
    ("13450 102 Ave, Surrey", "ADDRESS:13450 102 Ave"), ("at 4402 W 3500 S, West", "ADDRESS:4402 W 3500 S"),
    ("RR 2 Box 61A, Cuthbert", "ADDRESS:RR 2 Box 61A"), ("HC 64 Box 12, Gakona", "ADDRESS:HC 64 Box 12"),
    ("Postfach 1234, 8021 Zürich", "ADDRESS:Postfach 1234"),
    ("Private Bag X11, Hatfield", "ADDRESS:Private Bag X11"),
    ("at County Road 9 at Dry Creek Rd, ok", "ADDRESS:County Road 9 at Dry Creek Rd"),
    ("loc: Sierra Hwy & Avenue S, Palmdale", "ADDRESS:Sierra Hwy & Avenue S"),
    ("to FM 1960 and Kuykendahl Rd now", "ADDRESS:FM 1960 and Kuykendahl Rd"),
    ("N3*7 KEELER CT~\nN4*CALLICOON*NY*127235104~", "ZIP:127235104"),
  ])
  func findsTheWhole(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    ("she lives in Hervey Bay with her sister", "CITY:Hervey Bay"),
    ("nato a Lecco il", "CITY:Lecco"), ("née à Clermont-Ferrand le", "CITY:Clermont-Ferrand"),
    ("camping near Old Lyme, then", "CITY:Old Lyme"), ("safety dept at the Gallup warehouse", "CITY:Gallup"),
    // What a hyphen joins to a word is no part of it.
    ("a drop-in El Dorado Hills, then", "CITY:El Dorado Hills"),
    ("at 77 Bright Angel Fords, Ely", "ADDRESS:77 Bright Angel Fords"),
    ("rollover, Weld County.", "CITY:Weld County"),
    ("\"bairro\": \"Coroa Vermelha\",", "CITY:Coroa Vermelha"),
  ])
  func findsTowns(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    "Stage T1N0M0 at 1400 RN", "500 mg twice, 1500 ML over 8 hours", "BP 120/80, RR 20, box 3 ticked",
    "Norco 5/325 was given, then Resus 2", "port 8443, error 40001, ticket 88213",
    "the road is long in Alberta, now",
    "SELECT id FROM t WHERE code = '12345'", "in 12 of 4500 units", "10:22:32 PATID=K-2240 LN=x",
    "send via Twilio 3, then wait", "ASA 81, Plavix 75, Lipitor 400.", "Vitamin D 50, 50000 Units weekly",
    "Hgb 12, 300 Units, Plt 200.", "BP 108/66, P 104, afebrile", "CS 120, 104 Lines, then",
    "Na 139 K 4.2 Cl 103", "accept for Rehab for 60 d. Dr. Onodera", "(One could also place it",
    "IP address: 10 Server Room",
    "block 3, level 2, ward 4", "two way street", "email address: None Given", "[42.5801, -71.7920]",
    "LANR 836556306",
  ])
  func isNoPlace(_ text: String) throws {
    let all = try found(text)
    let kinds = Set(all.map { $0.prefix { $0 != ":" } })
    #expect(kinds.isDisjoint(with: ["ZIP", "CITY", "ADDRESS"]), "found \(all)")
  }

  /// A stream gives what the whole gives, wherever it is cut.
  @Test(arguments: [
    "moved: Flat 31, Brabazon House, 9 Ely Terrace, London E1 4QH. Tel later, she said, when the phone is on again and well.",
    "R/o H.No. 1184, Street No. 3, Guru Nanak Nagar, Barnala, Punjab 148101 and then the letter goes on with words of a sentence",
    "residente in via dei Partigiani 17 int. 2, 23868 Valmadrera (LC). Le fatture sono la prima e la seconda di tutte quelle",
    "lives alone at 88140 Blackberry Loop, in Jabriya block 8, street 104, house 12. And then the letter goes on with words and more of them",
    "Addr: Teach na Mara, Baile an Fheirtéaraigh. LOC: mm 212 Hwy 89 at Cattle Guard Rd, Kane County, and then it goes on for a long time yet",
    "ул. Ленина, д. 5, кв. 12 and 12 bis, rue des Tanneurs, 37000 Tours, tel, and what follows is no part of an address at all, it is said",
    "we are at 2209 S Kedzie Ave, 3rd fl rear, Little Village, for now and for some time to come with the whole family",
  ])
  func everyCutGivesTheSame(_ text: String) throws {
    try expectTheSameAtEveryCut(text, atLeast: 2)
  }
}

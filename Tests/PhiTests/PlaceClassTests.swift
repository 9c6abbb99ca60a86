import FilterHarness
import PhiFilter
import Testing

/// Classes of addresses and towns as letters, wards, dispatchers and records write them, and what looks like one and is none.
@Suite struct PlaceClassTests {
  @Test(arguments: [
    // Corners.
    ("found at the corner of Linden and Faraday, awake", "ADDRESS:corner of Linden and Faraday"),
    ("house at the corner of oak and 9th", "ADDRESS:corner of oak and 9th"),
    ("PICKUP | intersection of W Quincy and Delmar | 4", "ADDRESS:intersection of W Quincy and Delmar"),
    ("sleeps near 12th & Garrison most nights", "ADDRESS:12th & Garrison"),
    ("a unit near Lafayette and 22nd would do", "ADDRESS:Lafayette and 22nd"),
    ("tent under I-40 & Rosa Parks, no phone", "ADDRESS:I-40 & Rosa Parks"),
    // Roads.
    ("lives in a trailer off County Rd 17 with an uncle", "ADDRESS:County Rd 17"),
    ("she fell asleep on Route 6 last week", "ADDRESS:Route 6"),
    ("our shop on Route 11 East is open", "ADDRESS:Route 11 East"),
    ("Medic 4 to mm 88 I-70 EB, two cars", "ADDRESS:mm 88 I-70 EB"),
    ("LZ Hwy 24 MP 310 clear", "ADDRESS:Hwy 24 MP 310"),
    ("DOB above, 2210 Ave K, no phone", "ADDRESS:2210 Ave K"),
    ("ranch is 2.5 mi N of the Cody turnoff, blue gate", "ADDRESS:2.5 mi N of the Cody turnoff"),
    ("a shop on W 131st St, closed", "ADDRESS:W 131st St"),
    // Parts of houses.
    ("Visit: NP clinic, Bldg D, 4th floor", "ADDRESS:Bldg D, 4th floor"),
    ("fracture clinic, Level 3, Block F. Bring films", "ADDRESS:Level 3, Block F"),
    ("they are at Bldg 2210, Apt 9 now", "ADDRESS:Bldg 2210, Apt 9"),
    ("LOC 1204 W FARRAGUT AVE UNIT D X-ST DAMEN", "ADDRESS:1204 W FARRAGUT AVE UNIT D"),
    ("to wife at 311 S Orchard Rd Sp 40 today", "ADDRESS:311 S Orchard Rd Sp 40"),
    ("Home: 6 Bayfront Pkwy, rear cottage, quiet", "ADDRESS:6 Bayfront Pkwy, rear cottage"),
    ("arrives at 4410 N Kedvale #2R at ten", "ADDRESS:4410 N Kedvale #2R"),
    ("Mr Innes\nThe Old Creamery, Station Road, Ballater AB35 5QB", "ADDRESS:The Old Creamery, Station Road"),
    ("Home Blk 412 Bedok North Ave 3 #07-118\nHx DM", "ADDRESS:Blk 412 Bedok North Ave 3 #07-118"),
    // Boxes.
    ("her stepmother, Route 4, Box 19, Decatur", "ADDRESS:Route 4, Box 19"),
    ("send it to Rural Rt 3 Box 8 past the mill", "ADDRESS:Rural Rt 3 Box 8"),
    ("To: counsel, P.O. Drawer 88, Paris, TX", "ADDRESS:P.O. Drawer 88"),
    ("ADDR GEN DELIVERY\nNOME", "ADDRESS:GEN DELIVERY"),
    // Other countries.
    ("mora na Rua das Palmeiras s/n, casa", "ADDRESS:Rua das Palmeiras s/n"),
    ("\"line\": [\"5 Heol y Bryn\"], \"city\"", "ADDRESS:5 Heol y Bryn"),
  ])
  func findsAddresses(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    ("mail to 18 Cypress Bend Dr St. Gabriel 70776\n", "ZIP:70776"),
    ("c/o PO Box 12 Elba 36323", "CITY:Elba"), ("c/o PO Box 12 Elba 36323", "ZIP:36323"),
    ("write me po box 44 kankakee il 60970 please", "CITY:kankakee"),
    ("write me po box 44 kankakee il 60970 please", "ZIP:60970"),
    ("\"HC 70 Box 3 Jasper, AR\"", "CITY:Jasper"),
    ("Household @ 212 Perkins Ave Apt 4, Canton 44703: husband", "ZIP:44703"),
    ("R.R. 1, Box 9\nBenton, Miss. 39039", "ZIP:39039"),
    ("R.R. 1, Box 9\nBenton, Miss. 39039", "CITY:Benton"),
    ("77 CANNERY ROW\nABERDEEN\nWA\n98520\n", "ZIP:98520"), ("/ VIROQUA / WI / 54665 / 608", "ZIP:54665"),
    ("BOX 7-A        BREAUX BRIDGE  LA  70517", "CITY:BREAUX BRIDGE"),
    ("Tyson VT O5lO1\nTel", "ZIP:O5lO1"), ("1922 9TH AVE #1103  98101\nTAKE", "ZIP:98101"),
    ("7;Marie;Lille;59000;+33", "ZIP:59000"),
    ("WHERE zip LIKE '13601%'", "ZIP:13601"),
    ("@city=N'Elko', @zip='89801'", "CITY:Elko"), ("70 city=BADDECK  100 x=1", "CITY:BADDECK"),
    ("<addr><city>Eclectic</city></addr>", "CITY:Eclectic"),
    ("Town of birth: Crewe\nTel", "CITY:Crewe"),
    ("PARISH: ST LANDRY          TEL: 1", "CITY:ST LANDRY"),
    ("was seen, transfer to Boise\nswap", "CITY:Boise"), ("I parked outside Gallup.", "CITY:Gallup"),
    ("from a Nashville-based payer", "CITY:Nashville"),
    ("guards notified Gresham PD at once", "CITY:Gresham"),
    ("6/14 Missoula→Spokane by van", "CITY:Missoula"), ("6/14 Missoula→Spokane by van", "CITY:Spokane"),
  ])
  func findsTowns(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    "// Block 1 Block 2",  // Floors and rooms of sentences and wards.
    "got lost on the 3rd floor again", "Lives with spouse, bed and bath 1st fl", "Unit 4, Room 12 is clean",
    // Numbers and names with a sign between.
    "on the 5th and Tuesday too", "between the 4th & May", "a 2nd and final notice",
    "150 S Aureus", "0 Vicryl CT-1", "1 mile past his usual limit he stops",
    "walks 2 miles past the mall daily", "R. Wagner 2, then 3",
    // States' letters that are none.
    "Client ID 6610287", "Augustine Pryor MD, Lic SC 18827", "driver CDL UT 184930022",
    "Service Provider ID  1538220947",
    // Towns that are something else.
    "his 2009 Buick was found", "keys to a silver Tacoma, locked", "seen on 5 South by the team",
    "adapter TAAGGCGA", "C2M4 by Prague, no dysplasia", "bump Jackson 2.15.2", "block 3, level 2, ward 4",
    // Times before names, and telephones.
    "0950 extub -> HFNC 40/50\n1030 Corazon + 2 sons in", "22:14:03 OUT 07700 900377",
    "\"city\": \"string\"", "\"city\": \"Required\"",
  ])
  func isNoPlace(_ text: String) throws {
    let all = try found(text)
    let kinds = Set(all.map { $0.prefix { $0 != ":" } })
    #expect(kinds.isDisjoint(with: ["ADDRESS", "CITY", "ZIP"]), "found \(all)")
  }

  /// A stream gives what the whole gives, wherever it is cut.
  @Test func everyCutGivesTheSame() throws {
    try expectTheSameAtEveryCut(
      "found at the corner of Linden and Faraday off County Rd 17. Bldg D, 4th floor; po box 44 kankakee il 60970\n"
        + "Route 4, Box 19, Decatur. Rua das Palmeiras s/n, 6/14 Missoula→Spokane, mm 88 I-70 EB. @city=N'Elko'\n",
      atLeast: 9)
  }
}

import Testing

/// Dates in the forms of the world, and what only looks like one.
@Suite struct DateFormTests {
  @Test(arguments: [
    // Without a year, beside words.
    ("Hinchey III diverticulitis 2/11. Plan", "2/11"), ("Home same day. F/u 6/2.", "6/2"),
    ("Started Biktarvy 3/17. Seen", "3/17"), ("charged for the 02/06 visit", "02/06"),
    ("SERUM SENT 5/19. NO LYME", "5/19"),
    ("same nite, MRI 1/23, bulge", "1/23"), ("appt was 14/02 10:40 w/ him", "14/02"),
    ("IMM #2 delivered 3/18. Pt", "3/18"),
    ("admitted 3/4 with fever", "3/4"), ("last seen on 2/6", "2/6"), ("pain 7/10 since 3/4", "3/4"),
    ("labs drawn 11/3", "11/3"),
    ("out on leave until 3/17, ping", "3/17"), ("Tue 4/5 she called", "Tue 4/5"),
    ("CT (2/11) was clean", "2/11"), ("\n6/21: wound clean", "6/21"), ("d/c'd 1/15 to SNF", "1/15"),
    ("Labs 7/8: Na 134", "7/8"),
    ("DOT card exp 8/2027. Vision", "8/2027"), ("expires 08/28", "08/28"),
    ("wir kommen am 14.3. wieder", "14.3."),
    // Ranges.
    ("cert 12/09/2025–02/06/2026 ok", "12/09/2025"), ("cert 12/09/2025–02/06/2026 ok", "02/06/2026"),
    ("off 3-2-26–3-30-26.", "3-30-26"), ("leave 3/14-3/17/2026", "3/14"), ("May 6-8, 2026", "May 6-8, 2026"),
    // With dots and two digits of the year.
    ("Navjot, EMO, 15.02.26, 2.40 pm", "15.02.26"), ("op_date: 6.2.25", "6.2.25"), ("seen 3.2.26.", "3.2.26"),
    // With the month's name.
    ("First seen 14-Feb-25. Log", "14-Feb-25"), ("on 06-JUN-26, dictated", "06-JUN-26"),
    ("Clinic, Thursday 12 February 2026.", "Thursday 12 February 2026"),
    ("Sat, 3 May 2025 at", "Sat, 3 May 2025"),
    ("allebei op 1 maart, van", "1 maart"), ("ingresó el 8 de enero en", "8 de enero"),
    ("nato il 14 ottobre 1961, a", "14 ottobre 1961"),
    ("den 12. marts 2025 kl. 9", "12. marts 2025"), ("am 3. März kam", "3. März"),
    ("le 1er août 2024,", "1er août 2024"),
    ("em 5 de março de 2019.", "5 de março de 2019"), ("dnia 14 września 1961 r.", "14 września 1961"),
    ("dne 2. května 1950", "2. května 1950"), ("29 Ağustos 1971'de", "29 Ağustos 1971"),
    ("1961. március 14.", "1961. március 14"),
    ("12 лютого 1980 року", "12 лютого 1980"), ("14 марта 1961", "14 марта 1961"),
    ("den 3 maj 2024", "3 maj 2024"),
    ("14. syyskuuta 1975", "14. syyskuuta 1975"), ("ur. 12 maja 1966 w", "12 maja 1966"),
    ("em 3 de Maio de 1950", "3 de Maio de 1950"), ("生於1961年3月14日。", "1961年3月14日"),
    ("ngày 8 tháng 1 năm 2026", "8 tháng 1 năm 2026"),
    // In Roman numerals.
    ("dates as \"3.II.1952\" there", "3.II.1952"), ("14 XI 2025 r.", "14 XI 2025"),
    // As people say them.
    ("seen on january sixteenth period", "january sixteenth"), ("next draw april third comma", "april third"),
    ("date of birth March third nineteen thirty. We", "March third nineteen thirty"),
    ("date of birth twelve oh four fifty six", "twelve oh four fifty six"), ("DOB 120456", "120456"),
    ("d o b ten four nineteen seventy one period", "ten four nineteen seventy one"),
    ("the third of march he fell", "the third of march"),
    ("june twenty second two thousand and nine", "june twenty second two thousand and nine"),
    // As programs and messages have them.
    ("dob=date(1984, 7, 21))", "1984, 7, 21"), ("LocalDate.of(1978, 4, 12)", "1978, 4, 12"),
    ("new Date(1984, 6, 21)", "1984, 6, 21"),
    ("DateTime(1984,7,21)", "1984,7,21"), ("LocalDate.of(1978, Month.APRIL, 12)", "1978, Month.APRIL, 12"),
    ("NaiveDate::from_ymd_opt(1990, 1, 2)", "1990, 1, 2"), ("PATID=K-2240 BD=04301949", "04301949"),
    ("DMG*D8*19390714*F~", "19390714"),
    ("DTP*434*RD8*20250101-20250131~", "20250101-20250131"),
    ("(01)00009364315614(17)270831(10)LOT", "270831"),
    ("period 2024-12-31T23:48:00-10:00 to", "2024-12-31T23:48:00-10:00"),
    ("[17/Jan/2025:06:41:19 +0000]", "17/Jan/2025:06:41:19 +0000"),
    ("{\"fecha_nacimiento\": \"1951-04\"}", "1951-04"),
    // By their size, their neighbours, their borders and what stands behind them.
    ("a bed by 12/29 he thinks", "12/29"), ("Trigger 11/4 2145 (hCG", "11/4"),
    ("Bx 5/9 4/4, 5/11 2/4", "5/11"),
    ("Clinics at CWM: 5/6 19/6.", "19/6"), ("\n9/8 LM x1.", "9/8"), ("off 3/4 to 3/9 then", "3/4"),
    ("POD#3 (3/14)", "3/14"), ("Booking | 4/3 | 1.5 h", "4/3"), ("<td>03-30</td>", "03-30"),
    ("POD1 6-12 7:30", "6-12"),
    ("Stay 04.11–12.11.2024, Ward", "12.11.2024"), ("dated 06/88", "06/88"),
    ("started 11.11.24, smear", "11.11.24"),
    ("näyte 14.5. klo 7:55", "14.5."),
    // Two days of a month, weekdays.
    ("the night of the 4th–5th of November", "the 4th–5th of November"),
    ("12th to 19th of May", "12th to 19th of May"),
    ("from March 3 to 5, 2024", "March 3 to 5, 2024"),
    ("this 9th day of June, 2022", "9th day of June, 2022"),
    ("see you Tues the 14th", "Tues the 14th"), ("pasar a viernes 7?", "viernes 7"),
    ("home Sat 6/17 if", "Sat 6/17"),
    // Spoken ones.
    ("note on the eighteenth of January saying", "the eighteenth of January"),
    ("date of birth fourth of the seventh nineteen sixty of", "fourth of the seventh nineteen sixty"),
    ("Oduya, the ninth of October ninety-one.", "the ninth of October ninety-one"),
    ("your date of birth?\nN: Twenty-six, oh-nine, seventy-four.", "Twenty-six, oh-nine, seventy-four"),
    ("admit may second discharge may fifth", "may second"),
    // Compact ones.
    ("Surg 20230405 code 22", "20230405"), ("OTTO   19460224M 43110", "19460224"),
    ("DTSTART:20240422T093000", "20240422T093000"),
    ("scan_20240314.pdf", "20240314"), ("*240311*0914*^*", "240311"), ("^M^2331014^^2", "2331014"),
    ("drawn 25DEC23", "25DEC23"),
    ("to_date('031461', 'MMDDYY')", "031461"), ("J. DOB30/11/1959", "30/11/1959"),
    ("\"dob_raw\": \"610314\"", "610314"),
    ("EP22047186ETH9103058F2908117<<", "910305"), ("NOTE: JUN 11, 2019@09:14:52", "JUN 11, 2019@09:14:52"),
    ("{\"year\":1961,\"month\":3,\"day\":14}", "year\":1961,\"month\":3,\"day\":14"),
    ("AM01 C419360902 C52", "19360902"),
    ("since 2024/03 she", "2024/03"), ("DOB 3/45", "3/45"),
    // Other calendars, and what a scanner makes of digits.
    ("until 15 Shawwal 1445.", "15 Shawwal 1445"), ("Next 113/10/07 (ROC)", "113/10/07"),
    ("07 Sep 2567 (BE)", "07 Sep 2567"),
    ("DOB: O4/11/1939", "O4/11/1939"), ("09-I7-2024", "09-I7-2024"), ("Llanrwst, 12.xi.2023", "12.xi.2023"),
  ])
  func areFound(_ text: String, _ date: String) throws {
    let all = try found(text)
    #expect(all.contains("DATE:\(date)"), "\(all)")
  }

  @Test(arguments: [
    "pain 7/10, strength 4/5 throughout", "pulses 2/6 and 3/4", "Percocet 5/325 x1", "vision 20/20 and 20/25",
    "24/7 care", "I/O 3/4",
    "MoCA 9/30 today", "murmur 2/6 at the apex", "3/3 cores positive", "page 1/2", "No sport 4/52",
    "FBC in 3/12", "Tazocin 4/7 then oral",
    "BP 60/40 falling", "1 1/2 tabs", "drank 1/2 cup", "grade 2/4", "F/U 3/12.", "step 3/17 done",
    "[3/17] Compiling Foo", "16/9 video",
    "resp.StatusCode/100 == 2", "version 15.02.26", "Docker 18.09.03", "zlib 1.2.13", "10.0.3.12",
    "section 3.2.26 of it", "v6.2.25",
    "ratio of 3/2", "I may first ask", "march two by two", "we ate 5 ago", "(2024, 7, 20)",
    "range(1984, 7, 21)", "rgb(19, 20, 21)",
    "twenty twenty hindsight", "nineteen eighty of them", "PR 14/3 lines", "E/U/Cr 1/2", "DN 01020304",
    "mars rover 2", "strength 3/5-4/5", "BiPAP 12/5", "bup/nx 8/2 #56", "(16/9)x", "Flexi: Mayo 2 to",
    "10/7 course for 10/7",
    "12345678", "20241399", "build 3/14% done",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text).filter { $0.hasPrefix("DATE") } == []) }

  /// A stream gives what the whole gives, wherever it is cut.
  @Test(arguments: [
    "BCx 5/9 4/4, 5/11 2/4, 5/13 NGTD. off 3/4 to 3/9 then, and from March 3 to 5, 2024 and the night of the 4th to 5th of November it went on",
    "your date of birth?\nN: Twenty-six, oh-nine, seventy-four. Mae Olufsen, 97, of rural Ord, and Emrys Pugh is 94 and he waited for a long while",
    "until 15 Shawwal 1445. see you Tues the 14th or on the eighteenth of January, Booking | 4/3 | 1.5 h | and (217) 555-0143 / 0144 at the end",
  ])
  func everyCutGivesTheSame(_ text: String) throws { try expectTheSameAtEveryCut(text, atLeast: 2) }
}

import Testing

/// Days, months and holidays as people name them, and dates that programs and files write.
@Suite struct DayNameTests {
  @Test(arguments: [
    // A day without its month.
    ("it was moved to the 23rd at 1 with", "the 23rd"), ("he flies in on the 19th and would", "the 19th"),
    ("he died the 27th.", "the 27th"), ("come in tmrw instead of the 28th\n", "the 28th"),
    ("Phaco tomorrow 19th. Consent", "19th"),
    ("she is down for the twentieth with him", "the twentieth"),
    ("till, uh, the twenty-third. Dad", "the twenty-third"),
    ("here until the 22nd so mail", "the 22nd"), ("on Saturday the twelfth. So", "Saturday the twelfth"),
    ("hearing moved to the 19th of October in", "the 19th of October"),
    ("see him the second of May. He", "the second of May"),
    // A month without its day.
    ("lost 14 lb since July. Past", "July"), ("dx in april, we are", "april"),
    ("moved here last november. Do", "november"),
    ("can't wait until February for it", "February"), ("had it in late April, and", "April"),
    ("by mid-May - done", "mid-May"),
    ("the end of March. Judge", "March"), ("no A1c since Mar/22\n", "Mar/22"),
    ("MMSE 17 (Mar '23: 21)", "Mar '23"),
    ("in fall 2023 she", "fall 2023"), ("came up winter of '71.", "winter of '71"),
    // Holidays.
    ("a letter from Easter 2019; he", "Easter 2019"), ("On Boxing Day my mother", "Boxing Day"),
    ("seizures since Xmas Eve. Keppra", "Xmas Eve"),
    ("passed on New Year's Eve 2022.", "New Year's Eve 2022"),
    // The times of machines.
    ("Date:   Tue Mar 5 16:22:09 2024 -0600\n", "Tue Mar 5 16:22:09 2024 -0600"),
    ("[14/Apr/2024:21:07:55 -0700] GET", "14/Apr/2024:21:07:55 -0700"),
    ("2024-07-01 02:14:09,881 ERROR", "2024-07-01 02:14:09,881"),
    ("(Ana 2022-01-13 09:40:12 +0000 40)", "2022-01-13 09:40:12 +0000"),
    ("RDR07 12/11 06:58:41 CARD", "12/11 06:58:41"),
    ("On Wed, May 22, 2024 at 4:31 PM Ann wrote", "Wed, May 22, 2024 at 4:31 PM"),
    ("Shot  2024:04:18 15:26:07   GPS", "2024:04:18 15:26:07"),
    // In names of files and folders.
    ("cat adt_60077215_20240311.hl7", "20240311"),
    ("/export/DOE_JANE_449120/20210614_CT/IM1.dcm", "20210614"),
    ("DOE_JANE_051270.pdf", "051270"), ("copy of Doe_brain_Mar2023.pdf", "Mar2023"),
    ("recall_04Oct.xlsx", "04Oct"),
    ("EEG 2-14-23.pdf", "2-14-23"), ("TBscreen_03-2023.docx", "03-2023"), ("panel_2024-01.csv", "2024-01"),
    // With dots.
    ("on leave until 1.6.\n", "1.6."), ("stop Marevan 27.5., then", "27.5."),
    ("week 14.10.-20.10. Ida", "20.10."),
    ("Krankentransport Dachau 17.1.24\n", "17.1.24"), ("merged by Ida HIM 3.3.25. Photo", "3.3.25"),
    ("born 1944. 10. 06. at", "1944. 10. 06."),
    // Without a year, by what stands beside them.
    ("Pt (OR 8/15, surgeon) came", "8/15"), ("last drink 12/30. High", "12/30"),
    ("last dose 6/20. Then", "6/20"),
    ("Medicaid 30-day form signed 5/17.", "5/17"), ("L IJ 7/8, R fem", "7/8"),
    ("d/w dtr Maureen 12/11 5. EDD", "12/11"),
    ("f/u 6/30 w Dr. Chua", "6/30"), ("ran out of torsemide ~2/19 bc", "2/19"),
    ("list from HR 30/06\n", "30/06"),
    ("Orla Breen RN 3/15\n", "3/15"), ("eval tmrw 4/10 with her", "4/10"), ("hired 6-2021 by", "6-2021"),
    ("wrote on 10-12 and again", "10-12"),
    ("3/15-16 1830. Then", "3/15-16"),
    // With unusual signs, and in other calendars.
    ("D.O.B 29 / 02 / 1996   Town", "29 / 02 / 1996"), ("seen 9/?/23. Still", "9/?/23"),
    ("admitted 29 th jan sob", "29 th jan"),
    ("bday aug 8 89 ssn", "aug 8 89"), ("DOB AUG 24,1955 SSN", "AUG 24,1955"),
    ("DOS 7 May 24    pt", "7 May 24"), ("3/vii/23\nDear", "3/vii/23"),
    ("yahrzeit is 17 Tammuz and", "17 Tammuz"), ("Birthdate 12 Mehr 1323. Lab", "12 Mehr 1323"),
    ("dob 1405/07/12H\n", "1405/07/12H"),
    ("coll 2567-03-04T08:11 ok", "2567-03-04T08:11"), ("生年月日: 昭和27年6月14日\n", "昭和27年6月14日"),
    ("2080/11/27 BS. pt", "2080/11/27 BS"),
  ])
  func areFound(_ text: String, _ date: String) throws {
    let all = try found("So it went.\n" + text)
    #expect(all.contains("DATE:\(date)"), "\(all)")
  }

  @Test(arguments: [
    "on the 3rd floor", "in the 8th grade", "the 25th percentile", "the 5th rib",
    "before the 4th and 5th ribs", "on the 2nd try",
    "the 19th century", "at first, they", "must be called before the first\n", "MRI before 5th, 7th, 14th",
    "the second day",
    "the MAR is up", "signed in MAR.", "OCT of the retina", "she may march", "the august crowd", "in mayo",
    "version 3.11.24", "bash 5.2.21, and", "v4.2.", "section 1.6. of", "down to 1.9. No", "Cr 1.2. Plan",
    "Hgb 7.1.",
    "claude-sonnet-4-20250929.json", "migrations/20240101_create_users.sql", "img_1920x1080.png",
    "lib-1-2.tar",
    "pain 4/10, then", "or 8/15 of them", "use 2-3 times", "on 2-3 l",
    "PPV 20/5 21%",
    "Christmas disease", "He falls. 2023 was", "1000 bid 14/7, HFS", "LN 3/21 LN,", "https://x.test/a/1.6.",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text).filter { $0.hasPrefix("DATE") } == []) }

  /// A stream gives what the whole gives, wherever it is cut.
  @Test(arguments: [
    "he said that it moved to the 23rd at one, or the twentieth with her, and since July, in late April and on Boxing Day it hurt again and again",
    "cat adt_60077215_20240311.hl7 and on Tue Mar 5 16:22:09 2024 -0600 it ended; text me at seven oh one 555 01 38. And then it was all over for now",
  ])
  func everyCutGivesTheSame(_ text: String) throws { try expectTheSameAtEveryCut(text, atLeast: 2) }
}

import Testing

/// Ages of ninety and more are found whole, others not at all (45 CFR 164.514(b)(2)(i)(C)).
@Suite struct AgeFormTests {
  @Test(arguments: [
    ("lived to 96 years. Her", "96 years"), ("AN 91-YEAR-OLD WOMAN", "91-YEAR-OLD"),
    ("is 90 years old and", "90 years old"),
    ("father who is 90, he", "90"), ("grandpa Herbert, he's ninety-four, date", "ninety-four"),
    ("Mi madre, de 93 años, ingresó", "93 años"),
    ("a 94yo with", "94yo"), ("97 y/o F", "97 y/o"), ("91F with CHF", "91F"), ("her 100th birthday", "100th"),
    ("aged 97.", "97"),
    ("92 years of age", "92 years of age"), ("93 Jahre alt", "93 Jahre alt"),
    ("die 93-jährige Patientin", "93-jährige"),
    ("âgée de 93 ans.", "93 ans"), ("di 93 anni,", "93 anni"), ("93 anos,", "93 anos"),
    ("93 jaar oud", "93 jaar oud"),
    ("93 år gammel", "93 år gammel"), ("ma 93 lata", "93 lata"), ("93 yaşında", "93 yaşında"),
    ("93 лет", "93 лет"), ("93歳", "93歳"),
    ("his mother, 91, lives", "91"), ("(93M)", "93M"), ("Pt: 91F, seen", "91F"), ("is a 94 F.", "94 F"),
    ("PATIENT 103M;", "103M"),
    ("this 92F.", "92F"), ("91/F", "91/F"), ("age: 95", "95"),
    ("she lived to 101.", "101"),
    ("one hundred and two years old", "one hundred and two years old"), ("turned 90.", "90"),
    ("Edad: 93", "93"),
    ("(0010,1010) AS [093Y]", "093Y"),
    // Behind a name, a death, a birthday; beside a sex; in lists.
    ("to see Ms. Ottilie Brandvold, 97F, HD#2", "97F"), ("Mae Olufsen, 97, of rural Ord", "97"),
    ("Emrys Pugh, is 94 and waits", "94"),
    ("Mr. Urrutia (95) wants", "95"), ("DOB 02-02-1930 (94)", "94"), ("Haakenson d. 96, natural", "96"),
    ("died in Wagga, at ninety-one, with", "ninety-one"), ("I'll be ninety-six on her day", "ninety-six"),
    ("he'll be 93 in May", "93"),
    ("HARA,MIDORI   92 F  1907714", "92"), ("('Ana', 93, 'F')", "93"), ("ages: 88, 91, 94", "91"),
    ("age = c(34, 92, 71)", "92"),
    ("94 female with", "94"), ("92 y F", "92 y"), ("93yof", "93yof"), ("pt 93, lives", "93"),
    ("93 / F", "93 / F"),
    ("DOB 03/01/1932 (92)  F", "92"), ("| 4 May 1931 | 93 | ok", "93"), ("Crowley (M, 101)", "101"),
    ("At 96 she still knits.", "96"), ("I AM 91 AND do", "91"), ("retired miller, 93, lives with", "93"),
    ("Pearl Okonkwo (101) was", "101"), ("Granny (100 on the 3rd)", "100"), ("Oduya, Efua (99)  27", "99"),
    ("Le 102F hip fx", "102F"), ("M  94Y  DOB", "94Y"), ("in her 90s now", "90s"), ("he's 94 w ckd", "94"),
    ("Father glioma at 91.", "91"), ("I'm ninety-one in August", "ninety-one"),
    ("{\"age_at_visit\": 94}", "94"), ("Age/Sex: 93/F", "93/F"),
  ])
  func areFound(_ text: String, _ age: String) throws {
    let all = try found(text)
    #expect(all.contains("AGE:\(age)"), "\(all)")
  }

  @Test(arguments: [
    "a 58-year-old man", "he is 98% on air", "smoked for 90 years", "100 years ago", "HR 96",
    "she is 100 miles away", "fever to 101 F with",
    "SpO2 is 95.", "pulse was ninety.", "in ninety years", "90 let x", "age 45", "INR is 90 times",
    "rows: 91, 92, 93", "8.95 years",
    "1,190 years", "lot 93-4", "room 95 F.", "ward_a 95F.", "at ( 95 F.", "a095 F.",
    "1,190 years", "lot 93-4", "90Y microspheres", "Glucose, 94, and", "Temp, 98, F", "Pulse is 94,",
    "Highway 99, then", "free at 90 y follow-up",
    "in the 90s they", "fever 102F with", "I am 98 percent sure", "at 95 degrees she", "Aisle (101)",
    "1931 | 42 |", "100M users",
    "sat 94 on 2 L, lives", "[91, 92, 93]", "98.6, 97F",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text).filter { $0.hasPrefix("AGE") } == []) }
}

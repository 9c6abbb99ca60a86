internal import FilterKit

/// Ages over 89 (45 CFR 164.514(b)(2)(i)(C)), whole: with their unit, in digits or words, in several languages.
enum AgeRules {
  static let all: [PatternRule] =
    NamedAgeRules.all + AgeNeighbours.all + [
      // `92-year-old`, `96 years`, `90 years old`, `94yo`, `97 y/o`, `93 años`, `93-jährige`
      PatternRule(
        #"\b(?:9\d|1[01]\d)[- ]{0,2}(?:years?|yrs?|y[-/ ]?o[fmw]?\b|y\.o|a\xc3\xb1os|anos|ans\b|jahre|j\xc3\xa4hr|jaar|jarige|\xc3\xa5r|anni|lata?\b|latek|letni|let\b|rok|ya\xc5\x9f|vuot|\xc3\xa9ves|ani\b|\xd0\xbb\xd0\xb5\xd1\x82|\xd0\xb3\xd0\xbe\xd0\xb4|\xd1\x80\xd0\xbe\xd0\xba|tu\xe1\xbb\x95i|\xe6\xad\xb3|\xe5\xb2\x81|\xec\x84\xb8|ti mga taong|tahun|\xe0\xa4\xb5\xe0\xa4\xb0\xe0\xa5\x8d\xe0\xa4\xb7|urte|blwydd|bliain)"#
      ) { view, end in
        var start = view.start(before: end, limit: 24) { !Bytes.isDigit($0) && $0 != 0x0A }
        start = view.start(before: start, limit: 4, where: Bytes.isDigit)
        guard isAge(view, start) else { return nil }
        let stop = endOfUnit(view, end)
        let isOld =
          view.byte(start + 2) == UInt8(ascii: "-") || view.contains("old", in: end..<stop)
          || view.contains("age", in: end..<stop)
        // `for 90 years`, `100 years ago`, and `90 let` of a program.
        if !isOld, view.hasBefore(start, within: 6, ["in", "for", "over", "past", "last", "than"]) {
          return nil
        }
        for word in [" ago", " of ", " from now", " later"] as [StaticString]
        where !isOld && view.has(word, at: stop) { return nil }
        if view.has("let", at: end - 3) || view.has("lat", at: end - 3),
          !".,;)\n".utf8.contains(view.byte(stop)), !isOld,
          !view.has(" v", at: stop), !view.has(" star", at: stop)
        {
          return nil
        }
        return age(view, start..<stop)
      },
      // `94F with`, `94 M presents`; with a fever before it, it is a temperature.
      PatternRule(
        #"\b(?:9\d|1[01]\d) ?[MF],? (?:with|w/|presents|presented|presenting|who|c/o|s/p|h/o|hx|admitted|here|found|seen|brought|living|status|from|on|in|fall|after)\b"#,
        caseless: false
      ) { view, end in
        var index = end
        while end - index < 24, !Bytes.isDigit(view.byte(index - 1)) { index -= 1 }
        let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
        guard isAge(view, start),
          !isTemperature(view, start)
        else { return nil }
        return age(view, start..<index + (view.byte(index) == 0x20 ? 2 : 1))
      },
      // `Pt: 91F,`, `(93M)`, `91F.` with something that says who it is.
      PatternRule(#"(?:9\d|1[01]\d) ?[MF]\b"#) { view, end in
        guard Bytes.isUpper(view.byte(end - 1)), !Bytes.isJoining(view.byte(end)),
          ",.;:)/\n".utf8.contains(view.byte(end))
            || view.byte(end) == 0x20 && Bytes.isLetter(view.byte(end + 1))
        else { return nil }
        let index = view.byte(end - 2) == 0x20 ? end - 2 : end - 1
        let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
        guard isAge(view, start), isSomebodys(view, start),
          !isTemperature(view, start)
        else { return nil }
        return age(view, start..<end)
      },
      // `M 91`, `F/92`, `91/F`, `92 yrs/M` as lists have them.
      PatternRule(#"\b(?:[MF] ?/ ?(?:9\d|1[01]\d)|(?:9\d|1[01]\d) ?/ ?[MF])\b"#, caseless: false) {
        view, end in
        let start = view.start(before: end, limit: 7) { Bytes.isJoining($0) || "/ ".utf8.contains($0) }
        let first = view.byte(start) == 0x20 ? start + 1 : start
        return view.isAlone(first..<end) && first + 7 > end ? age(view, first..<end) : nil
      }.beforeDigits(),
      // Behind a word that says so: `aged 97`, `who is 90`, `turned 100`, `Alter: 93`.
      PatternRule(
        #"\b(?:ages? of|aged?(?: at [a-z]{5,9}|/(?:sex|gender)| ?\((?:y|yrs?|years)\)| now| is)?["']? ?[:=]? ?|turned|turning|turns|(?:(?:s?he|i|who)'ll be|(?:s?he|he|who|patient|pt|mother|father|mum|mom|dad|gran|grandma|grandpa|nan|grand(?:mother|father)|aunt|uncle|husband|wife|widow|widower)(?: is|'s| was)(?: now| already| almost| nearly| only)?)|(?:lived|lives|living) (?:to(?: be)?|until)|(?:died|dies|death|passed(?: away)?) (?:at|aged?)(?: the age of)?|alter|edad(?: de)?|idade(?: de)?|\xc3\xa2ge|et\xc3\xa0|leeftijd|alder|\xc3\xa5lder|wiek|v\xc4\x9bk|ya\xc5\x9f\xc4\xb1?|im alter von|umur|umri|usia)[ :=]{1,3}(?:9\d|1[01]\d)\b"#
      ) { view, end in said(view, end) }.beforeDigits(),
      // `mother, 93,`, `grandmother (92)`
      PatternRule(
        #"\b(?:mother|father|mum|mom|dad|gran|grandma|grandpa|nan|nana|nanna|granny|grand(?:mother|father)|aunt(?:ie)?|uncle|husband|wife|widow|widower|great-aunt|lady|gentleman|woman|man|neighbou?r|resident)(?:,| \()(?: ?aged?)? ?(?:9\d|1[01]\d)[,)]"#
      ) { view, end in
        let start = view.start(before: end - 1, limit: 4, where: Bytes.isDigit)
        return isAge(view, start) ? age(view, start..<end - 1) : nil
      }.beforeDigits(),
      // `95th birthday`
      PatternRule(
        #"\b(?:9\d|1[01]\d)(?:th|st|nd|rd|\.|e|o)? (?:birthday|geburtstag|anniversaire|verjaardag|cumplea|compleanno)"#
      ) {
        view, end in
        let word = view.start(before: end, limit: 24) { $0 != 0x20 && $0 != 0x0A }
        let start = view.start(before: word, limit: 8) {
          Bytes.isDigit($0) || Bytes.isLetter($0) || " .".utf8.contains($0)
        }
        let first = (start..<word).first { Bytes.isDigit(view.byte($0)) } ?? start
        return isAge(view, first) ? age(view, first..<word - 1) : nil
      },
      // `ninety-four`, `one hundred and one`, where it is somebody's.
      PatternRule(
        #"\b(?:ninety|(?:one|a) hundred(?: and)?)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine|ten))?\b"#
      ) { view, end in spelled(view, end) },
      PatternRule(
        #"\b(?:ninety|hundred)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth) birthday"#
      ) {
        view, end in
        let start = view.start(before: end - 9, limit: 24) { Bytes.isLetter($0) || "- ".utf8.contains($0) }
        guard
          let first = (start..<end).last(where: { view.has("ninety", at: $0) || view.has("hundred", at: $0) })
        else { return nil }
        return age(view, first..<end - 9)
      },
    ]

  static func age(_ view: borrowing TextView, _ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "AGE", confidence: 8300, detector: "phi/age")
  }

  static func isAge(_ view: borrowing TextView, _ start: Int) -> Bool {
    let end = view.endOfDigits(start, limit: 4)
    return (90...119).contains(view.number(start..<end)) && end - start >= 2 && view.isFree(before: start)
      && !",$#".utf8.contains(view.byte(start - 1))
  }

  private static let olds: [StaticString] = [
    " old", "-old", " of age", " alt", " de edad", " de idade", " oud", " gammel", " gammal", " yaşında",
    " vanha",
  ]

  /// Where a unit ends, with what belongs to it: `years old`, `jährige`, `yaşında`.
  private static func endOfUnit(_ view: borrowing TextView, _ end: Int) -> Int {
    var stop = end
    while stop - end < 12, Bytes.isLetter(view.byte(stop)),
      view.byte(end - 1) < 0x80 || view.byte(stop) < 0xE0
    { stop += 1 }
    // `y.o.`
    if view.byte(stop) == UInt8(ascii: "."), view.byte(stop - 2) == UInt8(ascii: ".") { return stop + 1 }
    for old in olds where view.has(old, at: stop) && !Bytes.isLetter(view.byte(stop + old.utf8CodeUnitCount))
    {
      return stop + old.utf8CodeUnitCount
    }
    return stop
  }

  /// Whether a word before a number says that it is a temperature.
  static func isTemperature(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.hasBefore(start, within: 24, ["temp", "fever", "febrile", "tmax", "heat", "t "])
  }

  /// Whether a bracket, or a word or sign that says who is meant, stands right before an age: looked for here, since a pattern that
  /// begins with it is tried at every `a` of a text.
  private static func isSomebodys(_ view: borrowing TextView, _ start: Int) -> Bool {
    func isWordSign(_ byte: UInt8) -> Bool { Bytes.isJoining(byte) || byte == UInt8(ascii: "_") }
    guard view.byte(start) != UInt8(ascii: "0") else { return false }
    if view.byte(start - 1) == UInt8(ascii: "(") { return true }
    for gap in 0...2 {
      if gap == 1, isWordSign(view.byte(start - 1)) { break }
      if gap == 2, view.byte(start - 1) != 0x20 || isWordSign(view.byte(start - 2)) { break }
      for word in ["pt", "patient", "a", "an", "this", "is", ":", "- "] as [StaticString] {
        let first = start - gap - word.utf8CodeUnitCount
        if view.has(word, at: first), isWordSign(view.byte(first)) != isWordSign(view.byte(first - 1)) {
          return true
        }
      }
    }
    return false
  }

  /// A number behind a word that says that it is an age.
  private static func said(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let start = view.start(before: end, limit: 4, where: Bytes.isDigit)
    guard isAge(view, start) else { return nil }
    // `She is 94.`, but not `he is 98% on air` or `she is 100 miles away`; an age's own word allows more.
    let isOwn = view.hasBefore(
      start, within: 18,
      ["age", "aged", "ages", "alter", "edad", "idade", "leeftijd", "alder", "wiek", "lived to", "turned"])
    let next = view.byte(end)
    guard next != UInt8(ascii: "%"), next != UInt8(ascii: "/"), next != UInt8(ascii: "-"),
      !(".,".utf8.contains(next) && Bytes.isDigit(view.byte(end + 1)))
    else { return nil }
    let isEnd =
      ".,;!?\n\r)\"'".utf8.contains(next) || view.has(" and ", at: end) || view.has(" now", at: end)
      || view.has(" but ", at: end) || view.has(" with ", at: end) || view.has(" today", at: end)
      || view.has(" w ", at: end) || view.has(" w/", at: end)
      || (view.has(" in ", at: end) || view.has(" next ", at: end) || view.has(" on ", at: end))
        && view.hasBefore(start, within: 12, ["ll be", "turns", "turned", "turning"])
    guard isOwn || isEnd else { return nil }
    return age(view, start..<end)
  }

  private static let ofSomebody: [StaticString] = [
    "age", "aged", "he's", "she's", "who's", "he is", "she is", "who is", "i'm", "i am", "he was", "she was",
    "who was", "turned",
    "turns", "turning", "gonna be", "going to be", "will be", "i'll be", "he'll be", "she'll be",
    "grandpa is", "grandma is", "mother is",
    "father is", "mum is", "mom is", "dad is",
    "lived to",
  ]

  /// An age in words: with `years`, or behind a word about somebody and at a phrase's end.
  private static func spelled(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end
    while end - start < 40, view.byte(start - 1) != 0x0A, !view.has("ninety", at: start),
      !(view.has("one hundred", at: start) || view.has("a hundred", at: start))
        || Bytes.isLetter(view.byte(start - 1))
    { start -= 1 }
    guard end - start < 40, !Bytes.isLetter(view.byte(start - 1)),
      view.has("ninety", at: start) || view.has("one hundred", at: start) || view.has("a hundred", at: start)
    else { return nil }
    for unit in [
      "-year-old", " year old", " years old", " years of age", "-years-old", " years", "-year", " year",
      " yo",
    ] as [StaticString]
    where view.has(unit, at: end) && !Bytes.isLetter(view.byte(end + unit.utf8CodeUnitCount)) {
      // `in ninety years` is none of anybody.
      return view.hasBefore(start, within: 6, ["in", "for", "over", "past"])
        && !view.has("old", at: end + unit.utf8CodeUnitCount - 3)
        ? nil : age(view, start..<end + unit.utf8CodeUnitCount)
    }
    let next = view.byte(end)
    let isEnd =
      ".,;!?\n)\"".utf8.contains(next) || view.has(" and ", at: end) || view.has(" now", at: end)
      || view.has(" on ", at: end) || view.has(" next ", at: end) || view.has(" in ", at: end)
    if isEnd, NamedAgeRules.isOfDead(view, start) || NamedAgeRules.isOfNamed(view, start) {
      return age(view, start..<end)
    }
    let isAged = view.hasBefore(start, within: 8, ["age", "aged", "age of"])
    guard isAged || isEnd && view.hasBefore(start, within: 10, ofSomebody) else { return nil }
    return age(view, start..<end)
  }
}

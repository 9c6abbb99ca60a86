internal import FilterKit

/// Days of the week before a date: they are a part of it.
enum Weekdays {
  private static let full = WordSet(
    words: """
      monday tuesday wednesday thursday friday saturday sunday
      montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
      lundi mardi mercredi jeudi vendredi samedi dimanche
      lunes martes miercoles jueves viernes sabado domingo
      segunda terca quarta quinta sexta feira
      lunedi martedi mercoledi giovedi venerdi sabato domenica
      maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
      mandag tirsdag onsdag torsdag fredag lordag sondag tisdag
      poniedzialek wtorek sroda srode czwartek piatek sobota sobote niedziela niedziele
      pondeli utery streda stredu ctvrtek patek nedele
      maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
      pazartesi sali carsamba persembe cuma cumartesi pazar
      """)
  private static let short = WordSet(
    words: "mon tue tues wed weds thu thur thurs fri sat sun mo di mi do fr sa so lun mar mer jeu ven sam dim"
  )

  /// Short forms that are no words: in lower case, too.
  private static let common = WordSet(words: "tue tues weds thu thur thurs fri")

  static let all: [PatternRule] = [
    // `Tues the 14th`, `Thursday 14th at 3`
    PatternRule(
      #"\b(?:mon|tues?|wed(?:nes|s)?|thu(?:rs|r)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? (?:the )?\d{1,2}(?:st|nd|rd|th)\b"#
    ) { view, end in
      let day = view.start(before: end - 2, limit: 3, where: Bytes.isDigit)
      let first = start(view, of: day)
      guard first < day, (1...31).contains(view.number(day..<end - 2)) else { return nil }
      return Candidate(range: first..<end, kind: "DATE", confidence: 7500, detector: "phi/date-weekday")
    }.beforeDigits(),
    // `viernes 7`, `Freitag, 7.`
    PatternRule(
      #"\b(?:lunes|martes|mi\xc3\xa9rcoles|miercoles|jueves|viernes|s\xc3\xa1bado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|vrijdag|montag|dienstag|mittwoch|donnerstag|freitag),? (?:el |le |den |dem |de )?\d{1,2}\b"#
    ) { view, end in
      let day = view.start(before: end, limit: 3, where: Bytes.isDigit)
      guard (1...31).contains(view.number(day..<end)), !":/-".utf8.contains(view.byte(end)),
        !(view.byte(end) == UInt8(ascii: ".") && Bytes.isDigit(view.byte(end + 1))),
        !view.has(" uhr", at: end),
        !view.has(" h", at: end), !view.has("h", at: end)
      else { return nil }
      return Candidate(
        range: start(view, of: day)..<end, kind: "DATE", confidence: 7000, detector: "phi/date-weekday")
    }.beforeDigits(),
  ]

  /// Where a date begins with the day of the week before it.
  static func start(_ view: borrowing TextView, of date: Int) -> Int {
    var end = date
    if view.byte(end - 1) == 0x20 { end -= 1 }
    for word in [" the", " el", " le", " den", " de"] as [StaticString]
    where view.has(word, at: end - word.utf8CodeUnitCount) && !Bytes.isJoining(view.byte(end)) {
      end -= word.utf8CodeUnitCount
      break
    }
    if ",.".utf8.contains(view.byte(end - 1)) { end -= 1 }
    guard end < date, Bytes.isLetter(view.byte(end - 1)) else { return date }
    let start = view.start(before: end, limit: 16) { Bytes.isLetter($0) || $0 == UInt8(ascii: "-") }
    let first = view.start(before: end, limit: 16, where: Bytes.isLetter)
    guard end - start < 16, !Bytes.isJoining(view.byte(start - 1)) else { return date }
    if full.contains(view.hash(first..<end)) { return start }
    if common.contains(view.hash(first..<end)) { return start }
    // `Do 12.03.2026` is Donnerstag, `do 3/4 of it` is none.
    guard start == first, Bytes.isUpper(view.byte(start)) else { return date }
    return short.contains(view.hash(start..<end)) ? start : date
  }
}

/// The names of the months, as dates have them: in the case that a day asks for.
enum MonthNames {
  private static let foreign = """
    januar jänner februar feber märz april mai juni juli august september oktober november dezember
    janvier février mars avril juin juillet août septembre octobre novembre décembre
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
    gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre
    januari februari maart mei juni juli augustus oktober december
    marts maj augusti desember
    tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta
    joulukuuta
    janúar febrúar apríl maí júní júlí ágúst október nóvember
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
    styczeń luty marzec kwiecień czerwiec lipiec sierpień wrzesień październik listopad grudzień
    ledna února března dubna května června července srpna září října prosince
    januára februára apríla mája júna júla augusta septembra októbra novembra decembra
    január február március április május június július augusztus szeptember
    ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie
    ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca
    januarja februarja aprila junija julija avgusta oktobra
    gener febrer març maig juny juliol setembre octubre novembre desembre
    jaanuar veebruar märts aprill juuni juuli detsember
    Ionawr Chwefror Mawrth Ebrill Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr
    Eanáir Feabhra Márta Aibreán Bealtaine Meitheamh Iúil Lúnasa
    maret agustus Ogos
    machi aprili julai agosti septemba oktoba novemba desemba
    Janaayo Febraayo Maarso Abriil Maajo Luulyo Agoosto Sebtembar Oktoobar Nofembar Diseembar
    Hulyo Setyembre Oktubre Nobyembre Disyembre janvye fevriye
    يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου
    """
  /// Short forms that English has not.
  private static let foreignShort = """
    jän mär mrz dez okt janv févr fév avr juil aoû déc ene abr ago dic dez fev abr mai ago set out gen mag giu lug ott mrt mei
    maj des led úno bře dub kvě čvn čvc srp zář říj lis pro sty lut kwi cze lip sie wrz paź gru oca şub nis haz tem ağu eyl eki kas
    jan feb mar apr jun jul aug sep sept oct nov dec
    """
  private static let englishInFull =
    "january february march april june july august september october november december"
  private static let english = englishInFull + " may jan feb mar apr jun jul aug sep sept oct nov dec"

  /// A pattern that has all names in full.
  static let pattern =
    "(?:" + words(foreign + "\n" + englishInFull).map(spelling).joined(separator: "|") + ")"
  /// A pattern of short ones behind a day.
  static let shortPattern =
    #"\d(?:\.|er)?[-/. ]{1,2}(?:de )?(?:"# + words(foreignShort).map(spelling).joined(separator: "|") + ")"

  /// Short forms that are nothing else: behind a day they need no year.
  private static let clear = WordSet(words: "jän mrz okt dez févr juil déc ene dic mrt paź gru wrz sept")
  private static let long = WordSet(words: foreign + "\n" + english)
  private static let all = WordSet(words: foreign + "\n" + foreignShort + "\n" + english)
  private static let inEnglish = WordSet(words: english)

  static func isMonth(_ hash: UInt64) -> Bool { all.contains(hash) }
  static func isClear(_ hash: UInt64) -> Bool { clear.contains(hash) }
  static func isEnglish(_ hash: UInt64) -> Bool { inEnglish.contains(hash) }

  private static func words(_ list: String) -> [String] {
    // By bytes: to look at each character as Unicode has it takes a start's time.
    Array(Set(list.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { String(Substring($0)) })).sorted()
  }

  /// A name as Vectorscan takes it: bytes, with both cases and no accent for letters that are none of ASCII.
  private static func spelling(_ word: String) -> String {
    if word.utf8.allSatisfy({ $0 < 0x80 }) { return word }
    return word.map { letter in
      if letter.isASCII { return String(letter) }
      let (lower, upper) = (Array(letter.lowercased().utf8), Array(letter.uppercased().utf8))
      var forms: [String]
      if lower.count == upper.count {
        // Classes of bytes: alternatives in each of so many words take Vectorscan many times as long to compile.
        forms = [
          zip(lower, upper).map { $0 == $1 ? byte($0) : "[" + byte(min($0, $1)) + byte(max($0, $1)) + "]" }
            .joined()
        ]
      } else {
        forms = Array(Set([lower, upper].map { $0.map(byte).joined() })).sorted()
      }
      let plain = String(letter).folding
      if plain.utf8.allSatisfy({ $0 < 0x80 }) { forms.append(plain) }
      return forms.count == 1 ? forms[0] : "(?:" + forms.joined(separator: "|") + ")"
    }.joined()
  }

  private static func byte(_ byte: UInt8) -> String {
    "\\x" + String(byte, radix: 16)
  }
}

extension String {
  /// A letter without its accent, where Unicode takes it apart; else itself.
  fileprivate var folding: String {
    guard let scalar = unicodeScalars.first else { return self }
    let plain: [Unicode.Scalar: String] = [
      "ä": "a", "é": "e", "û": "u", "ç": "c", "ú": "u", "í": "i", "á": "a", "ó": "o", "ö": "o", "ü": "u",
      "ś": "s", "ź": "z",
      "ń": "n", "ę": "e", "ř": "r", "ě": "e", "č": "c", "ž": "z", "ş": "s", "ğ": "g", "ı": "i", "ď": "d",
    ]
    return plain[scalar] ?? self
  }
}

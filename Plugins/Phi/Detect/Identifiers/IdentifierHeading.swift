internal import FilterKit

/// What stands before a value, as far as it may be its label.
struct IdentifierHeading {
  /// A word or sign that counts: `no.`, `#`, `ID`.
  private(set) var isCounted = false
  /// A word counts, or stands before the sign that does.
  private(set) var hasWord = false
  /// An abbreviation in capitals stands before the value, or before what counts.
  var isAbbreviation = false
  /// The abbreviation has four letters and more, as no state has: five digits behind it are no postal code.
  private(set) var isLong = false
  /// It counts what is nobody's: pages, parts, versions, standards.
  private(set) var isNobodys = false
  /// Where letters begin that are the value's first group.
  private(set) var prefix: Int?

  private static let reach = 12
  private static let longestWord = 24

  init(_ view: borrowing TextView, before start: Int) {
    var position = start
    for _ in 0..<4 {
      guard let end = skipSigns(view, before: position) else { return }
      let first = view.start(before: end, limit: Self.longestWord, where: Bytes.isLetter)
      let hash = Lexicon.hash(view.text, first..<end)
      if view.has("p/n", at: end - 3) {
        isNobodys = true
        return
      }
      if first == end || end - first == Self.longestWord {
        return
      }
      if !Self.linking.contains(hash) { hasWord = true }
      if Self.counting.contains(hash) {
        isCounted = true
      } else if Self.holders.contains(hash), view.byte(start - 1) != UInt8(ascii: "|") {
        isCounted = true
        return
      } else if !Self.linking.contains(hash) {
        let isCapital = (first..<end).allSatisfy { Bytes.isUpper(view.byte($0)) }
        isNobodys = Self.nobodys.contains(hash) || Self.isMember(view, first)
        guard isCapital, (1...6).contains(end - first), !Bytes.isDigit(view.byte(first - 1)) else { return }
        let isBefore = !isCounted && end - first <= 4 && start - end == 1 && view.byte(end) == 0x20
        // Words of SQL and of texts in capitals.
        guard !Self.plain.contains(hash) else { return }
        (isAbbreviation, isLong) = (end - first > 1, end - first > 3)
        guard isBefore, !isNobodys else { return }
        if Self.isLabelled(view, before: first) { (prefix, isCounted) = (first, true) }
        return
      }
      position = first
    }
  }

  private init() {}

  /// Whether letters are the first group of a value, as a label stands before them: `sub# KDM 70062311`, `staff EC 5504183`.
  private static func isLabelled(_ view: borrowing TextView, before start: Int) -> Bool {
    var heading = Self()
    guard let end = heading.skipSigns(view, before: start) else { return heading.isCounted }
    let first = view.start(before: end, limit: longestWord, where: Bytes.isLetter)
    let hash = Lexicon.hash(view.text, first..<end)
    return heading.isCounted || first < end && (counting.contains(hash) || holders.contains(hash))
      || view.byte(end) == UInt8(ascii: ":")
  }

  /// Where the word before a position ends; nil where none stands near on its line, or another sentence ends between.
  private mutating func skipSigns(_ view: borrowing TextView, before start: Int) -> Int? {
    var end = start
    while start - end < Self.reach {
      let byte = view.byte(end - 1)
      if Bytes.isAlphanumeric(byte) || byte == 0x0A { break }
      if byte == UInt8(ascii: "#") {
        isCounted = true
      } else if byte == UInt8(ascii: ".") {
        // An abbreviation's, and no sentence's.
        let first = view.start(before: end - 1, limit: Self.longestWord, where: Bytes.isLetter)
        guard Self.counting.contains(Lexicon.hash(view.text, first..<end - 1)) || end - 1 - first < 3 else {
          return nil
        }
      } else if byte != 0x20, !"\t:=\"'`|([-_".utf8.contains(byte) {
        break
      }
      end -= 1
    }
    return end > view.lowerBound && start - end < Self.reach && view.byte(end - 1) != 0x0A ? end : nil
  }

  /// Whether a word's numbers are nobody's.
  static func isNobodys(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    nobodys.contains(Lexicon.hash(view.text, word))
  }

  /// Whether a word is a member of something in a program.
  private static func isMember(_ view: borrowing TextView, _ start: Int) -> Bool {
    ".$@\\".utf8.contains(view.byte(start - 1))
  }

  private static let counting = WordSet(
    words: "no nos nr nrs nbr num number numbers nummer numero id ids identifier n° nº º ° № número numéro")

  /// Who and what has a number of its own.
  private static let holders = WordSet(
    words:
      """
      badge interpreter interp juror inmate officer employee emp staff payroll member membership mbr subscriber sub insured policy group grp \
      card file folder dossier docket case claim permit band bands wristband tag kit rx prescription donor recipient tracking pension practice \
      registration registered reg cert certificate midwife medic incident pt patient subject participant student booking passport visa \
      encounter enc visit account acct ser serial pendant dl cdl report accession specimen permis licence license lic contrat protokol
      """)

  private static let plain = WordSet(
    words: "in on at to of by or and for with from not where values limit set like between iv sc po im cron")

  private static let linking = WordSet(words: "is was are as und and et y the")

  private static let nobodys = WordSet(
    words:
      """
      version versions ver v release rev revision build commit issue issues ticket tickets pr pull bug bugs line lines row rows page pages \
      p pp port ports chapter section figure fig table step steps item items part parts pn model models mod cat catalog catalogue sku upc \
      ean isbn issn doi pmid pmc nct rfc iso iec en din cve cwe icd cpt hcpcs loinc snomed sct rxnorm rxcui rxcuis ndc atc mesh omim cas un \
      lot lots batch exp expires room rm bed ward floor suite ste apt box bay channel ch zip postal tel phone fax cell mobile call dial mob \
      pager hotline size qty quantity count total sum amount paid price cost balance due usd eur gbp cad aud inr ngn kes zar php jpy rs hz khz \
      mhz ghz kb mb gb error errors code codes exit http https status port sha md utf aes rsa ed x mlkem gost en astm ansi ieee pep jsr kb ora sql drg hcc \
      fw firmware sw software errata stock bin pcn txn msg gpi gtin site irb bsb inc chg task jira epic sprint batch question q answer option trial protocol grant table appendix note article law act usc cfr dose wbc plt rbc ref reference since year order oid atcc rma pro pallet skid quote hsn hts wbs po contract rxbin ik \
      gst ifsc vl auc dd clinvar med tkt wo lvl level
      """)
}

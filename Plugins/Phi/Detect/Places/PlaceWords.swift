internal import FilterKit

/// Places for which one word says where to look: kinds of streets and of workplaces, and what names of towns begin with.
///
/// The words of a text are known with what each one means; patterns that begin with a space or a short word would stop at each of
/// them.
enum PlaceWords {
  /// What is asked for at a word with one of ``Hints/places``, or of which a hyphen parts one: `Oak St-Unit 2`.
  static func find(_ view: borrowing TextView, _ word: Word, _ emit: (Candidate) -> Void) {
    let start = word.range.lowerBound
    var (end, hints) = (word.range.upperBound, word.hints)
    if word.isHyphenated {
      end = word.range.first { view.byte($0) == UInt8(ascii: "-") } ?? end
      hints = Hints.of(Lexicon.hash(view.text, start..<end))
    }
    guard !hints.isDisjoint(with: .places), view.byte(start - 1) == 0x20,
      !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: "_"),
      (start..<end).allSatisfy({ view.byte($0) < 0x80 })
    else { return }
    if hints.contains(.street) { street(view, start..<end, emit) }
    if hints.contains(.workplace) {
      if let town = TownRules.business(view, start..<end) ?? TownRules.worksite(view, start..<end) {
        emit(town)
      }
    }
    if hints.contains(.townStart), let town = TownRules.begun(view, start..<end) { emit(town) }
  }

  /// The street, and the town behind it, whose kind is a word.
  private static func street(
    _ view: borrowing TextView, _ kind: Range<Int>, _ emit: (Candidate) -> Void
  ) {
    let hash = Lexicon.hash(view.text, kind)
    let isSure = surest.contains(hash)
    guard isSure || Bytes.isUpper(view.byte(kind.lowerBound)),
      let found = StreetLines.street(view, kind.upperBound)
    else { return }
    if isSure || others.contains(hash) && found.confidence > 7500 && StreetLines.isLine(view, found.range) {
      emit(found)
      StreetLines.town(view, behind: found, emit)
    }
    // `502 Bad Gateway` (RFC 9110, section 15.6.3).
    guard names.contains(hash), found.confidence > 9000,
      !view.has("bad gateway", at: kind.upperBound - 11),
      PlaceRules.isNamed(view, StreetLines.line(view, found.range))
    else { return }
    emit(Candidate(range: found.range, kind: "ADDRESS", confidence: 7000, detector: "phi/street"))
  }

  private static let surest = WordSet(words: Lists.surest)
  private static let others = WordSet(words: Lists.others)
  private static let names = WordSet(Lists.names.flatMap { Lexicon.hashes(of: "\($0) \($0)s") })

  /// The words of each hint.
  enum Lists {
    /// Kinds of streets that are hardly anything else.
    fileprivate static let surest = """
      street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl way terrace circle cir parkway pkwy highway hwy \
      trail square
      """
    /// The abbreviations of USPS Publication 28, and kinds of streets of other countries.
    fileprivate static let others = """
      trl xing trce lndg mdws mnr knls hls hts cv cyn cres crescent gdns gardens grn grove grv hbr jct plz rdg vw vis vly byp cswy expy \
      frst fwy mtn rte tce pde parade esplanade cl close cct circuit mews loop nagar colony marg vihar enclave salai layout chowk bazaar \
      bazar rise quay wharf embankment walk row creek pike alley aly crossing ridge run path turnpike tpke ter
      """
    /// Other words that streets end in, where a person's name stands before.
    fileprivate static let names = """
      alley bend bluff branch bridge brook bypass canyon cliff close common corner course cove creek crescent crest crossing crossroad \
      dale estate expressway extension falls ferry field flat ford forest forge fork fort freeway garden gateway glen green grove harbor \
      haven heights hill hollow inlet island junction key knoll lake landing lodge loop manor meadow mews mill mission mount mountain \
      neck orchard oval park pass path pike pine plain plaza point pt port prairie ramp ranch rapid rest ridge river route row run shoal \
      shore skyway spring spur station stream summit throughway trace track trafficway tunnel turnpike union valley via view village \
      ville vista walk wall well
      """.split(separator: " ")

    static let street = surest + " " + others + " " + names.map { "\($0) \($0)s" }.joined(separator: " ")
    static let workplace = """
      warehouse clinic office branch site store plant campus facility location depot terminal shop station yard factory practice surgery \
      pharmacy hospital area exit outlet mill mine airport pd fd police sheriff ofc stop desk jail prison shelter
      """
    static let townStart = """
      old new north south east west upper lower great little saint st ste sainte fort ft mount mt port lake cape camp glen san santa los las \
      el la le les bad sankt villa nueva nuevo ciudad puerto monte castel al ein kfar kampung kota nieder ober neu alt sao ban xin
      """
  }
}

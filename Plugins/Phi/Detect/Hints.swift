/// What words say about names and places near them: found once for each word, by its hash.
struct Hints: OptionSet {
  let rawValue: UInt32

  /// Titles: what follows is a name, whatever it looks like.
  static let title = Hints(rawValue: 1 << 0)
  /// Titles that are no other word, so that they count in lower case too.
  static let shortTitle = Hints(rawValue: 1 << 1)
  /// Roles and labels: what follows is a name where it looks like one.
  static let label = Hints(rawValue: 1 << 2)
  /// Words after which a name may stand, as may anything.
  static let joint = Hints(rawValue: 1 << 3)
  /// Labels of people: with a colon, what follows is a name even where it is in no list.
  static let person = Hints(rawValue: 1 << 4)
  /// Labels whose value is a name whatever its case.
  static let field = Hints(rawValue: 1 << 5)
  /// What introduces somebody by a name: in lower case, too, what follows is one.
  static let greeting = Hints(rawValue: 1 << 6)
  /// Letters after a name.
  static let credential = Hints(rawValue: 1 << 7)
  /// Between parts of a name.
  static let particle = Hints(rawValue: 1 << 8)
  /// Capitalised at the beginning of a sentence or a heading, and names only in company.
  static let opener = Hints(rawValue: 1 << 9)
  /// What people do: a given name that is not common is one where such a word follows.
  static let verb = Hints(rawValue: 1 << 10)
  /// Whose somebody is: `Ingrid's daughter`.
  static let relation = Hints(rawValue: 1 << 11)
  /// Between what introduces and who is introduced.
  static let be = Hints(rawValue: 1 << 12)
  /// What introduces, with a verb behind it.
  static let naming = Hints(rawValue: 1 << 13)
  /// States that are given names, too.
  static let state = Hints(rawValue: 1 << 14)
  /// What an eponym names: a person's name before it is nobody's here.
  static let eponym = Hints(rawValue: 1 << 15)
  /// Where somebody is or comes from; a place may follow.
  static let preposition = Hints(rawValue: 1 << 16)
  /// What people do in places.
  static let residence = Hints(rawValue: 1 << 17)
  /// The first word of a state's name of two.
  static let statePart = Hints(rawValue: 1 << 18)

  /// Words at which dates, addresses and spelled-out numbers begin.
  static let starter = Hints(rawValue: 1 << 19)

  private static let words: [(Hints, String)] = [
    (.title, "mr mrs ms miss mx dr prof professor rev reverend sister father sgt capt officer nurse doctor"),
    (.shortTitle, "mr mrs ms dr prof"),
    (
      .label,
      """
      patient name pt attending physician provider surgeon resident nurse therapist mother father mom \
      dad wife husband son daughter brother sister spouse partner guardian parent aunt uncle cousin \
      niece nephew grandmother grandfather friend neighbor contact signed cc pcp dear hi hello hey \
      client member caregiver girlfriend boyfriend named called caller author doctor subject student \
      employee
      """
    ),
    (.joint, "by from to with for and"),
    (
      .person,
      """
      patient pt attending physician provider surgeon guardian signed cc pcp spouse mother father \
      caregiver
      """
    ),
    (.field, "given family firstname lastname fullname patientname surname forename givenname familyname"),
    (.greeting, "hi hello hey dear named called"),
    (
      .credential,
      "md do rn np pa phd dds dmd facp facs lpn msw lcsw pharmd pa-c aprn crnp mph esq jr sr ii iii iv"
    ),
    (.particle, "de la del der den van von da di du le el al bin ibn ben st dos das san y"),
    (
      .opener,
      """
      will may mark grant dawn hope faith grace joy rose lily violet summer april june august art bill \
      rob sue pat drew miles chase hunter mason carter baker cook page young long short day love price \
      case chance christian king major guy ray gene dale glen heath cliff rich frank ernest earnest \
      early bishop dean lane van an my so see do an in on he she they the a i you we it his her your our \
      their any all no not was has had is are
      """
    ),
    (
      .verb,
      """
      is was has had said says asked told reports reported denies denied states stated complains \
      presents presented lives lived works worked came went called calls wants wanted spent shouted \
      replied wrote and will would
      """
    ),
    (
      .relation,
      "mother father mom dad wife husband son daughter brother sister spouse partner parents family chart"
    ),
    (.be, "is was me"),
    (.naming, "name this everyone call calls"),
    (
      .state,
      """
      alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii \
      idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan \
      minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee \
      texas utah vermont virginia washington wisconsin wyoming
      """
    ),
    (
      .eponym,
      """
      level levels score scale sign syndrome disease test catheter procedure fracture maneuver criteria \
      classification reflex node nodes stage grade position incision forceps solution stain law point \
      line triad lesion nevus tumor sarcoma lymphoma palsy contracture esophagus thyroiditis phenomenon
      """
    ),
    (.preposition, "in from near to at of outside around"),
    (
      .residence,
      """
      live lives lived living born raised grew moved moving resides residing resident traveled travelled \
      visiting visited located based native relocated up trip back
      """
    ),
    (.statePart, "new north south west rhode"),
    (.state, "york jersey mexico hampshire carolina dakota island"),
    (
      .starter,
      """
      jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october \
      nov november dec december suite ste apt apartment unit psc cmr po zero one two three four five six seven \
      eight nine oh ninety
      """
    ),
  ]

  private static let slots = 2048
  /// Open addressing by the hash's last bits: the words' hashes are mixed well enough.
  private static let table: [(hash: UInt64, hints: Hints)] = {
    var table = [(hash: UInt64, hints: Hints)](repeating: (0, []), count: slots)
    for (hints, list) in words {
      for word in list.split(separator: " ") {
        let bytes = Array(word.utf8)
        let hash = Lexicon.hash(bytes.span, bytes.indices)
        var index = Int(truncatingIfNeeded: hash) & (slots - 1)
        while table[index].hash != 0, table[index].hash != hash { index = (index + 1) & (slots - 1) }
        table[index] = (hash, table[index].hints.union(hints))
      }
    }
    return table
  }()

  static func of(_ hash: UInt64) -> Hints {
    let table = table
    var index = Int(truncatingIfNeeded: hash) & (slots - 1)
    while table[index].hash != 0 {
      if table[index].hash == hash { return table[index].hints }
      index = (index + 1) & (slots - 1)
    }
    return []
  }
}

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
  /// Who somebody is to somebody: `wife`, `roommate`. A given name may stand right behind, whatever else it means.
  static let kin = Hints(rawValue: 1 << 20)
  /// How old somebody is, before the name: `3-yr-old`.
  static let aged = Hints(rawValue: 1 << 21)
  /// Where somebody works, before a name in brackets: `ED (Park)`.
  static let department = Hints(rawValue: 1 << 22)
  /// What nobody but people do.
  static let saying = Hints(rawValue: 1 << 23)

  /// Kinds of streets, and other words that streets end in.
  static let street = Hints(rawValue: 1 << 24)
  /// Places that somebody works at: `the Gallup warehouse`.
  static let workplace = Hints(rawValue: 1 << 25)
  /// What names of towns begin with: `Old Lyme`.
  static let townStart = Hints(rawValue: 1 << 26)
  /// At these words ``PlaceWords`` looks for a place.
  static let places: Hints = [.street, .workplace, .townStart]

  /// Given names and nicknames that are English words: ``WordNames``.
  static let wordName = Hints(rawValue: 1 << 31)

  private static let words: [(Hints, String)] = [
    (.wordName, WordNames.list), (.street, PlaceWords.Lists.street), (.workplace, PlaceWords.Lists.workplace),
    (.townStart, PlaceWords.Lists.townStart),
    (
      .title,
      """
      mr mrs ms miss mx dr drs prof professor rev reverend sister father sgt capt officer nurse doctor mister missus \
      detective ofc constable trooper cpl spc pfc sfc ssg lcdr cdr pastor rabbi imam judge coach chaplain deacon mdm
      herr frau mme mlle madame monsieur senor senora signor signora dott dottssa dra sra mevr mevrouw meneer dhr
      """
    ),
    (.shortTitle, "mr mrs ms dr drs prof doctor mister missus herr frau mme mlle monsieur senor senora dott"),
    (
      .label,
      """
      patient name pt attending physician provider surgeon resident nurse therapist mother father mom \
      dad wife husband son daughter brother sister spouse partner guardian parent aunt uncle cousin \
      niece nephew grandmother grandfather friend neighbor contact signed cc pcp dear hi hello hey \
      client member caregiver girlfriend boyfriend named called caller author doctor subject student \
      employee crew roommate housemate flatmate colleague neighbour stepmother stepfather stepson stepdaughter fiance \
      fiancee grandson granddaughter grandma grandpa coworker classmate anesthetist anaesthetist anesthesiologist \
      registrar consultant midwife scribe interpreter pharmacist paramedic reviewer committer donor guarantor insured \
      applicant witness carer assistant operator requester reporter assignee sitter foreman supervisor apologies attendees
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
    (.greeting, "hi hello hey dear named called hola hallo hej bonjour ciao"),
    (
      .credential,
      "md do rn np pa phd dds dmd facp facs lpn msw lcsw pharmd pa-c aprn crnp mph esq jr sr ii iii iv"
    ),
    (
      .particle,
      "de la del der den van von da di du le el al bin ibn ben st dos das san y ter zu vom af bint ould della dello degli dei lo nic ni ua abu"
    ),
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
    (
      .kin,
      """
      wife husband son daughter brother sister mother father mom mum dad aunt uncle cousin niece nephew partner spouse fiance fiancee \
      boyfriend girlfriend roommate housemate flatmate neighbor neighbour friend grandson granddaughter grandmother grandfather stepson \
      stepdaughter stepmother stepfather twin baby infant caregiver carer colleague classmate bestie hubby
      dtr gson gdtr dau bro sis husb gf bf auntie aunty granny grandpa grandma nan nana stepdad stepmum stepmom stepsister stepbrother neice
      ex-husband ex-wife great-nephew great-niece grandbaby great-grandson great-granddaughter mama coworker co-worker teammate landlord landlady godson goddaughter
      """
    ),
    (
      .aged,
      "yr-old year-old y-o mo-old month-old wk-old week-old day-old yrs-old years-old month-olds year-olds yo"
    ),
    (
      .department,
      """
      ed er icu micu sicu picu nicu ccu pacu ward surgery renal cardiology cards neurology neuro ortho orthopedics orthopaedics gi id \
      onc oncology heme hematology haematology pulm pulmonology nephrology radiology rads pharmacy pharm anesthesia anaesthesia anes ob \
      gyn peds pediatrics paediatrics psych psychiatry urology uro ent derm dermatology medicine hospitalist resident fellow intern \
      attending nurse rn np pa charge locum consultant registrar reg sho gp midwife dietitian hospice palliative vascular plastics \
      rheum rheumatology endo endocrinology pathology path genetics triage obstetrics ir cath lab or oncall neuroir stroke trauma transplant dialysis
      """
    ),
    (
      .saying,
      """
      said says asked asks told tells reported reports denied denies stated states called calls wants wanted spoke speaks wrote writes replied \
      agreed agrees recommended recommends arrived phoned texted emailed mentioned explained confirmed thinks thought knows remembers \
      complains complained feels felt admits admitted refuses refused lives lived works worked cried laughed smiled nodded insists
      """
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
      line triad lesion nevus tumor sarcoma lymphoma palsy contracture esophagus thyroiditis phenomenon \
      drain drains needle needles retractor retractors wire wires splint splints tube monitor index bodies cells diverticulum hernia ulcer \
      nodule nodules ring chart protocol repair operation technique approach equation formula method disorder encephalopathy arteritis \
      gastrectomy fundoplication ligament ligaments fascia space pouch canal duct gland glands fold stages staging murmur rub clamp clamps \
      elevator speculum suture agar changes change signs reflexes tests lines incisions procedures spots body angle view triangle plane
      pentad tetrad lens lenses graft questionnaire viper virus scores scales phenomena classification modulus coil collar brace stent grading \
        regimen medium broth reagent antigen antigens antibody antibodies phenotype sheath cannula laryngoscope blade plate screw screws pin pins rod rods \
        cutoff ratio paresis mimic mania anatomy valve lamp stockings consensus nomogram predictor hysterotomy blocker block dosage
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
      eight nine oh ninety ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty hundred
      first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
      seventeenth eighteenth nineteenth twentieth thirtieth forty fifty sixty seventy eighty corner intersection mm milepost exit monday tuesday wednesday thursday friday
      saturday sunday mon tue tues wed weds thu thur thurs fri lunes martes miercoles
      jueves viernes lundi mardi mercredi jeudi vendredi samedi dimanche block mile erf flat lot ul ulica aleja via viale piazza corso largo calle avenida
      rua travessa rue chemin impasse strada jalan
      sat sun twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth
      thirty-first mid-january mid-february mid-march mid-april mid-may mid-june mid-july mid-august mid-september mid-october
      mid-november mid-december christmas xmas boxing easter valentines halloween thanksgiving spring summer autumn fall winter
      """
    ),
  ]

  private static let slots = 4096
  /// Open addressing by the hash's last bits: the words' hashes are mixed well enough.
  private static let table: [(hash: UInt64, hints: Hints)] = {
    var table = [(hash: UInt64, hints: Hints)](repeating: (0, []), count: slots)
    for (hints, list) in words {
      for hash in Lexicon.hashes(of: list) {
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

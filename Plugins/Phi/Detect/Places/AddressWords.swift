/// Words that addresses are made of, in the languages of the postal standards (UPU S42), by their hashes: without accents and
/// without regard to case.
enum AddressWords {
  /// Between the parts of a street's or a town's name.
  static let particles = WordSet(
    words:
      """
      de del della dei degli delle dello di da do dos das du des d la le les el los las l' an am im in der den dem zu zum zur auf unter \
      ob bei van het 't ter ten te op aan na nan y e i et of the upon under on by sur sous lez les aux au en och og und vor hinter nad \
      pod u w z ze ny av pa alla ai al all sul sulla san santa bin ibn
      """)

  /// What stands before its number: a part of a house, or of a town that has numbers.
  static let premises = WordSet(
    words:
      """
      flat unit apt apartment suite ste shop lot level lvl villa room rm no nr num number house plot door block blk tower twr bldg building \
      floor flr lane ln alley aly section sec sector phase site stall office ofc studio penthouse ph maisonette bungalow cottage \
      h.no hno d.no dno h.no: p.no f.no s.no r.no khasra ward hse apto appt bat batiment escalier esc etage residence res lotissement \
      wohnung whg haus stiege top kat daire d lok lokal m kv dom scara interno scala piso portal bloque puerta casa \
      lote quadra bloco conjunto cj sala torre andar edificio edif urb urbanizacion mza manzana interior departamento depto dpto \
      ground-floor berth mooring slip trailer trlr space spc sp pitch hangar erf stand rmb rsd chak mile milepost km zone compound sub-block lp annex annexe pavilion
      """)

  /// Whether an address may begin with a word, with much to follow. In lower case most of them are words of any sentence.
  static func begins(_ hash: UInt64, isCapital: Bool) -> Bool {
    isCapital
      ? premises.contains(hash) || leadingKinds.contains(hash) || streets.contains(hash)
        || roads.contains(hash)
      : Hints.of(hash).contains(.starter)
  }

  /// Names of houses end so.
  static let buildings = WordSet(
    words:
      """
      house court lodge mansions mansion buildings building tower towers apartments apts hall farm farmhouse cottage cottages manor villa \
      villas mill barn grange croft heights residency residences residence enclave complex centre center plaza society chambers point \
      wharf rectory vicarage flats terrace gardens view bungalow arcade estate condominium condos park mansionettes annexe annex chawl bhavan \
      bhawan nivas niwas niketan kunj sadan apartment quarters barracks hostel chalet homestead ranch stables stead priory abbey castle hof forge smithy schoolhouse gatehouse granary oast steading bothy maltings brewery dairy nook haven holme dene garth keep
      almshouses compound hse mhp acres wing
      """)

  /// Before the name of a housing estate.
  static let estates = WordSet(
    words: "urb urbanizacion urbanizacao residencial res bo barrio sector parcelas reparto")

  /// Behind a street's line, with a number or a letter.
  static let units = WordSet(
    words:
      """
      apt apartment unit suite ste flat room rm floor fl flr bldg building lot space spc spaces sp trlr number trailer slip dept department no nr num \
      int interno interior scala sc piso planta puerta pta esc escalera bloque blq portal casa apto ap apart bloco bl sala lote quadra qd \
      andar cj conjunto conj fraccion torre depto dpto departamento local edificio edif appt appartement porte bat batiment etage bte bus \
      boite box opg opgang lok lokal m mieszkanie kv kvartira dom whg wohnung top stiege tur haus og lgh leilighet as byt et d daire kat \
      blok block blk tower wing door villa plot shop office studio pmb km lg ug lt rt unidad col colonia fase etapa manzana mz mza hab
      """)

  /// Behind a street's line by themselves.
  static let bareUnits = WordSet(
    words:
      """
      basement bsmt rear front upstairs downstairs penthouse ph lobby upper lower bajo bajos atico entresuelo entlo sotano principal \
      hinterhaus vorderhaus parterre hochparterre souterrain seitenflugel eg ug dg rdc r/c rez-de-chaussee st kld snc s/n sn garage attic loft annexe annex \
      fundos frente terreo cave
      """)

  /// Behind what says where in a house: `rear cottage`, `basement apt`.
  static let outhouses = WordSet(
    words: "apt apartment unit flat suite cottage house hse building bldg cabin entrance door floor fl studio"
  )

  /// Behind the number of a floor.
  static let floors = WordSet(
    words:
      """
      fl floor flr piso planta andar etage og stock stockwerk obergeschoss sal kerros krs emelet kat patro poschodi etaj et story storey \
      izq izda izquierda dcha drcha derecha dto esq dir esquerdo direito tv th mf left right rear front centro int ext
      """)
  static let sides = WordSet(
    words:
      """
      izq izda izquierda dcha drcha derecha dto esq dir esquerdo direito tv th mf left right rear front centro int ext frente fte tras
      """)
  static let floorNames = WordSet(words: "ground first second third fourth fifth sixth top lower upper")

  /// Kinds of streets that stand before the street's name.
  static let leadingKinds = WordSet(
    words:
      """
      via viale piazza piazzale corso largo vicolo strada contrada localita salita lungomare borgo calle c/ avenida avda av paseo plaza \
      camino carretera ctra ronda travesia glorieta carrer passeig rua travessa alameda praca estrada rodovia beco ladeira rue avenue \
      boulevard chemin impasse allee allees place quai cours ruelle sentier ul ulica al aleja aleje os osiedle plac jalan jl lorong \
      gang str strada bd bulevardul calea aleea soseaua sos piata rr sitio barrio carrera cra cl diagonal transversal laan rang montee faubourg linha triq sqaq vjal heol stryd ffordd rhodfa
      """)

  /// Words with a number behind them that are no streets.
  static let numbered = WordSet(
    words:
      """
      ward room rm bed bay unit suite apt floor level table figure fig section chapter page step stage grade type class phase day week month \
      year age aged grade part volume vol version appendix line row item order ticket case visit cycle dose day no number nr trial group \
      arm cohort session series image slice box lot gate platform terminal building block flat tel fax phone mobile cell id score level \
      pod resus theatre theater station clinic wing desk line ext extension q sample lane channel port node rack slot kapitel abschnitt \
      seite tag zimmer raum bett saal gruppe typ grad stufe teil band blatt nummer chambre lit service page numero habitacion cama pagina \
      camera letto pagina quarto leito kamer bed afdeling stue seng
      """)

  /// Between a unit's word and its number.
  static let signs = WordSet(words: "no nr num n nº n° č č.p")

  /// Kinds of streets, as parts of India's addresses number them.
  static let streets = WordSet(
    words:
      "street st road rd cross main avenue ave lane sector phase block flat house plot shop room door gali galli"
  )

  /// Parts of towns in South Asia.
  static let areas = WordSet(
    words:
      """
      nagar colony compound marg vihar enclave puram layout bazaar bazar chowk gali mohalla salai palayam nagara nagaram pet pettai vadi wadi pura \
      puri pur ganj garh extension extn society circle park township town sector
      """)

  /// Kinds of streets that stand behind the street's name, whole and abbreviated (USPS Publication 28, appendix C1).
  static let kinds = WordSet(
    words:
      """
      street st avenue ave av road rd boulevard blvd lane ln drive dr court ct place pl way terrace ter circle cir parkway pkwy highway \
      hwy trail trl square sq freeway fwy expressway expy turnpike tpke loop crossing xing close crescent cres grove parade pde esplanade \
      creek ridge row run path pike alley aly
      """)

  /// Roads with a number or a letter behind their kind.
  static let roads = WordSet(
    words:
      "road route rte hwy highway sr us fm cr county state interstate i avenue ave street rd st loop farm rural junction exit pr mile milepost mp"
  )

  /// Kinds of roads that always have a number: `Old Hwy 60`.
  static let highways = WordSet(words: "hwy highway rte route")

  /// Between a number and a kind of street they make no address: measures, times, and words of a sentence.
  static let between = WordSet(
    words:
      """
      mg ml mcg mm cm kg lb lbs units tabs tab day days week weeks month months year years yo yr yrs hour hours hr hrs min mins minutes times \
      x pt pts patients to in at with or for from by per percent is was are were ago doses dose caps liters beats rooms beds points my her \
      his their our your this that these those if it we he she they you who which when then than but not no so as be been has had have will
      """)

  /// The most frequent names of streets that are English words.
  static let frequent = WordSet(
    words:
      """
      main broadway mission oak pine maple cedar elm hill lake park high church mill school river spring walnut chestnut center first second third fourth \
      fifth sixth sunset railroad north south east west college bridge station forest meadow willow birch ridge ash cherry broad market \
      front water union state court king queen green garden victoria
      """)

  /// Nouns behind a German preposition that are no street.
  static let notGerman = WordSet(
    words:
      """
      montag dienstag mittwoch donnerstag freitag samstag sonntag jahr jahre tag tage alter zeit woche monat punkt artikel paragraph schnitt \
      mittel vergleich verlauf anschluss rahmen durchschnitt bereich labor blut serum urin liquor team auftrag befund
      """)

  /// Behind them stands where somebody is, in several languages.
  static let cues = WordSet(
    words:
      "in at from near to a à à en em te i w v til nach aus bei of na zu til fra från fran di da de u")

  /// Inside of a town's name, between words with capitals.
  static let joints = WordSet(
    words:
      "de del della dei di da do dos das du d la le les el los las am an der ob bei sur sous lez les aux aan den upon under on by the o y nad pod"
  )

  /// Words with capitals that make what stands before them an institution's name.
  static let institutions = WordSet(
    words:
      """
      hospital clinic centre center medical health healthcare university college school church institute foundation hospice home homes care \
      services service company inc ltd llc corp bank insurance department dept court jail prison sheriff police fire office association \
      society lab labs laboratory laboratories pharmacy hotel museum airport team group systems county academy library general memorial \
      regional surgery practice lodge trust nhs nursing rehab rehabilitation disease syndrome virus fever hortons street road
      """)

  /// Before `County` and its like they begin a sentence or name no county.
  static let openers = WordSet(
    words:
      "the our in this each every any all of at from for and a an new per local state federal their his her my school health which what"
  )

  /// Words, products and brands that are towns, too, or look like one: in clinical text and in letters they are none.
  static let noPlaces = WordSet(
    words:
      """
      ward resus echo bean para honda toyota ford subaru mazda nissan lexus hollister norco percocet bard bakri evera lucas stryker \
      medtronic zimmer depuy arthrex cordis biotronik abbott baxter terumo covidien strasse straße kasse cordiali saluti ort stadt plz \
      telefon datum vorname nachname adresse bonjour merci gentile egregio caro cara oggetto betreff hola gracias saludos atentamente \
      disposition impression assessment plan subjective objective sinus trauma triage tele stepdown telemetry micu sicu nicu picu pacu \
      rads renal cards iban swift bic rec cont amio dre dra garda eircode crit axe su va basque kuwaiti iraqi yemeni omani saudi qatari emirati iranian syrian afghan pakistani bangladeshi nepali burmese somali sudanese eritrean ortho neuro onc heme endo derm psych peds rheum urology perl wasm rust
      """)

  /// Places where people work, which a town's name may stand before.
  static let worksites = WordSet(
    words:
      """
      warehouse clinic office branch site store plant campus facility location depot terminal shop station yard factory practice surgery \
      pharmacy area exit outlet mill mine airport location team lab
      """)

  /// Before the name of a part of a town that belongs to its address.
  static let quarters = WordSet(
    words: "col colonia fracc fraccionamiento barrio bo urb urbanizacion bairro residencial mahalle mahallesi"
  )

  private static let points = WordSet(words: "north south east west")

  /// Whether a word is one of the four sides that parts of a hospital are named by.
  static func sides(_ hash: UInt64) -> Bool { points.contains(hash) }

  /// Signs of miles and kilometres.
  static let posts = WordSet(words: "mm mp km mile milepost exit")

  /// Numbers that people say or write out before a street's name.
  static let numerals = WordSet(
    words: """
      one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
      thirty forty fifty sixty seventy eighty ninety hundred thousand oh
      """)

  /// Boxes of post offices.
  static let boxes = WordSet(
    words:
      "box bag p.bag postfach postbus postboks postbox apartado apdo b.p casella caixa postal gpo boite skrytka privaatsak"
  )

  /// Abbreviations of kinds of streets, and kinds, that are nothing else.
  static let sureKinds = WordSet(
    words:
      """
      trl xing trce lndg mdws mnr knls hls hts cyn gdns grv hbr jct plz vly byp cswy expy frst fwy mtn tpke tce pde cct nagar marg vihar \
      salai chowk cres
      """)

  /// Kinds of streets in lower case between a street's name and its number.
  static let trailingKinds = WordSet(
    words:
      """
      gate gata gatan vag vagen vej vejen vei veien gade gaden plads straede alle katu tie kuja polku tori utca u ut ter korut koz straat \
      laan weg plein gracht kade singel strasse straße str gasse platz ulica ul trg cesta namesti trida kalea sokak sok cad caddesi bulvari \
      iela gatve pr prospektas tanav mnt puiestee street road avenue n no nr
      """)

  /// Before the name of a street without a kind.
  static let prepositions = WordSet(words: "am im an auf zum zur unter hinter op aan beim achter")

  static let months = WordSet(
    words:
      """
      january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec \
      januar februar marz mai juni juli oktober dezember janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre \
      enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio \
      settembre ottobre dicembre janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro marts maj stycznia lutego \
      marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia kl
      """)

  /// Capitalised, and in the name of no street or town.
  static let never = WordSet(
    words:
      """
      dob tel fax phone mobile cell email e-mail mrn ssn nhs dr mr mrs ms miss prof md rn date address addr patient name hr bp rr spo2 gcs \
      temp wt ht mg ml mcg iu prn bid tid qid po iv im sc sq the ward bed room dx hx rx tx pt pts yo yrs wife husband son daughter mother \
      father mum dad sister brother gp pcp ed er icu asap http https null none true false select insert update where from and or not \
      january february april june july august september october november december monday tuesday wednesday thursday friday saturday sunday
      """)

  /// The letters of states.
  static let states = WordSet(
    words:
      """
      al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa pr ri sc sd tn \
      tx ut vt va wa wv wi wy
      """)

  /// States and provinces, which are wider than what identifies somebody (45 CFR 164.514(b)(2)(i)(B)).
  static let provinces = WordSet(
    words:
      """
      alberta ontario manitoba saskatchewan nunavut yukon quebec british_columbia nova_scotia new_brunswick newfoundland \
      newfoundland_and_labrador prince_edward_island northwest_territories new_south_wales queensland south_australia western_australia \
      tasmania victoria punjab haryana kerala karnataka tamil_nadu maharashtra gujarat rajasthan uttar_pradesh madhya_pradesh andhra_pradesh \
      telangana west_bengal bihar jharkhand odisha orissa assam himachal_pradesh uttarakhand chhattisgarh sindh balochistan bayern bavaria \
      sachsen saxony hessen hesse thuringen thuringia niedersachsen brandenburg saarland baden-wurttemberg nordrhein-westfalen \
      rheinland-pfalz schleswig-holstein mecklenburg-vorpommern sachsen-anhalt gauteng kwazulu-natal western_cape eastern_cape limpopo \
      mpumalanga free_state north_west northern_cape andalucia cataluna catalunya galicia lombardia toscana sicilia sardegna piemonte \
      veneto bretagne normandie provence jalisco scotland wales england northern_ireland
      """)
}

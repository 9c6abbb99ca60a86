/// Words that tell a date without a year from a fraction, a score or a dose.
enum Cues {
  /// Right before a number they make it a date, whatever it looks like.
  static let strong = WordSet(
    words: """
      on since until till til thru dated date dates due dob dod doa dos doi dol doe edd edc lmp soc born birthday bday
      appt appts appointment appointments seen scheduled rtc return returning returns recheck rescheduled booked admitted discharged readmitted
      fu followup ret starting beginning effective eff dc dcd admit admission discharge deadline wc wo
      tomorrow today yesterday weekend week tmrw tmw tmr tmmrw hired filled died
      gisteren vandaag morgen gestern heute hier demain ayer hoy manana ieri oggi domani igar idag imorgen
      am vom seit bis ab zum geb le du depuis jusqu desde hasta el il dal dia em op sinds tot vanaf fra til d den dne od dnia
      """)
  /// Of these, what a day stands behind and hardly a span.
  static let days = WordSet(
    words:
      """
      dob dos doa dod doi due seen dated appt lmp edd born birthday bday admitted discharged admit discharge returned hired expired died
      """
  )
  /// Before two numbers with a hyphen they make a day where a phrase ends behind it.
  static let points = WordSet(words: "on since until till til dated")
  /// What is put in or done once, and neither scored nor counted: a pair of numbers behind it is its day.
  static let procedures = WordSet(
    words: """
      nail orif tka tha thr tkr cabg pci ppm picc cvc ij cath foley trach stents lap appy chole laminectomy fusion laser uds otv
      """)
  /// Those that may have a span behind them: in so many months of twelve, days of seven.
  static let next = WordSet(
    words:
      "fu followup due appt appointment rtc return returning returns recheck review rv repeat repeated el le a em op zum"
  )
  /// They say of numbers that look like nothing else that they are a date.
  static let weak = WordSet(
    words: """
      the this next last prior previous from to by before after through of was is for again between and or around about
      approximately approx circa first again ending ends end begins early late again per
      """)
  /// What is done on a day.
  static let acts = WordSet(
    words: """
      sent delivered received given done drawn placed removed inserted performed completed collected ordered signed filed faxed
      mailed emailed called spoke updated reviewed repeated repeat noted reported held missed cancelled canceled moved
      posted closed opened obtained taken administered transfused injected biopsied diagnosed dx tested swabbed cultured
      extubated intubated arrested coded relapsed consented coming transferred arrived departed presented evaluated examined consulted referred interviewed submitted
      flies flew flying lands landing onset
      approved denied issued printed shipped paid billed deployed released merged occurred happened recorded
      used missed assaulted consented vaccinated immunized operated revised replaced changed pulled went rolled
      """)
  /// What begins or ends on a day; a drug's name may stand between.
  static let begun = WordSet(
    words: """
      started start starts began begun stopped stop resumed restarted initiated discontinued increased decreased tapered
      finished switched added
      """)
  /// What has a day.
  static let events = WordSet(
    words: """
      ct mri mra cta xr bcx ucx hus cbc bmp cmp trigger retrieval transfer pod dc bm analysis xray cxr kub us uss ultrasound echo tte tee ekg ecg eeg emg pet dexa mammo mammogram colonoscopy egd
      ercp cath angiogram stent scan scans imaging films film labs lab bloods biopsy bx path culture cultures cx swab
      surgery sx procedure operation csection delivery fall injury mvc mva accident stroke onset infusion injection
      shot shots booster boosters vaccine vaccines vaccination vaccinations immunization flu covid tdap mmr shingrix clinic consult consultation eval evaluation referral transfer arrival visit visits appt appointment
      appointments admission discharge note notes letter phone call message email fax report results result meeting session
      incident hearing refill pickup reading test tests exam ed er icu stay episode seizure
      pto leave vacation
      """)
  /// What is counted, scored, measured or given.
  static let measures = WordSet(
    words: """
      pain strength murmur pulse pulses score scale gcs mmse moca phq gad apgar apgars rated rate rates grade reflex reflexes
      dtr dtrs motor muscle power vision visual acuity va od os ou bp pressure page pages pg step steps part parts stage
      series sem systolic diastolic ratio cycle cycles dose doses day days tab tabs tablet tablets half cup cups inch
      inches teaspoon tsp tbsp bilaterally bilat quad quads biceps triceps deltoid grip hip knee ankle
      flexion extension abduction adduction flexors extensors edema effort level levels chunk batch epoch shard layer test
      tests case cases row rows line lines item items chapter section fraction fractions cores core nodes node
      positive negative cpap ncpap criteria points question score aspects mallampati asa borg fev ppd pack
      smoker drinks p pgs code codes iddsi pegboard hh hgb hct bipap ipap epap peep vent braden epworth audit tinetti berg vas ratio slums morse nihss
      smoker drinks hr rr rom sle slr up plantar radial dp pt femoral pedal size sizes width height scaled
      ppv mic ue le lue rue lle rle rev revised
      resolution aspect version chapter paragraph article sec verse psalm time times signature
      """)
  /// Behind a number they say that it is none.
  static let units = WordSet(
    words: """
      mg mcg ml mmhg pain strength cm mm kg lb lbs oz tab tabs tablet tablets cap caps pack packs ppd cup cups tsp tbsp inch
      inches in weeks week wks wk days day months month mo hours hour hrs hr h min mins minutes years year yr yrs x
      systolic diastolic sem murmur cores core nodes positive negative pos neg bilat bilaterally throughout scale points
      times doses dose of teaspoon teaspoons mile miles units unit ratio passed failed done complete completed tests
      pulses edema liter liters l d w m full power flexion extension grip
      """)
  /// Behind a number that is no score by its size, they still say that it is none of a date.
  static let counts = WordSet(
    words: """
      mg mcg ml mmhg cm mm kg ln lns points systolic diastolic cores core passed failed tests lines course video screen positive negative pos neg bilat
      bilaterally of x hz fps
      """)
  /// Before so many sevenths or twelfths they say that these are days or months.
  static let spans = WordSet(
    words: "for x in over past every last after within ago bid tid tds qds qid od bd nocte daily")
  /// Words before a month and a year, or the end of what a card is good for.
  static let month = WordSet(
    words: """
      exp expires expiry expiration expired expire valid validity thru through until till gultig caduca validade vence geldig
      valable scadenza ablauf
      """)
  /// Before a date with dots and two digits of the year.
  static let dotted = WordSet(
    words: """
      geboren geburtsdatum gebdatum datum data fecha nascimento nascita nato nata ne nee fodt fodd syntynyt narozen
      urodzony urodzona ur dn dt aufnahme entlassung op opdatum untersuchung termin befund visite stand
      """)
}

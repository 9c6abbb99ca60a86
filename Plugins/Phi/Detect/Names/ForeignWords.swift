/// Words of other European languages that begin sentences, letters and greetings: lists of names have many of them, and the tagger knows
/// English. Where one stands alone, nobody is meant.
enum ForeignWords {
  static func contains(_ word: Word) -> Bool { words.contains(word.hash) || tongues.contains(word.hash) }

  private static let words = WordSet(
    words: """
      a aadhaar aan aar aber abrazo abuelita ach adeus adi adios adres adresa adresse af afdeling agaf agat agora agur ahora ainda aitah \
      aj alamat ale alem algo alguien alle allem allen alles alligevel allora aloha alors als also alstublieft alt altijd am amanha amb \
      ambulatorio an anamnese anamnesi anche ancora andere annat annwyl ano antes ao aos apos apres aqui ar arztbrief asi assure assuree \
      at ate atenciosamente atentamente au auch auf aujourdhui aunque aus aussi aux av avant avec avere avez ayah ayer ayuntamiento az \
      bapa bardzo bedste befund bei beim belum bene bereits beste besten bez bhi bien bij billeddiagnostisk bin bir bis bitte blev bli \
      blir boa bok bolnica bom bon bonjour bonne bonsoir bore bra bu buenas bueno buenos buna buon buona buonasera buongiorno byc bylo byt \
      cad cadastro calle car caro carte cas ce ceart cedula cela celle ces cette chacun chaque che cher chere chers chez chi chirurgie \
      chory ci ciao clinica clinique co codice cofion cognome colonia com come comme comment como con consulta consultorio cordial \
      cordiale cordialement cordiales cordiali cosa cosi cu cuando cuanto cui cumprimentos czesc czy da daar dakujem dal dalla danach dank \
      danke dankjewel dann dans das dass dat data de dea-ghui debe deg dei dein dekuji del deles della delle dem demain den denn denne \
      depois depuis der deres des desa desde deshalb despues det dette deutsch deux devant deze di diagnose diagnosi diagnostic \
      diagnostico dias dich die dies diese dieser dieses dig din dine diolch distinti dit dla dlaczego dlatego dnes do dobar dobra dobre \
      dobry doch dock docteur doctora doet dog domani donc donde dont door dopo dorogoy dort dos dossier dottor dottore dottoressa dove du \
      due duit durch dziekuje dzien dzis ebenfalls ecco een efter eftersom eg egregi egregio egun egy ein eine einem einen einer eines \
      einmal eit el ela ele eles elle eller elles ellos em empfang en encore end enfermera enfermeria enfermero entao entlassungsbrief \
      entonces entre epicrisis epikrise epikrisis epikriz er era ero es eskerrik essa esse est esta estas este estimada estimado esto \
      estou estoy et eta etait ete etes etre etta etter etwas eu euch eux evet expediente ez facharzt facharztin fait faoi far fara \
      fatture faut fecha fehler fodt foer foi for fordi fore fra fran freundliche freundlichen frohe fronteriza fuer ga gaat gab gach gan \
      ganz gar gdzie geachte gearr geb geboortedatum geboren geburtsdatum geehrte geehrter geen gegen genom gentile gentili gern ghe gli \
      go god goddag godmorgen goede goedemiddag goedemorgen goedenavond goedendag graag gracias gracies grata grato gravid grazie groet \
      groete groeten groetjes groetnis gruessen gruss grusse gura gut gute guten guter gyda habe haben habla hace had hallo halsningar ham \
      har hasta hat hatte havde hay hayir heb hebben heeft hei hej helo hende hendes henne hennes her het heute hier hij hilsen hinter ho \
      hoe hogy hoje hola hon hopital hos hospital hoy hun hva hvad hvala hvem hver hvis hvor hvordan hvornaar hyvaa i ich ici icin idag \
      igen ihm ihn ihnen ihr ihre ihrem ihren ik ikke ikkje il ile ils im ime imie immer in ind indirizzo ingen innan inte io is isim isso \
      ist isto iz ja jag jai jak jako jantina je jede jeder jeg jego jeho jej jest jestem jetzt jour jsem jsou jusque juz kaere kaixo kako \
      kampung kann kanske kardiologie kasse kde kdo kdyz ked kedves kein keine kelamin kia kiedy kiitos kimlik kjaere koji kollege \
      kollegin kom komen kommer konnen korhaz koszonom krankenkasse ktery kto ktora ktore ktory kunne kunt kupah la labra lahete lahir las \
      le lebo leider leis les leur leurs liebe lieber liebes lige ligger lo loro lors los lub luego ma maa maar maaske machen madame mae \
      mag mahalo mais maith malgre mam man mas maste me med medica medico meer meg mehr mein meine mellan meme men mens mer merci mere \
      merhaba mert mes mesdames mesmo messieurs met meu mevrouw mi mia mientras mieux mig mihi mija mijn mijnheer mijo mine minha \
      ministerio mio mire mit mitt mitte mnie mochte mod moed moet moge moi moins mois moj moja molim molto mon monsieur morgen mot mozna \
      muchas mucho muito multumesc municipio muss mutta muy mvh mycket na naagon naam naar nach nachdem nachname nad nagot nagyon \
      naissance nama namaste namn nao nar nas nascimento nasz navn nawet nazwisko ne nebo necesito ned nein nej nel nella nem nemocnice \
      neni neu neue ngati ni nich nicht nichts nid nie niet niets nim nimi ning niz no noch noen nog nogen noget nogle noite nokre nom \
      nome non nos nosologico nossa nosso nostra nostro notaufnahme notre nous nr nu nuestra nuestro num numero nun nur nye ob objet \
      obrigada obrigado ocksa od oder odpowiedz oes of og oggetto oggi ogni ogsa ogsaa ohne oktober ola om omdat on ona onde onder one oni \
      ons onze ook op opp ora oraz ort os osakidetza ospedale oss otra otro ou oui over pa paa pacient paciente pacjent pacjentka pai \
      paivaa palun pan pani par para parce pas pasien pasient patient patiente patienten patientennummer patientin patsient pe pela pelo \
      pendant pentru per perche pero perque personne pesakit peu peut piu plus po pod pode podle poi poliklinik poliza poniewaz por porque \
      postovani posyandu potilas pour pourquoi pozdrawiam prego prenom prezada prezado prezados prima prosim prosze protocole protokol \
      protokoll protoze prynhawn przed przez przy puede pues puis puskesmas qual quale quand quando que quel quella quelle quello quem \
      querida querido questa questi questo qui quien quiero quoi radiologie raibh rechnung reembolso referencia rett rezept rien ringrazio \
      rowniez rujuk rwy s sa saa sairaala saludo saludos salut salutacions salutations saluti salve samme sammen samt sans sau saudacoes \
      sauf sayin schon se sea secretaria seg segun seguro seguros sehr sei seine seit seite selon selv sem sempre senhor senhora senora \
      senores senza ser sera ses seu shri si sich sie siempre sig signore signori sim sin sinceres sind sine sino sit sjukhus ska skad \
      skal skulle slan smt snart so sobre soit soll solo som son sondern sono sonst sont sopra sous soy soyad soyadi spital sra sras sres \
      srta ste stimata stimate sto stor strasse sua sudah suis sulla sunt suo sur sus sut sykehus szanowna szanowni szanowny szpital ta \
      tack tady tag tage tak takk taky takze taler tam tambem tambien tandis tanggal tant tanti tarde tardes tarikh te tego tej tel \
      telefon telefone telefono telp tem temu ten tengo tenho tere terveisin tesekkurler teudat tgl tiada tiene tienen til till tillbaka \
      tisztelt tjena to toda todas todo todos toi toma tomar tomo ton tot toujours tous tout toute toutes tra tres trop tu tutti tutto \
      twoj ty tych tylko u uber ud udvozlettel uit um uma umur un una unas und under une unidad uno unos uns unser unsere unter upp ur \
      urgencias urodzenia usted ut utan uvazhaemyy uw uz v va vad vagy vale vam van vanaf vandaag var vara vare vart vas vazena vazeny ve \
      ved veel veldig velmi venlig vennlig ver vers versichertennummer versicherung vervolgens veuillez vi via vid viel viele vielen vil \
      ville vind visita vitale vitalis vive voce voici voila volta vom von voor vor vores vorname vorrei vos vostra vostro votre voulez \
      vous vraag vriendelijke vsak w waar wann wanneer want war waren warum was wat we wedi wegen weil weiter wel welche welke wenn wer \
      werd werden whanau wie wiec wij wil willen wir wird witam wo wohnt woont worden wszystko wurde y ya yn yo yr z za zasto zawsze \
      zdravim ze zeby zeer zehut zeit zelf zi zich zij zijn ziua zobacz zonder zou zu zum zur zusammen zwei zwischen
      """)

  /// Languages that people ask an interpreter for, faiths and their feasts.
  private static let tongues = WordSet(
    words: """
      afrikaans amharic arabic baptist bengali buddhist burmese cantonese catholic cebuano chamorro chuukese dari diwali eid evangelical \
      farsi garifuna gujarati hanukkah hausa hebrew hindi hindu hmong igbo ilocano inuktitut jehovah jewish kanjobal kannada khmer \
      kinyarwanda kiswahili lakota lingala lutheran malayalam mandarin maori marathi marshallese methodist mixteco muslim nahuatl nepali \
      ojibwe oromo orthodox pashto pashtu passover pentecostal protestant punjabi quechua ramadan samoan shona sikh sinhala somali swahili \
      tagalog telugu tigrinya toishanese tongan twi urdu wolof xhosa yiddish yoruba zapotec zulu
      """)
}

/// Names of people that medicine has given to signs, diseases, operations and instruments: where one stands alone, nobody is meant.
enum Eponyms {
  /// Whether a word is an eponym that is seldom somebody's name in a note: it is one only with a title, a label or a given name.
  static func contains(_ word: Word) -> Bool { rare.contains(word.hash) }

  /// Whether a word is an eponym and a frequent family name: what stands behind it tells.
  static func isCommon(_ word: Word) -> Bool { common.contains(word.hash) }

  private static let rare = WordSet(
    words: """
      achilles adamkiewicz addenbrooke addenbrookes addis adie adson alagille albarran albright alcock aldrete alfieri allis alport \
      alvarado alzheimer alzheimers ambu amplatz amsler amussat angelman ann-arbor antopol apgar argyll argyll-robertson arnold-chiari \
      arruga arthus aschoff asherman ashman asperger auenbrugger auer auerbach auers auspitz austin-flint avellis ayerza ayre babcock \
      babinski babinskis bachmann bado baehr baerveldt bainbridge balfour-retractor balint balthazar bankart barre barre-lieou barrett \
      barretts barthel bartholin bartholins barts bartter basedow bassini batson baudelocque bazett bazin beau beckwith-wiedemann \
      becquerel behcet behcets beighton bellini bence-jones bentall bergmann bernard-soulier bezold bielschowsky bigelow bigliani billroth \
      binet biot birkett bishops bitot bjork-shiley blalock-taussig blatchford bleuler blom-singer blount blumberg boari bochdalek boerema \
      boerhaave bonferroni bonnano bonnet borg borrmann bosniak bouchard bourneville bouveret bovie bowie bozeman braak braden \
      braden-scale brandt-daroff bravais braxton breslow broca brodel brodie broselow brostrom broviac brown-sequard brudzinski brugada \
      bruner brunnstrom brushfield buckberg budd-chiari buerger bunnell burch burkitt burkitts cabot caffey cajal caldwell-luc calot \
      camper capgras capgrass caprini carabelli cardarelli carnett caroli carpentier-edwards carrel carrion casoni castleman celestin \
      chaddock chadwick chagas charcot charcot-leyden charcot-marie-tooth charnley chassaignac chediak-higashi cherney cheyne-stokes \
      chiari chikungunya child-pugh child-turcotte chopart churg-strauss chvostek clado clarke-hadfield claude-bernard clavien \
      clavien-dindo cloquet clutton cobb cockcroft-gault codman cogan colles conners conradi coombs coombss cormack-lehane cornelia \
      corrigan corti cotard cottle courvoisier couvelaire cowden cowper cowpers coxsackie credes creutzfeldt-jakob crigler-najjar crohn \
      crohns cronkhite-canada crookes cruveilhier csillag cullen cushing cushings czerny dakin dalrymple damus-kaye-stansel dandy-walker \
      danforth danis-weber darier darrach deaver debakey delorme denis-browne denonvilliers descemet desmarres devic dewees diels dietl \
      dieulafoy digeorge dix-hallpike dixhallpike dobhoff dohle donders doppler dopplers dormia doyle dressler dripps duane dubin-johnson \
      duchenne ducrey dupuytren dupuytrens duroziez ebola ebstein edinger-westphal ehlers-danlos ehrlich einthoven eisenmenger \
      eisenmengers eklund ellestad elsberg elschnig enneking epley epstein-barr epworth epworths erb erb-duchenne esmarch essex-lopresti \
      eustachian ewing fabry fallot fallots fanconi farabeuf fazekas felty fick finkelstein finochietto fitz-hugh fitz-hugh-curtis \
      fitzpatrick fleischner flesch flexner fogarty foley foleys folstein fontan fontana forestier fournier fourniers fowler-stephens \
      framingham freiberg frenkel frey fridericia friedewald friedreich frohlich froment frykman fuhrman galant galeazzi gallavardin \
      galli-mainini gamna-gandy ganser gartland gartner gaucher gelpi gensini ghon gianturco giemsa gigli gilchrist gillies \
      gimbernat girdlestone gitelman glasgow gleason glisson goldmann golgi goltz goodpasture goodpastures goodsall gorlin gottron \
      goutallier gowers graefe graham-steell gram grashey grawitz greenfield grey-turner gritti grocott groshong gubler guedel \
      guillain-barre gunther gustilo gustilo-anderson guyon haab hadlock hakim hallervorden-spatz hallpike halsted hamman hantaan hardinge \
      harris-benedict hartmann hartmanns hartnup hasford hashimoto hashimotos hassall hasson haversian hawkins-kennedy heaney heberden \
      heberdens hegar heimlich heineke-mikulicz heinz heinz-ehrlich heister heller hemashield henderson-hasselbalch hendra henle \
      henoch-schonlein hering hesselbach heubner hickman highmore higoumenakis hill-sachs hinchey hippocratic hirschberg hirschsprung \
      hitzig hodgkin hodgkins hoehn hoehn-yahr hoffa hoffmann hoffmanns hohl hohmann holter homans hopkinson horner horners hounsfield \
      howell-jolly howship hoyer huhner humby hunt-hess huntington huntingtons hurler hurthle ilizarov ishihara isshiki ivor-lewis jaccoud \
      jackson-pratt jacksonian jacoud jadassohn janeway jansky jarisch-herxheimer jebsen jeghers jelliffe jendrassik jobst jod-basedow \
      joffroy jolly judet judkins kapandji kaplan-meier kaposi kaposis karman karnofsky kartagener karydakis kasabach-merritt kasai \
      kashin-beck katayama kawasaki kayser-fleischer kearns-sayre kehr kellgren-lawrence kerley kernig kernigs kernohan kielland kienbock \
      killian killip kimmelstiel-wilson kirklin kirschner kjelland klatskin klinefelter klippel-feil klippel-trenaunay klumpke kniest \
      kocher kocherised kocherized koebner koplik korotkoff korsakoff kossel krabbe kraske krebs kreuscher krukenberg kugel kuhnt \
      kulchitsky kuntscher kupffer kurtzke kussmaul kveim lachman lachmann ladd laennec lafora lambert-eaton langenbeck langer langerhans \
      langhans lansky lapidus larrey lasegue lassa latarjet latarjets lauge-hansen laurence-moon leber leede lefort legg-calve-perthes \
      leigh lembert lemierre lenegre lennox-gastaut leopold lepore lequesne leriche lesch-nyhan lesser-trelat letournel levine lewy leydig \
      lhermitte li-fraumeni libman-sacks lichtenstein liddle lieberkuhn lindegaard lipschutz lisch lisfranc littre lobstein loeffler \
      loffler lovset lown ludwigs lugol lund-mackay luschka lyell lyme macewan macewen macintosh mackenrodt maddrey madelung maffucci \
      magendie magill maisonneuve malassez malgaigne mallampati mallory-weiss malpighi mantel-haenszel mantoux marburg marcus-gunn marfan \
      marfans marjolin marshall-marchetti martorell masaoka mauriceau-smellie-veit mazze mcburney mcburneys mccune-albright mcgrath \
      mcmurray mcmurrays mcroberts mcvay meckel meckels meibom meibomian meigs meissner melkersson-rosenthal mendelson meniere menieres \
      merkel metzenbaum meyerding meynert mikulicz millard-gubler miller-abbott millesi mirels mirizzi mitrofanoff mitsuda moberg mobitz \
      mohs moll mollaret monckeberg mondor monro monteggia morgagni moro morquio mortons mosteller munchausen musset myerson naegele \
      nagele nageotte neer nelaton nernst neviaser nicoladoni niemann-pick nikolsky nipah nissen nissl nitze noonan norwalk norwood-sano \
      nurick ober obturator oddi ogilvie ogilvies ollier omaya ommaya oppenheim ortner ortolani osgood-schlatter osler osler-weber-rendu \
      oslers osmond-clarke ossur oswestry outerbridge owren pacini paget pagets palacos palmaz palmaz-schatz pancoast paneth papanicolaou \
      papez pappenheimer paprosky parinaud parkinson parkinsonian parkinsons parkland parry-romberg parsonage-turner patau patey pauwels \
      pavlik pean pel-ebstein pelger-huet pellegrini-stieda penrose perthes petri peutz-jeghers peyer peyronie peyronies pezzer \
      pfannenstiel phalen phalens phemister pierre-robin pilat pinard pirogoff plummer-vinson polya pompe poncet ponseti poppen potain \
      pott poupart prader-willi prinzmetal prinzmetals prowazek prussak puestow pulvertaft purkinje queckenstedt quervain quetelet quincke \
      quinton ramsay-hunt ramstedt ranawat ranke ranvier rashkind rastelli raynaud raynauds recklinghausen reed-sternberg refsum reissner \
      reiter reiters renshaw retzius reye reynaud ricketts rickham riedel rieux riga-fede ringer ringers rinne riolan ripstein risdon \
      risser robertsonian rockall rokitansky rolando romano-ward romberg rombergs rorschach rosai-dorfman rosenthal-kloepfel ross-konno \
      rothmund rotor rouviere roux roux-en-y rovsing rovsings rubinstein-taybi ruedi-allgower ruffini rumack-matthew russell-silver rutkow \
      ruysch rydel sabouraud salter salter-harris samii sanfilippo sarnoff satinsky scarff scarpa scarpas scatchard schamroth schatzker \
      schatzki scheie scheuermann schick schirmer schlemm schmorl schober schuknecht schwann schwartz-jampel scopinaro seddon seidel \
      seinsheimer seldinger seldingers sellick semmes-weinstein semont sengstaken sengstaken-blakemore senning senning-mustard sequard \
      sertoli sever sezary sharpey shenton shirodkar shouldice shprintzen shwachman-diamond shy-drager siewert silfverskiold silverman \
      sindbis sinskey sipple sjogren sjogrens skene skenes slocum smillie smith-lemli-opitz smith-petersen snellen soave sokal \
      sokolow-lyon somogyi spaulding spearman spetzler-martin spigelian spurling spurlings stamey stargardt starr-edwards \
      steele-richardson stein-leventhal steinmann stener stensen stensens stevens-johnson stewart-treves stickler stills stokes-adams \
      stoppa strassmann stroop struempell struthers sturge-weber sudeck sugarbaker sugiura swan-ganz swank sweets swyer sydenham syme \
      symes takayasu takotsubo tanagho tarnier taussig taussig-bing tay-sachs tegner tenckhoff tenckhoffs tenon terry-thomas thayer-martin \
      thiersch tietze tinel tinels tinetti todaro toldt tonnis torg tossy toupet tourette tourettes towne toynbee traube treacher treitz \
      trelat trendelenburg tripier troisier trousseau trousseaus turcot tuttle tzanck tzank uhthoff unna valsalva vater vaughan-williams \
      veau veress veresss verocay vidian villaret vincents vineberg virchow virchow-robin virchows vogt vogt-koyanagi-harada vojta volhard \
      volkmann volkmanns vollmer waardenburg wada waldenstrom waldenstroms waldeyer waldeyers wallenberg wallerian warthin wassermann \
      waterhouse-friderichsen waterston watson-farley watson-jones watzke weaver-dunn weber-christian wechsler wegener wegeners \
      weibel-palade weil-felix weitlaner wenckebach werdnig-hoffmann wermer wernicke wernicke-korsakoff westergren westermark westley \
      westphal wexner whartons whipple whipples whiteside whitmore whitnall wiberg wickham widal wiedemann wilms wilsons winquist wirsung \
      wiskott-aldrich wolff-parkinson-white wolffian wood-lamp wormian wrisberg yankauer yasargil yergason zadek zadik zancolli zarit zeis \
      zeiss zelen zenker zenkers ziehl-neelsen zieve zika zinn zoll zollinger-ellison zollner
      """)

  private static let common = WordSet(
    words: """
      abbott adams addison albert allen allman anderson apley arnold ashworth baker bard barlow barr barton bateman bayley beck becker \
      bell bennett berg berger berry bishop bowen bowman boyce boyd braun bristol bristow brooke brown bruce brunner bruns bryant buck \
      burns burton caldwell campbell carter cherry child christmas clark clarke coats cole collins conn cooley cooper cope cornell cotton \
      cox crawford cummins cyriax davis dean denver dick douglas down drake duckett duke dukes duran edwards ellis evans fisher fletcher \
      fontaine forrest fowler fraser freud frost fuchs galloway gamble garden gardner geneva gibson gilbert glenn gold gordon graham \
      graves gray grey griffith griffiths guerin gunn guthrie hageman hall hamilton hansen hardy harrington harris hawkins hayes heath \
      henderson henry herbert hess hicks hill hirsch hodges hodgson hoffman hood hoover hopkins howard howell hunt hunter hutchinson \
      hutchison jackson jacobson jaeger james jones jordan katz keith kelly kennedy kessler king kirk kleinert knight koch krause kruger \
      lachs lambert lane larsen lawrence lawson lawton lee leonard lewis lister lloyd logan louis lund lynch macdonald maddox mallory \
      manning marchand marsh marshall martin mason masson matthews mayfield mayo mcgill mckeown mendel miller mitchell montgomery moore \
      morgan morris morse morton muller munro murphy murray mustard nash nelson newman newton noble norton oliver osborn osborne owen \
      palmer parker parrot pearson pemberton petit pick pierce poland poole porter portland potter pratt price prichard pringle quick \
      ramsay ranson ray reed reid rey reynolds richards richter ritchie ritter robinson rockwood rogers romana rose rosen rosenthal ross \
      roth rush russell rutherford sanders santorini saunders schilling schmidt scott shapiro sharp shaw sheehan shepherd simmonds simmons \
      simon simpson sims singleton smith snyder spencer sorensen spitz stark starling steel sternberg stevens stewart stokes strong sutton swan \
      swanson sweet tanner taylor thomas thompson thomson todd townsend tucker turner vincent wagner walker wallace walsh walther ward \
      warren watson weber webster weil wells werner west wharton whitaker white whitehead wilkins williams willis wilson winter winters \
      wolff wong wood woods wright wyatt york young
      """)
}

/// Names of people that medicine has given to signs, diseases, operations and instruments: where one stands alone, nobody is meant.
enum Eponyms {
  /// Whether a word is an eponym that is seldom somebody's name in a note: it is one only with a title, a label or a given name.
  static func contains(_ word: Word) -> Bool { rare.contains(word.hash) }

  /// Whether a word is an eponym and a frequent family name: what stands behind it tells.
  static func isCommon(_ word: Word) -> Bool { common.contains(word.hash) }

  private static let rare = WordSet(
    words: """
      achilles adamkiewicz addenbrooke addenbrookes addis adie adson aieop alagille albarran albright alcock aldrete alfieri allis \
      alport alvarado alzheimer alzheimers ambu amplatz amsler amussat angelman ann-arbor antopol apert apfel apgar argyll \
      argyll-robertson arlt arnold-chiari arruga arthus aschoff asherman ashman askling asperger assmann astym auenbrugger auer auerbach \
      auers auspitz austin-flint avellis ayerza ayre baastrup babcock babinski babinskis bachmann bado baehr baerveldt bagolini \
      bainbridge balfour balfour-retractor balint ballance balthazar bankart barbeau bard-parker barlow-ortolani barre barre-lieou \
      barrett barretts barthel bartholin bartholins barts bartter basedow bassini batson baudelocque bazett bazin beau \
      beckwith-wiedemann becquerel behcet behcets beighton bellini bence-jones benedikt benjamini-hochberg bentall bergmann \
      bernard-soulier bertolotti bethesda bezold bickerstaff bielschowsky bigelow bigliani billroth binet binswanger biot birkett \
      bishops bismuth-corlette bitot bjork-shiley blackfan blalock-taussig bland-altman blatchford bleuler blom-singer bloodgood \
      bloom-richardson blount blumberg boari bobath bochdalek boerema boerhaave bohr bonferroni bonnano bonnet bookwalter borg bornholm \
      borrmann bosniak boston-naming bouchard bourneville bouveret bovie bowie bozeman braak braden braden-scale brandt-andrews \
      brandt-daroff bravais braxton braxton-hicks brescia breslow broca brockenbrough brodel brodie brodmann bromage broselow brostrom \
      broviac brown-adson brown-sequard bruch brudzinski brugada bruner brunnstrom brushfield buckberg budd-chiari buerger bunnell burch \
      burkitt burkitts cabot caffey cajal caldwell-luc calot camper cantlie capgras capgrass caprini carabelli cardarelli carnett caroli \
      carpentier-edwards carrel carrion casoni castleman castroviejo celestin chaddock chadwick chagas champy charcot charcot-bouchard \
      charcot-leyden charcot-marie-tooth charlson charnley chassaignac chediak-higashi cherney cheyne-stokes chiari chido chikungunya \
      child-pugh child-turcotte chopart churg-strauss chvostek cimino clado clarke-hadfield claude-bernard clavien clavien-dindo cloquet \
      clutton cobb cockcroft cockcroft-gault codman cogan colles conners conradi coombs coombss cormack-lehane cornelia corrigan corti \
      cotard cottle couinaud councilman courvoisier couvelaire cowden cowper cowpers coxsackie cozen cozens credes creutzfeldt \
      creutzfeldt-jakob crigler-najjar crohn crohns cronkhite-canada crookes crouzon cruveilhier csillag cullen cusco cushing cushings \
      czerny dakin dalrymple damus-kaye-stansel dandy-walker danforth danis-weber darier darrach daubert dawson-fingers deaver debakey \
      dejerine dejerine-roussy delorme denis-browne denonvilliers descemet desmarres devic dewees diamond-blackfan diels dietl dieulafoy \
      digeorge dix-hallpike dixhallpike dobhoff dohle donders doppler dopplers dormia doyle drance dravet dressler dripps duane \
      dubin-johnson dubowitz duchenne ducrey dunnett dupuytren dupuytrens duret duroziez eales ebola ebstein edinger-westphal edmonton \
      ehlers-danlos ehrlich eichenholtz einthoven eisenmenger eisenmengers ekbom eklund eleveld elixhauser ellestad elsberg elschnig \
      empty-can enneking epley epstein-barr epstein-pearl epworth epworths erb erb-duchenne eschmann esmarch essex-lopresti eustachian \
      ewart ewing fabry fagerstrom fallot fallots fanconi farabeuf fazekas fellegi-sunter felty fick finkelstein finochietto fitz-hugh \
      fitz-hugh-curtis fitzpatrick fleischer fleischner flesch fletcher-suit-delclos flexner fogarty foley foleys folstein fontan \
      fontana forchheimer fordyce forestier fournier fourniers foville fowler-stephens framingham frank-starling frankl freer fregoli \
      freiberg frenkel frey fridericia friedewald friedreich frohlich froment frykman fugl-meyer fuhrman gaenslen gaffky galant galeazzi \
      gallavardin galli-mainini gamna-gandy ganser gartland gartner gaucher gelpi gensini gerota gerstmann ghon gianturco giemsa gigli \
      gilchrist gillies gimbernat girdlestone gitelman glaister glanzmann glasgow glasgow-blatchford gleason glisson glogau goldenhar \
      goldmann golgi goligher goltz goodpasture goodpastures goodsall gorlin gorski gottron goutallier gowers gracey graefe \
      graham-steell gram grashey graston grawitz greenfield grey-turner gritti grocott groshong gubler guedel guillain-barre gunther \
      gustilo gustilo-anderson guyon haab hadlock hagen-poiseuille haggitt hakim haldane hallervorden-spatz hallpike halsted hamman \
      hammersmith hantaan hardinge harris-benedict hartmann hartmanns hartnup hasford hashimoto hashimotos hassall hasson haversian \
      hawkins-kennedy hazelbaker heaney heberden heberdens hegar heimlich heineke-mikulicz heinz heinz-ehrlich heister heller hemashield \
      henderson-hasselbalch hendra hendrich henle henoch-schonlein henssge hering hesselbach heubner hickam hickman highmore \
      higoumenakis hill-sachs hinchey hippocratic hirano hirschberg hirschsprung hitzig hodgkin hodgkins hoehn hoehn-yahr hoffa hoffmann \
      hoffmanns hohl hohmann holliday-segar holter homans hopkinson hornblower horner horners hosmer-lemeshow hounsfield howell-jolly \
      howship howship-romberg hoyer hueston huhner humby hunt-hess huntington huntingtons hurler hurthle hutchinson-gilford ikari \
      ilizarov ishak ishihara isshiki ivemark ivor-lewis jaccoud jackson-pratt jackson-rees jacksonian jacoud jadassohn janeway jansky \
      jarisch-herxheimer jaro-winkler jatene jebsen jeghers jelliffe jendrassik jobst jod-basedow joel-cohen joffroy jolly josephson \
      judet judkins kaltenborn kapandji kaplan-meier kaposi kaposis karman karnofsky kartagener karydakis kasabach-merritt kasai \
      kashin-beck kastle-meyer katayama kawasaki kayser-fleischer kearns-sayre kehr kellgren-lawrence kerley kernig kernigs kernohan \
      khorana kielland kienbock killian killip kimmelstiel-wilson kirklin kirschner kjelland klatskin kleihauer kleihauer-betke \
      klinefelter klippel-feil klippel-trenaunay klumpke kluver-bucy kniest knodell kocher kocher-langenbeck kocherised kocherized \
      koebner kolmogorov-smirnov konno koplik korotkoff korsakoff kossel kotlow koyanagi krabbe kraske krebs kreuscher krimsky \
      krukenberg kruskal-wallis kudo kugel kuhnt kulchitsky kuntscher kupffer kurtzke kussmaul kveim lachman lachmann ladd laennec \
      laerdal lafora lahey lambert-eaton lambl landau-kleffner landolt langenbeck langer langerhans langhans lansky lapidus larrey \
      lasegue lassa latarjet latarjets lauge-hansen laurence-moon le-fort leber leede lefort legg-calve-perthes leigh lembert lemierre \
      lenegre lennox-gastaut leopold lepore lequesne leriche lesch-nyhan lesser-trelat letournel letulle levenshtein levey-jennings \
      levine lewy leydig lhermitte li-fraumeni libman-sacks lichtenstein liddle lieberkuhn lindegaard linehan lipschutz lisch lisfranc \
      littre lobstein loeffler loeys-dietz loffler lovset lowenstein lowenstein-jensen lown lown-ganong-levine ludwigs lugol \
      lund-browder lund-mackay luschka lyell lyme macewan macewen macintosh mackenrodt maddocks maddrey madelung maffucci magendie \
      magill mahaim maisonneuve malassez malgaigne mallampati mallory-weiss malpighi mann-whitney mantel-haenszel mantoux mapleson \
      marburg marcus-gunn marfan marfans marjolin marshall-marchetti martorell masaoka maudsley mauriceau-smellie-veit mazze mcburney \
      mcburneys mccune-albright mcglamry mcgrath mcmurray mcmurrays mcroberts mcvay meckel meckels meggitt meibom meibomian meigs \
      meissner melkersson-rosenthal mendelson meniere menieres merkel metavir metzenbaum meyerding meynert mikulicz millard-gubler \
      miller-abbott miller-fisher millesi milligan-morgan minto mirels mirizzi misgav-ladach mitrofanoff mitsuda moberg mobitz mohs moll \
      mollaret monckeberg mondor monro monteggia montgomery-asberg morgagni morison moro morquio mortons mosteller munchausen murphys \
      musset myerson nabothian naegele nagele nageotte neer negri nelaton nernst neviaser neville-barnes nicoladoni niemann-pick \
      nikolsky nipah nirschl nissen nissl nitze noonan norwalk norwood-sano nurick ober obturator occam oddi ogilvie ogilvies ollier \
      omaya ommaya oppenheim oroya ortner ortolani osgood-schlatter osler osler-weber-rendu oslers osmond-clarke ossur oswestry \
      outerbridge owren pacini paddick paget pagets palacos palmaz palmaz-schatz paltauf pancoast paneth papanicolaou papez pappenheimer \
      paprosky parinaud parkinson parkinsonian parkinsons parkland parry-romberg parsonage-turner patau patey pauwels pavlik pean \
      pel-ebstein pelger-huet pellegrini-stieda penrose percheron perthes petri peutz-jeghers peyer peyronie peyronies pezzer \
      pfannenstiel phalen phalens phemister piaget pierre-robin pilat pinard pirogoff plummer-vinson polya pomeroy pompe poncet ponseti \
      poppen potain pott potts-smith poupart prader-willi pringle-maneuver prinzmetal prinzmetals prochaska prowazek prussak puestow \
      pulvertaft puppe puppes purkinje purtscher queckenstedt quervain quetelet quincke quinton raeder ragnell ramsay-hunt ramstedt \
      ranawat ranke ranvier rashkind rastelli raynaud raynauds recklinghausen reed-sternberg refsum reissner reiter reiters renshaw rett \
      retzius reye reynaud ribbing ricketts rickham riedel rienhoff rieux riga-fede rigler ringer ringers rinne riolan ripstein risdon \
      risser rivero-carvallo robertsonian rockall rokitansky rolando romano-ward romberg rombergs romhilt-estes rorschach rosai-dorfman \
      rosenbek rosenthal-kloepfel ross-konno rothmund rotor rouviere roux roux-en-y rovsing rovsings rubinstein-taybi ruedi-allgower \
      ruffini rumack-matthew russell-silver rutkow ruysch rydel sabouraud saegesser salter salter-harris samii sampaolesi sanfilippo \
      sarnoff satinsky scarff scarpa scarpas scatchard schamroth schatzker schatzki scheie scheuermann schick schimmelbusch schiotz \
      schirmer schlemm schmorl schneiderian schnider schober schoenfeld schuknecht schuller schwabach schwalbe schwann schwartz-jampel \
      scopinaro scribner seddon segond seidel seinsheimer seldinger seldingers sellick semmes-weinstein semont sengstaken \
      sengstaken-blakemore senn senning senning-mustard sequard sertoli sever sezary sgarbossa shapiro-wilk sharpey shenton shirodkar \
      shouldice shprintzen shwachman-diamond shy-drager siewert silfverskiold silverman simpson-angus sindbis sinskey sipple \
      sister-mary-joseph sjogren sjogrens skene skenes slocum smillie smith-lemli-opitz smith-petersen snellen soave sokal sokolow-lyon \
      somogyi sones spalding spaulding spearman spetzler-martin spigelian spitzer sprotte spurling spurlings stamey stargardt \
      starr-edwards stauffer steele-richardson steell stein-leventhal steinmann stener stensen stensens stensons stenvers \
      stevens-johnson stewart-treves stickler stills stokes-adams stoppa strasberg strassmann stroop struempell struthers sturge-weber \
      sudeck sugarbaker sugiura susac swan-ganz swank sweets swyer sydenham syed syme symes takayasu takotsubo tanagho tarasoff tarnier \
      taussig taussig-bing tay-sachs tegner tenckhoff tenckhoffs tenon terry-thomas terson thayer-martin thiersch thomas-splint \
      thompson-walker tietze tietzes tinel tinels tinetti titmus todani todaro toldt tolosa-hunt tonnis torg tossy touhy-borst toupet \
      tourette tourettes towne toynbee traube treacher treacher-collins treitz trelat trendelenburg tripier troisier trousseau \
      trousseaus truelove-witts tukey tuohy tuohy-borst turcot tuttle tzanck tzank uhthoff unna unterberger valsalva vannas vater \
      vaughan-williams veau venturi veress veresss verocay vidian villaret vincents vineberg vineland virchow virchow-robin virchows \
      vogt vogt-koyanagi-harada vojta volhard volkmann volkmanns vollmer waardenburg wada waddell waldenstrom waldenstroms waldeyer \
      waldeyers wallenberg wallerian wartenberg warthin wassermann waterhouse-friderichsen waterlow waterston watson-farley watson-jones \
      watzke watzke-allen weaver-dunn weber-christian wechsler wegener wegeners weibel-palade weil-felix weingarten weitlaner wellens \
      wenckebach werdnig-hoffmann wermer wernicke wernicke-korsakoff westcott westergren westermark westgard westley westphal wexner \
      whartons whipple whipples whitacre whiteside whitmore whitnall wiberg wickham widal widmark wiedemann wilcoxon willebrand wilms \
      wilsons winquist wirsung wiskott-aldrich wolff-parkinson-white wolffian wood-lamp wormian wrigley wrisberg yacoub yahr yankauer \
      yasargil yergason youden zadek zadik zancolli zarit zavanelli zeis zeiss zelen zenker zenkers ziehl-neelsen zieve zika zinn zoll \
      zollinger-ellison zollner zung
      """)

  private static let common = WordSet(
    words: """
      abbott adams addison ahmed akers akin albert allen allman altman anderson anton apley armstrong arndt arnold ashworth austin \
      bailey bain baker ballard bard barlow barnes barr barton bass bateman bates batten baxter bayley beck becker bell benedict bennett \
      berek berg berger berry biomet bishop bowen bowman boyce boyd bragg braun bristol bristow brooke brown bruce brunner bruns bryant \
      buck burns burton caldwell calvert campbell caplan carter cartwright casper charles cherry child christmas clark clarke claude \
      coats cohen cole collins colton compton conn cooley cooper cope cormack cornell costello cotton cox craig crawford cummins cyriax \
      daisy davis dawson dean dent denver depuy dick diego dix dorfman douglas down drake duckett duffy duke dukes duran dwyer edwards \
      ellis elsevier ely evans faber fisher fletcher flint florence fontaine forrest forrester fowler fraser frazier freud frost frye \
      fuchs galen galloway gamble ganong garden gardner gaskin geneva gibson gilbert gillet glenn gold gordon graham grant graves gray \
      grey griffith griffiths guerin gunn guthrie guyton hageman hall hamilton hampton hansen hardy hare harrell harrington harris \
      harrison hawkins hayes heath henderson henry herbert hess hicks hill hirsch hodges hodgson hoffman holm hood hoover hopkins howard \
      howell hughes hunt hunter hurley hutchinson hutchison jackson jacobson jaeger jamar james jennings jones jordan kaplan kappel katz \
      katzung keith kell keller kelly kemp kendall kendrick kennedy kent kerr kessler kidd king kirk kleinert knight koch kohn krause \
      kruger kyphon lachs lambert lancaster lane lang larsen larson lawrence lawson lawton lee leonard lev levey lewis lippincott lister \
      lloyd logan louis love lugano lund luque lynch macdonald maddox maitland mallory manning marchand marsh marshall martin mason \
      masson matthews mayfield mayo mcconnell mcgill mckenzie mckeown meier mendel menkes mercer metz miller miranda mitchell moe \
      montgomery moore morgan morris morse morton mosby muller mulligan munro murphy murray mustard naranjo nash nelson nephew netter \
      newman newton noble norton norwood novak oliver osborn osborne owen palmer park parker parrot pearson pemberton perkins petit pick \
      pierce plummer poland poole porter portland potter potts pratt price prichard pringle quick quintero rai ramsay ranson ray reed \
      reid rey reynolds rich richards richter ritchie ritter robbins robinson rockwood rodgers rogers romana rosai rose rosen rosenthal \
      ross roth rubin rush russell rutherford sabiston sager sanders sanford santorini saunders schilling schmidt schwartz scott shaffer \
      shapiro sharp shaw sheehan shepherd simmonds simmons simon simpson sims singleton smith snow snyder sorensen spencer spitz \
      stanford stark starling steel steele sternberg stevens stewart still stokes strong student sutton swan swanson sweet tanner taylor \
      thomas thompson thomson todd townsend tucker tukey turner vincent wagner walker wallace walsh walther ward warren watson weber \
      webster weil wells werner west weston wharton whitaker white whitehead wilkie wilkins williams willis wilson winter winters wolff \
      wong wood woods worth wright wyatt yates york young zimmer
      """)
}

/// Names of people that medicine has given to signs, diseases, operations and instruments: where one stands alone, nobody is meant.
enum Eponyms {
  /// Whether a word is an eponym that is seldom somebody's name in a note: it is one only with a title, a label or a given name.
  static func contains(_ word: Word) -> Bool { rare.contains(word.hash) }

  /// Whether a word is an eponym and a frequent family name: what stands behind it tells.
  static func isCommon(_ word: Word) -> Bool { common.contains(word.hash) }

  /// Whether a word is a town after which a scale, a consensus or a strain is called.
  static func isTown(_ word: Word) -> Bool { towns.contains(word.hash) }

  private static let rare = WordSet(
    words: """
      abrikossoff achard-thiers achilles adamkiewicz addenbrooke addenbrookes addis adie adson adson-brown aieop aintree alagille \
      albarran albright alcock aldrete alfieri alinity allen-brown alport alstrom alvarado alzheimer alzheimers ambu amplatz amsler \
      amussat angelman angio-seal angioseal ann-arbor antopol apert apfel apgar aquablation argyll argyll-robertson arlt arnold-chiari \
      arruga arthus asboe-hansen aschoff asherman ashman askling asperger assmann astym auenbrugger auer auerbach auers auspitz \
      austin-flint avellis ayerza ayre baastrup babcock babinski babinskis bachmann bactec bado baehr baerveldt bagolini bainbridge \
      bakes balfour balfour-retractor balint balkan ballance balthazar bankart bannayan bard-parker barlow-ortolani barre barre-lieou \
      barrett barretts barthel bartholin bartholins barts bartter basedow bassini batson baudelocque bazett bazin beau becker-muscular \
      beckwith-wiedemann becquerel behcet behcets behring beighton bellini bence-jones benedikt benjamini-hochberg bentall bergmann \
      bernard-soulier bertolotti bethesda bezold bezold-jarisch bickerstaff bielschowsky bigelow bigliani billroth binet binswanger \
      bioness biot birkett birt-hogg-dube bishops bismuth-corlette bitot bjork-shiley blackfan blalock-taussig bland-altman blaschko \
      blaskovics blatchford bleuler bloch-sulzberger blom-singer bloodgood bloom-richardson blount blumberg boari bobath bochdalek \
      boerema boerhaave bohr bonferroni bonnano bonnet bookwalter borg bornholm borrmann bosniak boston-naming bouchard bourneville \
      bourneville-pringle bouveret bovie bowden-hale bowie bozeman braak braden braden-scale brandt-andrews brandt-daroff bravais \
      braxton braxton-hicks brescia breslow broca brockenbrough brodel broders brodie brodmann bromage broselow broselow-luten brostrom \
      broviac brown-adson brown-sequard brudzinski brugada bruner brunnstrom brushfield buckberg budd-chiari budin buerger bunnell \
      bunyavirus burch burkholderia burkitt burkitts cabot caffey cajal caldwell-luc calot calve camper cantlie capgras capgrass caprini \
      carabelli cardarelli carey-coombs carhart carnett caroli carpentier-edwards carrel carrion casoni castleman castroviejo celestin \
      chaddock chadwick chagas champy charcot charcot-bouchard charcot-leyden charcot-marie-tooth charnley chassaignac chaussier cheatle \
      chediak chediak-higashi cherney cheyne-stokes chiari chiari-frommel chido chikungunya child-pugh child-turcotte \
      child-turcotte-pugh chopart chorley churg-strauss chvostek chvostek-weiss cimino clado clarke-hadfield claude-bernard \
      claude-lorrain clavien clavien-dindo cloquet clostridioides clutton cobb cockcroft cockcroft-gault codman coffin-lowry \
      coffin-siris cogan colles conners conradi contin coombs coombss cormack-lehane cornelia corrigan corti cortland cosman cotard \
      cottle couinaud councilman courvoisier couvelaire cowden cowdry cowper cowpers coxsackie cozen cozens crafoord crede credes \
      creutzfeldt creutzfeldt-jakob crigler-najjar crile crohn crohns cronkhite-canada crookes crouzon crozat cruveilhier csillag cullen \
      curschmann cusco cushing cushings czermak czerny dacie dakin dalrymple damus-kaye-stansel dandy-walker danforth danis-weber danlos \
      darier darrach dartmouth-coop daubenton daubert dawbarn dawson-fingers de-quervain de-winter deaver debakey dejerine \
      dejerine-klumpke dejerine-roussy dejerine-sottas delorme denis-browne denonvilliers dercum descemet desmarre desmarres devergie \
      devic dewees diamond-blackfan diels dietl dieulafoy digeorge dix-hallpike dixhallpike dobhoff dohle donders doppler dopplers \
      dorello dormia draeger-apollo drance drash dravet dressler dripps duane dubin-johnson dubowitz duchenne ducor ducrey duke-elder \
      dunnett dupuytren dupuytrens duret durkan duroziez eales eastern-cooperative eberth ebola ebstein eckmann edinger-westphal \
      edmonton ehlers-danlos ehrlich ehrlichia eichenholtz eikenella einthoven eisenmenger eisenmengers ekbom eklund eleveld elixhauser \
      ellestad elsberg elschnig empty-can endurity enneking entamoeba epley epstein-barr epstein-pearl epworth epworths erasmus erb \
      erb-duchenne erdheim-chester erichsen eschmann esmarch essex-lopresti eustachian ewing fabry fagerstrom faget fallot fallots \
      fanconi farabeuf farapulse farre favre-racouchot fazekas fazio-londe feiss feldenkrais fellegi-sunter felty ferguson-smith ferrein \
      fiberwire fick fidelis finkelstein finochietto fitz-hugh fitz-hugh-curtis fitzpatrick fleischer fleischner flesch \
      fletcher-suit-delclos flexner flynn-aird fobi fogarty foley foleys folin folstein fontan fontana forchheimer forestier \
      forschheimer fournier fourniers foville fowler-stephens fraenkel framingham frank-starling frankl fregoli freiberg frenkel frey \
      fridericia friedewald friedreich frohlich froin froment froriep frykman fugl-meyer fuhrman gadavist gaenslen gaffky galant galassi \
      galeati galeazzi gallavardin galli-mainini gamgee gamna-gandy ganser garré gartland gartner gaucher gelineau gelpi gensini gerbode \
      gerdy gerota gerstmann gerstmann-straussler-scheinker ghon giannotti-crosti gianotti gianturco giemsa gigli gilchrist gillies \
      gimbernat girdlestone girdner gitelman glaister glanzmann glasgow glasgow-blatchford gleason glidescope glidesheath glisson glogau \
      goeckerman goldenhar goldmann goldthwait golgi goligher goltz gonda goodpasture goodpastures goodsall gorlin gottron goutallier \
      gowers gracey gradenigo graefe graham-steell gram grancher grashey graston grawitz greenfield grey-turner griesinger grisel gritti \
      grocco grocott groshong grynfelt gubler guedel guedel-airway guibor guillain-barre gull gunther gustilo gustilo-anderson guyon \
      haab hadlock hagen-poiseuille haggitt hailey-hailey hakim haldane hallervorden-spatz hallpike halstead-reitan halsted hamman \
      hand-schuller-christian hantaan hardinge harington harris-benedict hartel hartmann hartmanns hartnup hasford hashimoto hashimotos \
      hasner hassall hasson haversian hawkins-kennedy hazelbaker heaney heberden heberdens hegar heimlich heineke-mikulicz heinz \
      heinz-ehrlich heister hemabate hemashield hench henderson-hasselbalch hendra hendrich henle henoch henoch-schonlein henssge hering \
      herxheimer heschl hesselbach heubner hickam hickman highmore higoumenakis hill-sachs hinchey hippel hippocratic hirano hirschberg \
      hirschsprung hirtz hitzig hodgkin hodgkins hoehn hoehn-yahr hoffa hoffmann hoffmanns hohl hohmann holliday-segar holter homans \
      hopkinson hopmann hornblower horner horners hosmer-lemeshow hounsfield howell-jolly howship howship-romberg hoyer hueston \
      hughlings huhner humby hummelsheim hunt-hess huntington huntingtons hurler hurthle hutchinson-gilford hymovich ikari ilizarov \
      iluvien inogen ishak ishihara isshiki ivemark ivor-lewis jaccard jaccoud jackson-pratt jackson-rees jacksonian jacoud jadassohn \
      janeway jansky jantoven jarisch-herxheimer jaro-winkler jarvik jatene jebsen jeghers jelliffe jendrassik jessner jirasek jobst \
      jod-basedow joel-cohen joffroy jolly josephson judet judkins kaltenborn kanavel kapandji kaplan-meier kaposi kaposis karman \
      karnofsky kartagener karydakis kasabach kasabach-merritt kasai kashin-beck kastle-meyer katayama kawasaki kayser-fleischer \
      kearns-sayre kehr kelley-seegmiller kellgren-lawrence kerley kernig kernigs kernohan kerrison kestenbaum khorana kidner kielland \
      kienbock kikuchi killian killip kimmelstiel-wilson kirklin kirschner kjelland klatskin kleihauer kleihauer-betke kleine-levin \
      klinefelter klippel-feil klippel-trenaunay klumke klumpke kluver-bucy kniest knodell knutsson kocher kocher-langenbeck kocherised \
      kocherized koebner kollmann kolmogorov-smirnov konno koplik korotkoff korsakoff kossel kostmann kotlow koyanagi krabbe kraske \
      krebs kreuscher krimsky krukenberg kruskal-wallis kudo kufs kugel kugelberg-welander kuhnt kulchitsky kummell kuntscher kupffer \
      kurtzke kussmaul kveim kwashiorkor kyrle laband lachman lachmann ladd laennec laerdal lafora lahey lambert-eaton lambl \
      landau-kleffner landolt landouzy-dejerine langenbeck langer langerhans langhans lansky lapidus laron larrey lasegue lassa latarjet \
      latarjets lauge-hansen laurell laurence-moon le-fort leber leede lefort lefort-i legg-calve-perthes leica leigh lembert lemierre \
      lempert lenegre lenke lennox-gastaut leopold lepore lequesne leriche lesch-nyhan lesser-trelat letournel letulle levenshtein \
      levey-jennings levine lewy leydig lhermitte li-fraumeni liat libman-sacks lichtenstein liddle lieberkuhn lightwood lindegaard \
      lipschutz lisch lisch-nodule lisfranc littre lobstein loeffler loeys-dietz loffler lorain lotheissen louis-bar louvel lovset \
      lowenstein lowenstein-jensen lown lown-ganong-levine luc-caldwell ludwigs lugol lukes-collins lund-browder lund-mackay luschka \
      lutembacher lyell lyme macewan macewen machado-joseph macintosh mackenrodt maddocks maddrey madelung maffucci magendie magill \
      mahaim maisonneuve malassez malgaigne malherbe mallampati mallampatti mallory-weiss malpighi mandl mann-whitney mansonella \
      mantel-haenszel mantoux mapleson marburg marcus-gunn marfan marfans marjolin maroteaux-lamy marshall-marchetti martius martorell \
      masaoka masaoka-koga masterka maudsley mauriac mauriceau-smellie-veit mayer-rokitansky mayo-robson mazze mcburney mcburneys \
      mccune-albright mcginn-white mcglamry mcgrath mckusick mcmurray mcmurrays mcroberts mcvay meckel meckels medihoney meggitt meibom \
      meibomian meigs meissner melkersson melkersson-rosenthal mendelson menghini meniere menieres merendino merkel metavir metzenbaum \
      meyerding meynert michaelis-gutmann mikulicz millard-gubler miller-abbott miller-fisher millesi milligan-morgan milroy minkowski \
      minto mirels mirizzi misgav-ladach mitrofanoff mitsuda moberg mobitz moebius mohs moll mollaret monckeberg mondor monro monteggia \
      montgomery-asberg morel-lavallee morgagni morganella morison moro morquio mortons mosteller moyamoya muehrcke \
      mulligan-mobilisation munchausen munro-kerr murphys musset myerson nabothian nadbath naegele nagele nageotte nager neer negri \
      nelaton neopuff nernst neviaser neville-barnes nevro nicoladoni niemann-pick nikolsky nipah nirschl nissen nissen-fundoplication \
      nissl nitze noonan norwalk norwood-sano nottingham-prognostic nuck nurick oata ober obersteiner obturator occam oddi \
      oddi-sphincter odland ogilvie ogilvies ogston ohtahara ollier omaya omenn ommaya ondine oppenheim optiflux optovue oroya ortner \
      ortolani ortolani-barlow osgood-schlatter osler osler-weber-rendu oslers osmond-clarke ossur oswestry oura outerbridge owens-cells \
      owren pachon pacini paddick paget pagets palacos palmaz palmaz-schatz paltauf pancoast paneth papanicolaou papez pappenheimer \
      paprosky parinaud parkes-weber parkinson parkinsonian parkinsons parkland parry-romberg parsonage-turner pascal-ace patau patey \
      pauwels pavlik pean pearson-marrow pel-ebstein pelger-huet pellegrini-stieda pendred penrose percheron perls permobil perthes \
      petri peutz-jeghers peyer peyronie peyronies pezzer pfannenstiel phadia phalen phalens phemister phonak piaget pierre-marie \
      pierre-robin pilat pinard pirogoff plummer-vinson poiseuille polya pomeroy pompe poncet ponseti poppen porot potain pott \
      potts-smith pouchet poupart prader-willi prausnitz pringle-maneuver prinzmetal prinzmetals prowazek prussak puestow pulfrich \
      pulvertaft puppe puppes purewick purkinje purtscher queckenstedt quenu quervain quetelet quincke quinton raeder ragnell \
      ramsay-hunt ramstedt ranawat ranke ranvier rashkind rastelli raynaud raynauds recklinghausen reed-sternberg refsum reissner reiter \
      reiters rendu-osler renshaw retcam rett retzius reye reynaud ribbing ricketts rickham riedel rienhoff rieux riga-fede riggs-type \
      rigler riley-day ringer ringers rinne riolan ripstein risdon risser rivermead rivero-carvallo robertsonian rockall roho rokitansky \
      rolando romano-ward rombergs romhilt-estes rorschach rosai-dorfman rosenbek rosenthal-kloepfel ross-konno rosving rothia rothmund \
      rothmund-thomson rotor roussy-levy rouviere roux roux-en-y rovsing rovsings rubinstein-taybi ruedi-allgower ruffini rumack-matthew \
      russell-silver rutkow ruysch rydel ryle sabouraud saebo saegesser saethre-chotzen sahli salkowski salter salter-harris salus samii \
      sampaolesi sandhoff sanfilippo sanger-brown sarnoff satinsky scarff scarpa scarpas scatchard schamberg schamroth schatzker \
      schatzki scheie scheimpflug scheuermann schick schimmelbusch schiotz schirmer schlemm schmorl schneiderian schnider schnitzler \
      schober schoenfeld schonlein schuknecht schuller schwabach schwann schwartz-jampel scopinaro scribner seddon segond seidel \
      seinsheimer seldinger seldingers selivanoff sellick semmes-weinstein semont sengstaken sengstaken-blakemore senning \
      senning-mustard sequard serratia sertoli sever sezary sgarbossa shaffer-grade shapiro-wilk sharpey shenton shigella shirodkar \
      shouldice shprintzen shwachman-diamond shy-drager siemerling siewert sigualt silesian silfverskiold silverman simmond \
      simpson-angus sindbis sinskey sipple sister-mary-joseph sjogren sjogrens skene skenes skyra slocum smead-jones smillie \
      smith-lemli-opitz smith-petersen smith-robinson sneddon sneddon-wilkinson snellen soave sofield sokal sokolow-lyon somogyi sones \
      sorbie spalding spearman spetzler-martin spigelian spigelman spitzer sprengel sprotte spurling spurlings stamey stargardt \
      starr-edwards stauffer steele-richardson steell stein-leventhal steinmann stellwag stener stensen stensens stensons stenver \
      stenvers stevens-johnson stewart-treves stickler stieda stierlin stilling stills stokes-adams stoppa strasberg strassmann stroop \
      struempell strumpell struthers sturge-weber sudeck sugarbaker sugiura sulkowitch susac swan-ganz swank sweets swyer sydenham \
      sylvius syme symes syntometrine takayasu takotsubo tanagho tarasoff tarlov tarnier taussig taussig-bing tay-sachs tegner tenckhoff \
      tenckhoffs tendyne tenodesis tenon terry-thomas terson thayer-martin thiersch thomas-splint thompson-walker thymatron tietze \
      tietzes tilite tillaux tinel tinels tinetti tisseel titmus todani todaro toldt tolosa-hunt tonnis torg tornwaldt tossy touhy-borst \
      toupet tourette tourettes towne toynbee traube treacher treacher-collins treitz trelat trendelenburg tripier troisier trolard \
      trousseau trousseaus truelove-witts tuohy-borst turcot tuttle typbar tzanck tzank uhthoff unna unterberger unverricht-lundborg \
      valleylab valsalva van-buchem van-gieson van-nuys vannas vater vaughan-williams veau venturi veress veresss vernet verneuil \
      verocay vicq vidian vieussens villaret vincents vineberg vineland virchow virchow-robin virchows vogt vogt-koyanagi-harada vojta \
      volhard volkmann volkmanns vollmer von-gierke von-graefe von-hippel-lindau von-willebrand waardenburg wada wagstaffe waldenburg \
      waldenstrom waldenstroms waldeyer waldeyers wallenberg wallerian wanderguard warburg wartenberg warthin wassermann \
      waterhouse-friderichsen waterlow waterston watson-farley watson-jones watzke watzke-allen weaver-dunn weber-christian \
      weber-ferguson wechsler wegener wegeners weibel-palade weil-felix weingarten weitlaner welch-allyn wellens wenckebach werdnig \
      werdnig-hoffmann wermer wernicke wernicke-korsakoff westcott westergren westermark westgard westley weston-hurst westphal wexner \
      whartons whipple whipples whiteside whitmore whitnall wiberg wickham widal widmark wiedemann wilcoxon willebrand williams-beuren \
      wilms wilsons winquist winterbottom wirsung wiskott-aldrich wolff-parkinson-white wolffian wolman wood-lamp woringer-kolopp \
      wormian wrigley wrisberg xen45 yacoub yahr yale-brown yankauer yasargil yergason youden zadek zadik zancolli zarit zavanelli zeis \
      zeiss zelen zellweger zenker zenkers ziehl ziehl-neelsen zieve zika zinn zoll zollikofer zollinger-ellison zollner zuckerkandl \
      zung
      """)

  private static let common = WordSet(
    words: """
      abbott abrams acland adams addison ahmed akers akin albert alden allen allis allman altman ames anderson anton apley armstrong \
      arndt arnold asbury ashworth atkins austin ayers bailey bain bair baker ballantyne ballard barbeau bard barlow barnard barnes barr \
      barsky bartlett barton bass bateman bates batten bauer baxter bayley beals beck becker bednar beers bell benedict bennett benson \
      berek berg berger berlin berry bianchi bier biomet bishop blackburn blake bland blom bloom bohler bohn boston bowen bowlby bowman \
      boyce boyd bradford bragg brandt braun brenner bridges bristol bristow brooke brower brown bruce bruch brunner bruns brunton \
      bryant buck buhl burke burnett burns burow burton butler byars byrne caldwell calvert campbell canavan cantrell caplan carney \
      carter cartwright casper charles charlson chase cherry child christie christmas churchill clark clarke claude cleland coats \
      cockayne cohen cole collins colton compton conn connell connolly cooley cooper cope corbin cori cormack cornell costello cotton \
      cox craig crane crawford crichton cronin crosby cummins cunningham cyriax daisy davis dawson dean dejong delaney dent denton \
      denver depuy derby devine dick diego dix dixon donald dorfman dotter douglas down downs doyle drake draper dubois duckett \
      duckworth duffy duhamel duke dukes dunlap dunphy duran durie dwyer easton eaton edwards ellis elsevier ely emerson evans ewart \
      faber fallon farber farmer faulkner fenwick ferguson finch finnegan finney fisher flack fleming fletcher flint florence fontaine \
      forbes ford fordyce forrest forrester foster fowler francois frank franklin fraser frazier freeman freer french freud friedman \
      frost frye fuchs fulton gail gale galen gallant galloway galt gamble ganong garden gardner garland garner gaskin gasser geiger \
      geneva gerard gibson gilbert gill gilles gillet gillette glenn gold goldman goldsmith goodman goodwin gordon gore gorham gorski \
      gosselin gould graham grant graves gray green greene gregory grey griffith griffiths guerin gunn guthrie guyton haddad hageman \
      haglund hall haller hamilton hammersmith hammond hampton hancock hansen hanson harada hardy hare harlow harper harrell harrington \
      harris harrison hart hartley harvey hastings hawkins hayden hayes hays heath hecht heidelberg helbing heller helm henderson henry \
      herbert hertel hess hewitt hiatt hibbs hicks higgins hill hines hirsch hodge hodges hodgson hoffman holden holland holm holmes \
      holt hood hooper hoover hopkins horton horwitz houston howard howell hudson hughes hume humphrey hunt hunter hurley hutchinson \
      hutchison huxley inglis irvine irving isaacs ito jackson jacobson jaeger jaffe jamar james jamison jasper jennings jensen jobe \
      johnson jones jordan jorgensen joseph joubert kahler kahn kantor kaplan kappel katz katzung kay kayser keith kell keller kelly \
      kemp kendall kendrick kennedy kent kerr kessler kidd kimball kimura king kingsley kirby kirk kitson klein kleinert klinger klippel \
      knight knox koch koenig kohler kohn krause kruger kyphon lachs lambert lancaster landry lane lang lange langley larsen larson lash \
      latham lawrence lawson lawton leavitt lee lenox leonard lev levey levin lewin lewis lillie lincoln linehan linton lippincott \
      lister little lloyd lockwood logan louis love lowe lowry lucas lugano luke lund luque lyman lynch macdonald maddox magnan maitland \
      mallory malone mann manning marchand marcus marie mark marsh marshall martin marx mason masson matas mathews matthews mattox \
      maxwell mayfield maynard mayo mcbride mccabe mcconnell mccoy mccune mcdonald mcgill mckenzie mckeown mcleod meier mendel menkes \
      mercer metz meyer miles miller mills milton miranda mitchell moe montgomery moore morgan morris morse morton mosby moss mulder \
      muller mulligan munro murdoch murphey murphy murray mustard naranjo nash naughton neal nelson nephew netherton netter newman \
      newton nichols nicholson noble norton norwood nottingham novak nuss nye oconnor odonnell ohara oliver olmsted opitz orr osborn \
      osborne osgood otis owen paine palmer parenti paris parish park parker parks parrot pascal patrick patterson payne peabody pearce \
      pearson pemberton perkins perry peters petit phelps phillips pick pickering pierce piper pitt plummer poe poland poole pope porter \
      portland potter potts powell powers pratt prechtl preston price prichard priestley pringle prochaska proctor quick quinn quintero \
      radcliffe rai ramsay randall rankin ranson rasmussen rathke ray rayner reed reese reeves reid rey reynolds rhodes rich richards \
      richter riley ritchie ritter rivers roach robbins roberts robins robinson robison rockwood rodgers rogers roland romana romberg \
      rosai rose rosen rosenberg rosenthal roser ross roth ruben rubin runyon rush rusk russell rutherford ryan sabiston sager salem \
      salmon sanders sanford santorini sapien sarmiento saunders schanz schilling schmid schmidt schneider schultz schwalbe schwartz \
      scott seaton sechrist seip selby senn seward sexton shafer shaffer shannon shapiro sharp sharpless shaw sheehan sheldon shepherd \
      sherman sicard silver simmonds simmons simon simpson sims singh singleton sloan smith snow snyder sofia sommer sorensen spaulding \
      spence spencer spitz stanford stanley stark starling steel steele stephens sterling stern sternberg stevens stewart still stokes \
      stone stransky strauss strong student sullivan sutherland sutton swan swanson sweet swift sydney syed talbot tanner tate taylor \
      temple thatcher thomas thompson thomsen thomson thorn thorne thornton tietz tilton todd townsend tracy travers travis tucker tukey \
      tullio tuohy turner tyler ullrich underwood vance vaughan vega venable victor vincent waddell wade wagner walker wallace wallis \
      walsh walters walther walton ward warren watson watts wayne webb weber webster weil weiss wells werner wesley west westbrook \
      weston wharton wheeler whitacre whitaker white whitehead whitney wiley wilkes wilkie wilkins wilkinson williams willis wilson \
      winter winters wise witzel wolf wolff wolfram wong wood woods woodward worth wright wyatt wylie yates yellen york young zahn \
      zimmer zimmerman
      """)

  private static let towns = WordSet(
    words: """
      aachen amsterdam banff barcelona basel berlin bern bethesda bologna boston brisbane bristol brussels cambridge chicago cincinnati copenhagen \
      deauville denver dublin edinburgh essen florence frankfurt fukuoka geneva glasgow hammersmith heidelberg helsinki hiroshima kyoto lausanne leiden leipzig \
      liege lille lisbon lugano lund manchester mayo melbourne milan minnesota montreal moscow munich nagoya nottingham oslo oxford padua \
      pittsburgh prague ottawa rochester rome rotterdam seattle sendai sheffield stanford stockholm strasbourg sydney tokyo toronto \
      toulouse turin uppsala utah utrecht vancouver victoria vienna wisconsin zagreb zurich
      """)
}

/// Words of notes that are capitalised and nobody's name: brands of drugs and devices, Latin anatomy, signs, abbreviations, and what
/// lists of names have by chance.
enum ClinicalWords {
  static func contains(_ word: Word) -> Bool { words.contains(word.hash) }

  /// An abbreviation of medicine that is a given name as well: `MAC`, `ASA`. In capitals, between words that are not, it is one.
  static func isAbbreviation(_ word: Word) -> Bool {
    word.shape == .upper && abbreviations.contains(word.hash)
  }

  private static let words = WordSet(
    words: """
      abilify abrysvo acapella accolate accu-chek accuchek accupril acticoat actiwatch actos acuvue aczone adacel adbry adcirca adderall \
      adempas adenoma admin advair advil adynovate aerobika aetna afinitor afirma afrin agent aggrenox aircast airmap airsense airsupra \
      airvo ajovy alaris alba albuked albuminex aldactone aldara aleve alimentum alimta alinity allevyn allscripts aloxi alphagan \
      alprolix altace alterg amaryl ambien amia amoxil amplatzer ampulla ampyra amulet andexxa anes angioseal annexure anonymous anoro \
      ansible antrum anusol apligraf appt aptiom aquacel aranesp arestin arexvy aricept arimidex arixtra arjo arjohuntleigh arnuity \
      aromasin arteriosus arthrotec asacol aspirate asterixis asthalin astrazeneca atarax atellica ativan atripla atrovent aubagio \
      audiogram audiometry augmentin augmentin-duo auryxia austedo autopulse auvelity auvi-q avandia avanza avastin aveir avelox avodart \
      avonex axios azilect azilsartan azure bactec bacteroides bactigras bactrim bactroban bafiertam bairhugger bakri balfour baqsimi \
      baxter-amia bayer beckman bectondickinson belbuca belsomra benadryl beneficiary benicar benlysta beovu betadine betapace bevespi \
      bevyxxa bexsero beyfortus biatain biceps biktarvy bilevel biochemistry biodex biofinity biofire bioglue biolox bioness biontech \
      biopatch biotronik bisodol bivona bonine boniva bookwalter boostrix bosu botox bovie brachialis brava breg breo breztri bricanyl \
      brilinta brisdelle briumvi brixadi brother-in-law brovana brufen bruit budecort buick bumex bunavail buspar butrans bydureon \
      byetta bystolic caduet calan calcort callosum calpol camry camzyos candida canesten capd caplyta caps capvaxive carac carafate \
      carbocisteine carboprost carcinoma cardene cardio cardizem cardura carelink carescape carestream cariban cariten carpi cartosound \
      casodex catapres cauda cava cavilon cavitron ceclor cefzil celebrex celexa cellcept celox celsite centene cepacol cerezyme cerner \
      cervidil chantix checkov chevrolet chevy cialis cibinqo cigna ciloxan cimzia cipramil cipro citalopram citracal claimant clarinex \
      claritin clenil cleocin clexane climara clinell clinimix clinitron clmt clonus clozaril coban cobas cobenfy coblation coblator \
      codman colace colazal coloplast coloxyl combiflam combivent comirnaty compazine complan complera concerta concha concor confluence \
      contin control-iq conus convatec convex copaxone coreg corgard corolla corpus corsa cortef cosentyx cosopt coumadin covaxin \
      coverity covidien covishield cozaar creon crepitus cresemba crestor crocin cubicin curos customer cutasept cutimed cyberonics \
      cybex cymbalta cytology cytotec cytoxan dakin dalvance danopeptin daptacel datadog daughter-in-law daxas dayvigo decadron decipher \
      deltoid demio depakene depakote depo-medrol depo-provera deponent dept deptran derm dermabond dermagraft descovy desferal detrol \
      dexcom dexilant dexilent dextrolog dialyzer diamox diclac differin difficid diflucan digibind digitorum dilantin dilaudid \
      dinoprostone dioralyte diovan diprivan ditropan dolo dolopar dolophine donjoy doptelet dorsi dotarem dovato draeger drager \
      dreamstation ductus duexis dulcolax dulera duoderm duodote duolin duolith duoneb duragesic duramorph durata durogesic dyazide \
      dymista ebglyss echo eclinicalworks ecosprin ecosprin-av edarbi efexor effexor effient efient efudex egophony elavil eldoper \
      elecare elecsys elidel eliquis eloctate elvanse emend emgality enbrel endep endo endocatch endoclip endoloop endone enfamil \
      engerix ensite ensure enterogermina entresto entyvio envarsus epanutin epclusa epidiolex epiduo epifix epilim epipen epivir epogen \
      equina eraxis erbitux ertapenem esidrix eskalith estrace ethibond ethicon eucrisa euthyrox euvichol evenity evera everolimus \
      evista evoltra evolut evora evrysdi examinee exelon exforge extensor eylea f-150 farapulse farxiga fascia fasenra faslodex \
      father-in-law favipiravir feiba femara femoris fentora ferinject ferrlecit fiasp fibroscan fidelis fiesta filtek finacea firazyr \
      fisher-paykel fitbit flagyl flavum flexeril flexor flolan flomax flonase flovent fluzone foracort foradil foramen forteo \
      fortijuice fortisip fortum fosamax fosfo fosrenol fostair fragmin freestyle fresenius frova frusenide fucidin fundus fungizone \
      fusobacterium gadavist gallop gammagard gardasil garmin gastro gastrocnemius gaviscon gazyva gelclair gelfoam gelofusine genexpert \
      genitofemoral genotropin genvoya geodon getinge gilenya gleevec glidesheath globus glucagon glucogel glucomin glucophage glucotrol \
      glutose glycomet gore-tex gortex gracilis grafana grafix gravida gravol grifols gtts guest gvoke gyn habitrol haematology \
      haemodialysis haldol hallucis harmonic harvoni havrix healon healthmail heartmate hem-o-lok hemabate heme hemlibra hemolok \
      hemospray hemovac hepato heplisav herceptin hibiclens hillrom histology hizentra hollister hologic hosp hosps humalog humana \
      humira humulin hycodan hydrea hydrofera hydromorph hydryllin hypafix hysingla hysterotomy hytrin hyundai hyzaar i-gel ibrance \
      icare idelvion igel ilaris iliacus iliohypogastric ilioinguinal iluvien imbruvica imdur imitrex immunohistochemistry imodium \
      impella implanon inderal infanrix infuvite ingrezza inj innova inogen inspra insulatard insyte integra integrilin intelence \
      intelliguard interceed interviewer intralipid intuniv invacare invanz invega invokana iopidine ipecac isordil istat istent ixiaro \
      jakavi jantoven januvia jardiance jevity jinarc jira jobst jublia juvederm juven juzo kadian kafka kaletra kaltostat kalydeco \
      kardegic karyotype kayexalate kcentra keflex kenacort kenalog keppra kerecis kerendia kerlix kerydin kesimpta ketalar keytruda \
      kibana kineret kinesio klexane klonopin klor-con kloxxado krystexxa kytril lamictal lamisil lanoxin lantus lariat lasix latissimus \
      latuda lemtrada lentigo leqvio lescol leukeran levaquin levator levemir levitra levocet levophed lexapro lexiscan liat librelink \
      librium lidoderm lifepak lifescan lifevest ligaclip ligamentum ligasure linea linzess lioresal lipitor lisinopril livalo lofstrand \
      lokelma loki lokomat lomotil lopressor lopro losec lotensin lotrel lovan lovenox lucemyra lucentis lumify lumigan lunesta lupkynis \
      lupron lybalvi lynparza lyrica mabthera macrobid macrodantin magnex malarone maligna mallinckrodt mapleson maquet marcaine \
      marcumar marinol maruti masimo mavenclad mavyret maxalt maxilene maxipime maxolon mayzent mazda medela medi medicaid medicare \
      meditech medrol medtronic medullaris meftal megace menactra menquadfi menveo mepilex mepitel mersilene mestinon metamucil micardis \
      micra microbiology microcuff microlet micropore microtia midrin mifegyne milrinone mindray mirapex mirena mitsubishi mixtard mobic \
      moderna molina monocef monocryl montair montelukast monuril mother-in-law motrin mounjaro movantik movicol mresvia mucinex \
      mucomyst multip mutalyzer myfortic mynx myrbetriq nabota namenda naprosyn narcan nardil naris nasacort nasonex natera natrecor \
      natrilix nebido nellcor neocate neopuff neoral neosporin neosynephrine nephro neulasta neupogen neuro neurobion neuroform \
      neurontin neutrogena nevro nexavar nexium nexletol nexplanon nextgen nicoderm nicorette nigra nimbex nimenrix nipro nitrostat \
      nizoral nolvadex norco normosol norspan norvasc novamox novolin novolog novomix novorapid novoseven noxafil nplate nubain nucala \
      nucynta nuedexta nulojix numotion nuplazid nurofen nustep nutramigen nutren nutrison nuvaring nuvigil nystagmus ocrevus octagam \
      ofev olumiant omnicef omnicell omnipaque omnipod omron onc oncotype onetouch onfi opana opdivo operator ophtho opsite opsumit \
      optibond optiflow optiflux optivol optum oramorph orencia orfadin orkambi ortho ortho-novum osmolite ossur ostomax otezla \
      otosporin otrivin oura ovale ovesco oxycontin oxynorm ozempic ozurdex pabrinex padlock pagerduty palexia pallidus pamelor \
      panadeine panadol pantocid pantoloc para paravertebral parlodel parsabiv paxil paxlovid pectoralis pedialyte pediarix pediasure \
      peds pegasys penbraya penicillium pentasa pentavac penumbra pepcid peptamen perclose percocet perfalgan periactin perivascular \
      periventricular perjeta permacol permobil peroneus persantine pfizer pharm philips picato piriton pitocin plaquenil plasmalyte \
      plavix plegisol plegridy pneumovax policyholder polident pollicis polysporin ponseti pradaxa prafo praluent praxbind prealbumin \
      precedex pregnacare prehevbrio premarin prevacid prevena prevnar prezista priftin prilosec primip prinivil prisma pristiq prius \
      proair probuphine procardia profore prograf prolastin prolene proleukin prolia promacta prometheus pronator propecia propess \
      proscar prostin protaphane protonix provera provigil prozac psoas psych pts pulm pulmicort pulmozyme pulsara pulseselect puracol \
      puramino purewick puritan-bennett pylorus pyxis qalsody qbrexza questran quickie quikclot qulipta quviviq qvar radicava radiesse \
      radiometer rads rales ranexa rapamune rebif reclast rectus redis reglan relyvrio remeron remicade remodulin renvela repatha requip \
      resmed resource respimat respironics respondent restasis restoril restylane resus resusci retcam retin-a retroperitoneal retrovir \
      revatio revlimid revolade rexulti reyataz rezum rhapsody rheum rhinocort rhofade rhogam rhonchi rhythmia rifton rilutek rinvoq \
      risperdal ritalin rituxan rivotril robaxin robitussin rocephin rocklatan roho rotarix rotasiil rotateq roxicodone rozerem runbook \
      ryaltris rybelsus rythmol sabril saebo salazopyrin salonpas samsca sandimmune sandostatin sanofi santyl saphnelo sapien sartorius \
      savaysa savella schneiderian scopoderm sechrist secundum sedex semitendinosus sensicare sensipar senza seprafilm septra septum \
      seretide seroflo serology seroquel serratus sertraline servo-i servo-u sevredol shanchol sharesource shelcal shingrix siemens \
      sigvaris silverado similac sinarest sinemet singletons singulair sinopharm sinovac sintrom sister-in-law skelaxin skoda skyra \
      skyrizi smartguard soleus soliris soln solu-cortef solu-medrol somac somatuline son-in-law sonarqube sonosite soolantra sorbact \
      sovaldi sphincter spikevax spinraza spiriva splenius splunk sporanox spravato sputnik spyglass stalevo staphylococcus starclose \
      stelara stemetil steri-strip steri-strips sternocleidomastoid sterofundin stilnox stivarga strattera streptococcus stridor \
      striverdi stryker subaru sublocade suboxone subscriber substantia sudafed supinator supp surgicel surgiflo surpass surpass-evolve \
      susp sustiva sutent symbicort symdeko synagis synercid synjardy synthes synthroid syntocinon syntometrine sysmex tabs tacoma \
      tagrisso taltz tamiflu targin tarka tasigna tavor tavr taxim-o tazocin tazorac tecentriq tecfidera teflaro tegaderm tegretol \
      tekturna telehealth telem telemedicine telfa telfast telma telma-am temaze tendril tenodesis tenormin tensoplast tepezza terraform \
      terumo tezspire theraband theraputty thermofisher thermoscan thinprep thrill thrombogel thymatron tibialis tilade tilite tobi \
      tobradex tolak tolvaptan tono-pen topamax toprol toradol toujeo tourniquet tracleer tramacet tramal transradial transtec \
      transversalis trapezius trelegy trental tresiba trevo tribenzor tricare triceps tricor triesence trijardy trikafta trileptal \
      trintellix tripedia triumeq trulicity trumenba truvada tubular tubulovillous tundra twinject twinrix tygacil tykerb tylenol \
      typbar-tcv tysabri uceris uloric ultibro ultram ultravist unaccept unasyn unhoused unna uptravi urilift uro urolift uroxatral user \
      utrogestan vacutainer valium valtrex valtropin varipulse vascepa vasotec vastus vauxhall vaxelis vaxneuvance vaxzevria vedolizumab \
      velcade veletri velphoro vena venofer ventimask ventolin veritor verquvo verzenio vesanoid vesicare viagra vibramycin vicodin \
      vicryl victoza vidaza viibryd vimovo vimpat viokace viramune viread virology visipaque vistaril vit vitek vitros vivitrol vivonex \
      vizilite voltaren voltarol vraylar vtama vumerity vytorin vyvanse wagonr wallflex wanderguard watchman watchpat waterpik wegovy \
      welch-allyn welchol wellbutrin wellcare wheezes winlevi wixela xanax xarelto xeljanz xeloda xenical xgeva xhance xiaflex xience \
      xifaxan xofluza xolair xopenex xpert xtampza xtandi xyntha xyrem xyzal yervoy yutiq zantac zarontin zarxio zegerid zeiss zemplar \
      zenpep zepatier zepbound zeposia zerbaxa zestoretic zestril zetia ziagen ziana zifi zimhi zimmer-biomet zimovane zinnat zinplava \
      zipsor zithromax zocor zofran zohydro zoladex zoledronate zoledronic zolgensma zoloft zometa zomig zontivity zoryve zosyn zovirax \
      zubsolv zurzuvae zyban zyprexa zyrtec zytiga zyvox
      """)

  private static let abbreviations = WordSet(
    words: """
      aba esi muse abi ada aki ala ali als ama ana asa ava bal bmi cam cat che dee del ef eva gal ha hal ida ira iva jak kub lad lam lcx lea lima low \
      lucas mac mal map mia min mira nea neo pa pam pat pda peg pei pia ral rca ria rima roe ron ros sal sam sia sid tab tam tia tod val vic \
      vin wes
      """)
}

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
      abilify accolate accu-chek accuchek accupril acticoat actos acuvue adacel adcirca adderall adempas adenoma admin advair advil aetna \
      afinitor afrin agent aggrenox airvo ajovy alaris alba albuked albuminex aldactone aleve alimta allevyn aloxi alphagan altace amaryl \
      ambien amoxil amplatzer ampulla anes annexure anonymous anoro antrum anusol appt aptiom aquacel aranesp aricept arimidex arixtra \
      arjo arnuity aromasin arteriosus asacol aspirate asterixis astrazeneca atarax atellica ativan atripla atrovent aubagio audiogram \
      audiometry augmentin austedo avandia avastin aveir avelox avodart avonex axios azilect azilsartan azure bacteroides bactigras \
      bactrim bactroban bairhugger bakri balfour bayer beckman bectondickinson belbuca belsomra benadryl beneficiary benicar benlysta \
      betadine betapace bevespi biceps biktarvy bilevel biochemistry biofinity biofire bioglue biolox biontech biopatch biotronik bivona \
      bonine boniva bookwalter boostrix botox bovie brachialis breo brilinta brisdelle brother-in-law brovana brufen bruit bumex buspar \
      bydureon byetta bystolic caduet calan calcort callosum calpol candida canesten capd caps carafate carcinoma cardene cardio cardizem \
      cardura carelink carestream cariban cariten carpi casodex catapres cauda cava cavilon ceclor cefzil celebrex celexa cellcept celsite \
      centene cepacol cerezyme chantix cialis cigna ciloxan cimzia cipro citalopram citracal claimant clarinex claritin cleocin clexane \
      climara clinimix clmt clonus clozaril cobas coblation coblator codman colace colazal coloplast combivent comirnaty compazine \
      complera concerta concha concor conus convatec convex copaxone coreg corgard corpus cortef cosentyx coumadin covaxin covishield \
      cozaar creon crepitus cresemba crestor crocin cubicin customer cutasept cyberonics cymbalta cytology cytotec cytoxan dakin dalvance \
      danopeptin daptacel daughter-in-law daxas decadron deltoid depakene depakote depo-medrol depo-provera deponent dept derm dermabond \
      descovy desferal detrol dexcom dexilant dexilent dextrolog diamox diclac difficid diflucan digibind digitorum dilantin dilaudid \
      dioralyte diovan diprivan ditropan dolopar dolophine doptelet dorsi dovato draeger drager ductus dulcolax dulera duoderm duolith \
      duoneb duragesic duramorph durogesic dyazide echo ecosprin edarbi effexor effient efient egophony elavil eldoper elecsys elidel \
      eliquis eloctate elvanse emend emgality enbrel endo endocatch endoclip endoloop engerix ensure enterogermina entresto entyvio \
      envarsus epanutin epclusa epidiolex epipen epivir epogen equina eraxis erbitux ertapenem esidrix eskalith estrace ethibond ethicon \
      eucrisa euthyrox evenity evera everolimus evista evoltra examinee exelon exforge extensor eylea farxiga fascia faslodex \
      father-in-law favipiravir femara femoris fentora ferinject ferrlecit fiasp fibroscan firazyr fitbit flagyl flavum flexeril flexor \
      flolan flomax flonase flovent fluzone foradil foramen forteo fortijuice fortisip fortum fosamax fragmin freestyle fresenius frova \
      frusenide fucidin fundus fungizone fusobacterium gallop gammagard gardasil gastro gastrocnemius gaviscon gazyva gelclair gelfoam \
      gelofusine genexpert genitofemoral genotropin genvoya geodon getinge gilenya gleevec globus glucogel glucomin glucophage glucotrol \
      glutose gore-tex gortex gracilis gravida gravol grifols gtts guest gyn haematology haemodialysis haldol hallucis harmonic harvoni \
      havrix healon healthmail heartmate heme hemlibra hemolok hemovac hepato herceptin hibiclens histology hizentra hollister hologic \
      hosp hosps humalog humana humira humulin hycodan hydrea hydryllin hypafix hytrin hyzaar i-gel ibrance igel ilaris iliacus \
      iliohypogastric ilioinguinal imbruvica imdur imitrex immunohistochemistry imodium impella implanon inderal infanrix infuvite inj \
      inspra insulatard insyte integra integrilin intelence intelliguard interviewer intralipid intuniv invacare invanz invega invokana \
      ipecac isordil istat istent jakavi januvia jardiance jevity jinarc jobst juvederm kaletra kaltostat kalydeco kardegic karyotype \
      kayexalate keflex kenacort kenalog keppra kerlix kesimpta ketalar keytruda kineret klexane klonopin klor-con kytril lamictal lamisil \
      lanoxin lantus lasix latissimus latuda lemtrada lescol leukeran levaquin levator levemir levitra levophed lexapro lexiscan librelink \
      librium lidoderm lifepak lifescan ligaclip ligamentum ligasure linea linzess lioresal lipitor lisinopril livalo lofstrand lokelma \
      lomotil lopressor losec lotensin lotrel lovenox lucentis lumify lumigan lunesta lupron lynparza lyrica mabthera macrobid macrodantin \
      magnex malarone mallinckrodt mapleson marcaine marcumar marinol masimo mavyret maxalt maxilene maxipime medela medicaid medicare \
      medrol medtronic medullaris megace menactra mepilex mersilene mestinon metamucil micardis micra microbiology microcuff microlet \
      micropore microtia midrin milrinone mindray mirapex mirena mixtard mobic moderna molina monocryl montelukast monuril mother-in-law \
      motrin movantik movicol mucinex mucomyst multip mutalyzer myfortic mynx myrbetriq nabota namenda naprosyn narcan nardil naris \
      nasacort nasonex natrecor natrilix nebido nellcor neoral neosporin neosynephrine nephro neulasta neupogen neuro neurobion neurontin \
      neutrogena nexavar nexium nexplanon nigra nimbex nipro nitrostat nizoral nolvadex norco normosol norvasc novamox novolin novolog \
      novomix novorapid noxafil nplate nubain nucala nucynta nuedexta nulojix nurofen nutren nutrison nuvaring nuvigil nystagmus octagam \
      ofev olumiant omnicef omnicell omnipaque omnipod omron onc onetouch onfi opdivo operator ophtho opsite opsumit optiflow optum \
      oramorph orencia orfadin orkambi ortho ortho-novum osmolite ostomax otezla otosporin otrivin ovale oxycontin oxynorm ozempic \
      pabrinex pallidus pamelor panadol pantoloc para paravertebral parlodel paxil paxlovid pectoralis pedialyte pediarix pediasure peds \
      pegasys penicillium pentasa pepcid percocet perfalgan periactin perivascular periventricular perjeta permacol peroneus persantine \
      pfizer pharm piriton pitocin plaquenil plasmalyte plavix plegisol plegridy pneumovax policyholder polident pollicis polysporin \
      pradaxa praluent precedex pregnacare premarin prevacid prevena prevnar prezista priftin prilosec primip prinivil pristiq proair \
      procardia prograf prolastin prolene proleukin prolia promacta pronator propecia propess proscar prostin protaphane protonix provera \
      provigil prozac psoas psych pts pulm pulmicort pulmozyme pulsara puritan-bennett pylorus pyxis qbrexza questran qulipta qvar \
      radiesse radiometer rads rales ranexa rapamune rebif reclast rectus reglan remeron remicade remodulin renvela repatha requip \
      resource respimat respondent restasis restoril restylane resus resusci retin-a retroperitoneal retrovir revatio revlimid revolade \
      reyataz rezum rheum rhinocort rhogam rhonchi rifton rilutek rinvoq risperdal ritalin rituxan rivotril robaxin robitussin rocephin \
      rotarix rotateq roxicodone rozerem rybelsus rythmol sabril salazopyrin salonpas samsca sandimmune sandostatin sanofi santyl \
      sartorius savella scopoderm secundum sedex semitendinosus seprafilm septra septum seretide serology seroquel serratus sertraline \
      sevredol shingrix siemens sinemet singletons singulair sinopharm sinovac sintrom sister-in-law skelaxin skyrizi soleus soliris soln \
      solu-cortef solu-medrol somatuline son-in-law sonosite sovaldi sphincter spikevax spinraza spiriva splenius sporanox sputnik stalevo \
      staphylococcus starclose stelara steri-strip steri-strips sternocleidomastoid sterofundin stilnox stivarga strattera streptococcus \
      stridor striverdi stryker sublocade suboxone subscriber substantia sudafed supinator supp surgicel surgiflo surpass susp sustiva \
      sutent symbicort symdeko synagis synercid synjardy synthroid sysmex tabs tagrisso taltz tamiflu tarka tasigna tavor tavr tazocin \
      tazorac tecentriq tecfidera teflaro tegaderm tegretol tekturna telem telfa telfast telma tenormin tensoplast tepezza terumo \
      thermofisher thermoscan thinprep thrill thrombogel tibialis tilade tobi tobradex topamax toprol toradol toujeo tracleer tramacet \
      tramal transtec transversalis trapezius trelegy trental tresiba tribenzor tricare triceps tricor trijardy trikafta trileptal \
      trintellix tripedia triumeq trulicity truvada tubular tubulovillous twinject twinrix tygacil tykerb tylenol tysabri uceris uloric \
      ultibro ultram ultravist unasyn uptravi urilift uro urolift uroxatral user utrogestan vacutainer valium valtrex valtropin vasotec \
      vastus vaxneuvance vaxzevria vedolizumab velcade veletri vena venofer ventimask ventolin verzenio vesanoid vesicare viagra \
      vibramycin vicodin vicryl victoza vidaza viibryd vimpat viokace viramune viread virology visipaque vistaril vitek vivitrol vivonex \
      vizilite voltaren voltarol vraylar vytorin vyvanse wegovy welchol wellbutrin wellcare wheezes xanax xarelto xeljanz xeloda xenical \
      xgeva xiaflex xience xifaxan xofluza xolair xopenex xtandi xyntha xyrem xyzal yervoy zantac zarontin zarxio zegerid zeiss zemplar \
      zenpep zepatier zerbaxa zestoretic zestril zetia ziagen zimovane zinnat zinplava zithromax zocor zofran zoladex zoledronate \
      zoledronic zolgensma zoloft zometa zomig zosyn zovirax zyban zyprexa zyrtec zytiga zyvox
      """)

  private static let abbreviations = WordSet(
    words: """
      aba esi muse abi ada aki ala ali als ama ana asa ava bal bmi cam cat che dee del ef eva gal ha hal ida ira iva jak kub lad lam lcx lea lima low \
      lucas mac mal map mia min mira nea neo pa pam pat pda peg pei pia ral rca ria rima roe ron ros sal sam sia sid tab tam tia tod val vic \
      vin wes
      """)
}

"""More that the training texts say, in the slots of templates.py: the short style of wards, chat, names in code and records, letters of
other European languages, and what looks like a name and is none. {Brand}, {eponym} and {Foreign} are of the detector's own lists."""

WARD = """
{age}{sexshort} s/p {procedure}. {Relation} {Rf} at bedside.
Wife {Rf} aware. Son {Xf} flying in from {city}.
{Relation} {Rf} bitten too. {Relation} {Xf} fine.
{small}-yr-old {Rf} well. Partner {Xf} works in {city}.
Kids: {Xf} ({small}), {Xf} ({small}) and baby {Xf}.
lives w/ {relation} {Rf} + {small} cats in {city}
lives w/ {relation} {pf}, smokes
d/w {relation} {Rf} by phone {phone}
d/w {Dl} ({dept}), agrees
Discussion: {deptlow} ({Dl}) favours {drug}; {deptlow} ({El}) to see.
Wet read to ED ({Dl}) at {time}.
Handed over to {Nf} at {time}. Bleep {num}.
Crew {Xl}/{Xl}. Medic {Xl}, EMT {Xl}.
SURGEON: {DlU}. ASST: {ElU}. ANES: {XlU}, CRNA.
Surgeon: {Dl}   Assist: {El}   Anes: {Xl}
Surg {Dl} / anes {El} / scrub {Nf}
Attg {Dl}. Fellow {El}. Intern {Xl}.
Seen w/ {Dl} ({dept}). Plan as above.
Recs sent to Dr. {Dl}. {X} PharmD
Thank you, will follow. {D} MD, {dept}.
THANK YOU, WILL FOLLOW. {DU} MD, {DEPT}.
Dictated by {X}, {dept}, workstation {small}.
{Di} to review. Signed {Ei}
Reg: {Di}. Cons: {Ei}.
{small} {Pr} {date} {num} {small}.4 {num}
{small}  {Pr}    {date}   {mrn}   {small}.1  8{small}
{PrU}   {date}   {mrn}
{PrU}  DOB {date}
{Pi}  {date}  {num}
| {P} | {date} | {city} |
| {Pr} | {date} | {Drug} |
{Pi} | {date} | {Brand} | {num}
Bed {small}: {Pl}, {dx}. Bed {small}: {Ql}, {dx}.
{small}A {Pl} - {symptom}; {small}B {Ql} - NPO
Rm {small} {Pl} {age}F {ABBR}
{Pl} {age}M {ABBR}, {ABBR}
Session {small}. {Pf} arrived early, said {word}.
{Pf} tearful today; {Rf} did most of the talking.
{Pf} denies SI. {poss} {relation} {Rf} is supportive.
Pt {Pf} c/o {symptom}. {Rf} worried.
Goals: {Pf} will {word} daily. {Rf} to help.
hi dr {dl} its {pf} again, sorry to bug you
hi dr {dl}, {relation} of {p} here
mister {pl} is a {age} year old man
missus {pl} and mister {ql} were seen
copy to his primary doctor {d} period end of dictation
this is doctor {dl} dictating on {p} period date of birth {date}
my primary doctor {d} says no
my roommate {pf} says hi
my {relation} {pf} drove me
my {relation} {pf} and {poss} {relation} {qf} are both sick
ask nurse {qf} or the locum ({Ds})
{Pf} (everyone says {Pk}) is in room {small}
{Pk} called. {Xk} will be back tomorrow.
{Pk} and {Xk} play together
aka {Pk}; goes by {Xf}
We called him {Xk}.
Grandma {Rf}, Uncle {Xf}, Auntie {Xf}
Donor: brother {Xf} may be tested.
Parents {Rf} and {Xf} {Pl} consent.
FOB {Xf} involved. MGM {Xf} helps.
58M, ambulatory, drove himself in from {city} w/ {symptom} x 2h
BIBA from {city}. Txp to {hosp}. Flown in from {city}.
{age}F from {city} w/ {symptom}; {relation} in {city}.
{num} {street}, {small}rd fl rear, {city}, for diff breathing
camping near {city}, {symptom} since
primary school teacher from {city}, {city}, with {symptom}
the {city} warehouse, the {city} clinic, our {city} site
She came once, from the {city} clinic.
works at a plant in {city}; grew up on a farm outside {city}
He's out at {city} so mail takes a week.
lives {city}, {ST}. Drives to {city} for dialysis.
ED, critical access hospital, {city}. Callback {phone}.
now lives in {lowercity}, {relation} still in {lowercity}
moved from {city} to {city} in {year}
she no longer drives beyond {city}
born {date} on {city}. Raised near {city}.
{Street}, {Town}. Lives in {Town}.
NOK: {R}, {num} {street}, {city} {ST} {zip}
Address confirmed: {Street}, {Town}
Interpreter: {X} ({people}).
Referrer: {Dt}, {city}
Re: {Pt}, {Street}, {Town}
Dear Dr {Dl},\n{Pl} came in with {symptom}.
Regards,\nDr {D}\n{dept}
cc Dr {El}, {city}; Mr {X}
Copy: {Rf} ({relation})
Tel call from {relation}, Mrs {R} (on behalf of {Pf})
Coroner informed by {Dl}. Family ({R}, {X}) told by {El}.
Badge: {Xl}, {Xf}. Unit {num}.
""".strip().split("\n")

HEALTHY = """
{Brand} {dose} daily. {Brand} {small}5,000 with meals.
{Brand}, {Brand} and {Drug} continued; {Brand} stopped.
Takes {Brand}. Home same day w/ {Brand} {small}/325 #10.
Given {Brand} {dose} IV. Inj {Drug} {dose}. Tab {Brand}.
{Brand} x {small} passes. EBL {small}. Counts correct.
{Brand} dressing (serial {num}). {Brand} removed {Day}.
Convex {Brand} {small}7 mm, wear time {small} days.
{Brand} {small}0. CI 2.{small}, epi off, {Brand} {small}0.
{eponym} {small}, {eponym} {Roman}. {eponym} {classletter}.
{eponym} {classletter}, {eponym} {ABBR}{small}. ORIF was performed.
{eponym}'s and {eponym}'s signs are negative.
{eponym}'s sign and {eponym}'s test {result}.
{eponym} sign, {eponym} line and {eponym}'s space normal.
s/p {eponym}'s for {eponym} {Roman} {dx}
PPD2 s/p LTCS, {eponym}. Lochia mod.
{eponym} and {eponym} divided; {latin} preserved.
{eponym} incision L; {eponym} elevator used.
{eponym} splints {small}-0 nylon. {eponym} clamp.
A {eponym} was not used. {eponym} was placed. {eponym} out.
{eponym} d/c'd. d/c {eponym} + {eponym}, {ABBR} in am.
QT/QTc {num}/{num} ({eponym}), {num} ({eponym}).
by {eponym}, may be normal variant ({eponym} product negative)
LVH by {eponym}. P-R-T axes {small} -12 4{small}.
Old infarct w/ {eponym} change. {Latin} {eponym} {small}.
No {eponym} B lines. {eponym} spaces prominent.
to pubic tubercle and shelving edge of {eponym}'s w/ {small}-0 {Brand}
{eponym}'s line and the epicondylar axis. Distal cut at {small}°.
Cut at {eponym}'s point. {eponym}'s fascia closed with {small}-0 {Brand}.
Grade {small} by {eponym}; {eponym} {small}A; {eponym} score {small}
{eponym} test positive bilaterally, {eponym} negative
{Latin} and {latin} intact. {Latin} {latin} normal.
{Latin} nerve block. {latin} block, ultrasound guided.
ANES: {ABBR} + {latin} block.
P: {ABBR}, {ABBR} in am. {ABBR} {small}. {Brand} {small}0.
REASON FOR CONSULT: {ABBR} W {ABBR}. PT IS STABLE.
RECS: SWITCH TO PO {DRUG} {small}0 MG Q6H, HOLD {ABBR}.
TAKE {DRUG} {dose} PO BID. CONTINUE {DRUG}.
{DRUG} AND {DRUG} HELD. {ABBR} NEG. {ABBR} POS.
IMP: {DX}. PLAN: {ABBR}, {ABBR}, {DRUG}.
Wheezes, Rales, Rhonchi absent. Rales to apices.
Many thanks for seeing this {job}. Kind regards.
Oh and the {word} was {word}. Also, {word} the {word}.
Thanks. Many of these {word}. Most {word}. Several {word}.
Hope this helps. Hope was to {word} it. Faith important; pastor visits.
Will repeat in {small} wks. May return to work. Grace given.
Mark with ink. Bill insurance. Grant pending. Art therapy. Rose petals.
Chief complaint: {symptom}. Major depression. Minor injury. Bishop {small}.
Cat I tracing, mod variability. Cat {Roman}. Category {Roman}.
Dept of {dept}. Hosp No {num}. Ward {small}B LOS {small}d.
CHARGE SUMMARY Ward {small}B LOS {small}d
Echo: LVEF {small}5%. Echo today: normal. Neuro: intact. Neo {small}0.
Resus {small}. Roomed in Resus. Transferred to Ward {small}.
Spoke with daughter-in-law. Call from mother-in-law.
Seen in clinic today. Reviewed. Discussed. Agreed. Noted.
Booking visit {small}+4. EDD {date}. para {small}+1
veh {year} {Maker2}, plate seen
{Maker2} pump; {Maker2} monitor; {Brand} MRI
Scripts via {Brand}. Ordered on {Brand}.
Rads on call paged. Resp: CPAP. Hosp course: uneventful.
{Brand} or {Brand}? Either. {Brand} is covered.
Lines: {eponym}, {eponym}, PIV. Tubes: {eponym}, {eponym}.
Position: {eponym}. Retractor: {eponym}. Knife: {eponym}.
a {eponym} maneuver, then {eponym}, then {eponym}.
{Eponym} {head}; {eponym} {head}
{ABBR}/{ABBR}/{ABBR} neg. {ABBR} {small}, {ABBR} {small}.
Old MI. Young adult. Long QT. Short PR. White matter. Brown sputum. Black stool. Green zone.
Stage {Roman}{classletter}. Type {Roman}. Class {Roman}. Zone {Roman}. Level {Roman}.
""".strip().split("\n")

DEVELOPERS = """
 * {P} <{email}>
Author: {P} <{email}>
    Author: {Pf} <{email}>
Signed-off-by: {P} <{email}>
Co-authored-by: {P} <{email}>
Reviewed-by: {Pf} {Pl} <{email}>
// {Pf}: keep these, they were {word}
# {Pf}: {word} the {word} before {Day}
# NB ({Pf}): don't {word}
// TODO({Pf}): {word} the {word}
/* {Pf} says {word} */
*{Pf}*: same as yesterday, {word}. blockers: none
*{Pk}*: on pto until {Day}
*{Pf}*: pair w/ {Qf}. also {word}
- {Pf}: {word} the {word}
{Pf}: done. {Qf}: blocked on {word}
ping {Pf} or {Qf} on slack
@{handle} can you ask {Pf}?
new Person("{Pl}", "{Pf}", LocalDate.of({year}, {small}, {small}))
new Patient("{Pf}", "{Pl}")
Person("{Pf}", "{Pl}", {age})
("{Pr}", "{Pl}", "{Pf}"),
("{Pl}", "{Pf}"),
["{Pf}", "{Pl}", "{city}"],
('{Pf}', '{Pl}', '{date}'),
({num}, '{P}', '{phone}'),
given: "{Pf}", family: "{Pl}"
Row {{ mrn: "{num}", given: "{Pf}", family: "{Pl}" }}
{{ first: '{Pf}', last: '{Pl}', age: {age} }}
firstName={Pf}&lastName={Pl}
LN={PlU} FN={PfU} BD={num}
surgeon: {Pi}
owner: {Pf} {Pl}
assignee: {Pf}
reporter: {P}
payer not found for '{Pr}' (acct {num})
no match for "{P}" in {snake}
INT-{num} has "{P}", {city}, {dx}
expected "{P}" but got "{Q}"
assertEquals("{P}", {ident}.{ident}());
DEBUG {snake} row={num} name={P} ok
PN: {Ph}
(0010,0010) PN [{Ph}]
PID|1||{mrn}||{Ph}||{num}|F
OBR|1|||||||||||||||{Ph}
""".strip().split("\n")

NEUTRAL_CODE = """
displayName: 'Test User', theme: '#fff'
const user = {{ name: 'Test User' }};
Spring Boot 3.{small}, Bean Validation, Jakarta EE
CI runs {Product} 0.{small} on {Product} 3.12
{Product}, my {word} merge loses rows
{Maker2} driver v{small}; {Maker2} console
Chase the bug. Mark it done. Will do. Grant access. Bill the run.
Nachname;Vorname;Geb.;Straße;PLZ;Ort;Telefon;Kasse
Nom;Prénom;Adresse;Ville;Téléphone
Apellido,Nombre,Dirección,Ciudad,Teléfono
Cognome;Nome;Indirizzo;Comune
Naam;Voornaam;Adres;Woonplaats;Geboortedatum
"nascimento": "{date}", "celular": "{phone}"
"vorname": null, "nachname": null, "geburtsdatum": "{date}"
""".strip().split("\n")

# Places in records and sources.
PLACES = """
"city": "{city}", "state": "{ST}"
"municipio": "{Town}", "bairro": "{city}"
city: '{city}', zip: '{zip}'
('{P}', '{num} {street}', '{city}', '{zip}'),
N4*{CITY}*{ST}*{zip}~
{Pl};{Pf};{date};{Street};{zip};{city};{phone}
{Pl},{Pf},{date},{num} {street},{city},{ST},{zip}
| {P} | {city} | {phone} |
{city}
{city}, {ST}
residente in {Street}, {Town}
wohnhaft in {Town}, {Street}
domicilié à {Town}, {Street}
vive en {Town}, {Street}
woont in {Town}
bor i {Town}
The clinic in {city} is closed; go to {city}.
We live far now, in {city}, {state}.
{num} {street}, {city}, {state}
""".strip().split("\n")

# Letters and notes in other languages: their words are learnt as none, the names in them as names.
ABROAD = """
Hola {Pf}, ¿cómo está? Gracias por su mensaje.
Buenos días, soy {P} y necesito una cita.
Estimado Dr. {Dl}: le envío el informe de {P}.
El paciente {P} vive en {city}. Toma {drug} y tiene alergia a la penicilina.
Toma {Brand} y {drug}. Tiene cita el {small} de mayo.
Gracias, {Pf}
Muchas gracias. Un saludo, {P}
Atentamente,\n{P}
Mi madre se llama {Rf} y vive en {city}.
La señora {Pl} llamó ayer. Habló con {Df}.
El reembolso, por favor, a la cuenta. Gracias.
No hay fiebre. Se recomienda reposo. Volver en dos semanas.
Me llamo {P}, nací en {city}.
Nombre: {P}\nFecha de nacimiento: {date}
Olá {Pf}, tudo bem? Obrigado pela resposta.
Prezada {Pf}, segue o laudo de {P}.
A paciente {P} mora em {city}. Nega febre.
Atenciosamente,\n{P}
Nome: {P}\nData de nascimento: {date}
Bom dia, o exame ficou pronto. Obrigada.
Bonjour {Pf}, merci pour votre message.
Bonjour, je suis {P} et j'habite à {city}.
Cher Docteur {Dl}, je vous adresse {P} pour {drug}.
Madame {Pl} a été vue ce jour. Pas de fièvre.
Monsieur {Pl}, né le {date}, demeurant à {city}.
Cordialement,\n{P}
Veuillez agréer, Madame, Monsieur, mes salutations distinguées.
Le patient va bien. La douleur a disparu. Les examens sont normaux.
Nom: {Pl}\nPrénom: {Pf}
Buongiorno {Pf}, grazie per la risposta.
Gentile Dottore, come d'accordo le mando i dati.
Gentile Dottoressa {Dl}, invio in visione {P}.
Le fatture sono la {num} e la {num}. Il mio cellulare è {phone}.
Cordiali saluti,\n{P}
Cordiali saluti, {Pf}
Mi chiamo {P}, abito a {city}.
Il signor {Pl} assume {drug}. Non riferisce dolore.
Grazie mille. A presto, {Pf}
Hallo {Pf}, vielen Dank für die Nachricht.
Guten Tag, mein Name ist {P}.
Sehr geehrte Frau {Pl}, anbei der Befund.
Sehr geehrter Herr Dr. {Dl}, vielen Dank für die Überweisung von {P}.
Herr {Pl} wohnt in {city}. Keine Allergien.
Frau {Pl} klagt über Schmerzen. Die Tochter {Rf} ist informiert.
Mit freundlichen Grüßen\n{P}
Viele Grüße, {Pf}
Der Patient wurde entlassen. Die Wunde ist trocken. Das Labor ist normal.
Name: {P}\nGeboren am {date} in {city}
Goedemiddag, ik ben {P} en woon in {city}.
Goedemiddag, kan ik dit in het Engels doen?
Beste {Pf}, bedankt voor je bericht.
Geachte mevrouw {Pl}, hierbij de uitslag.
Geachte heer {Pl}, uw afspraak is op {date}.
Met vriendelijke groet,\n{P}
De patiënt is stabiel. Het lab is goed. Er is geen koorts.
Hej {Pf}, tack för ditt mejl.
Hei {Pf}, takk for sist.
Kære {Pf}, du har en tid den {small}. marts på Billeddiagnostisk Afdeling.
Medbring sundhedskort. Hvis du er gravid eller har pacemaker skal du ringe.
Med venlig hilsen\n{P}
Mvh {Pf}
Vennlig hilsen {P}
Vänliga hälsningar, {P}
Patienten bor i {city}. Ingen feber.
Terveisin {P}
Dzień dobry, nazywam się {P}.
Szanowna Pani {Pl}, przesyłam wyniki.
Pan {Pl} mieszka w {city}. Bez gorączki.
Pozdrawiam, {Pf}
Dobrý den, jmenuji se {P}.
S pozdravem {P}
Tisztelt {Pl} Úr! Köszönöm a levelet.
Bună ziua, mă numesc {P}.
Merhaba, ben {P}. Teşekkürler.
Le gach dea-ghuí,\n{P}
Go raibh maith agat, a {Pf}.
Annwyl {Pf}, diolch yn fawr.
Xin chào, tôi là {P}.
Selamat pagi, saya {P} dari {city}.
Kumusta, ako si {P}. Salamat.
""".strip().split("\n")

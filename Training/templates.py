"""What the training texts say. A slot in braces is filled in by corpus.py: P, Q the patient and another one, D, E two doctors, R a
relative, N a nurse, X anybody; behind the letter the form: nothing for the full name, f given, l family, s short, r reversed, t with a title."""

CLINICAL = """
{P} is a {age}-year-old {sex} with a history of {dx} and {dx} who presents with {symptom}.
{P} is a {age} y/o {sex} who comes in today for {symptom}.
{Pt} is a pleasant {age}-year-old {sex} referred by Dr. {El} for evaluation of {dx}.
Mr. {Pl} reports {symptom} for the past {small} days.
Mrs. {Pl} denies fever, chills, nausea or vomiting.
Ms. {Pl} was started on {drug} {dose} daily.
Miss {Pl} tolerated the procedure well and was transferred to the floor in stable condition.
{Pf} has been taking {drug} as prescribed and feels better.
{Pf} was accompanied by her {relation} {R}, who provided most of the history.
{Pf}'s {relation}, {R}, was at the bedside and agreed with the plan.
Her {relation} {Rf} called the clinic about the {lab} results.
His {relation} {Rf} has {dx}.
The patient's {relation} {R} can be reached at {phone}.
Emergency contact: {R} ({relation}), {phone}.
The patient, {P}, was seen and examined by Dr. {D}.
I discussed the case with Dr. {Dl} from {dept}, who agrees with {drug}.
I spoke with {D} and with {E} about the findings.
Discussed with {Dl} and {El}.
Per Dr. {Dl}, continue {drug} {dose}.
Patient was seen by {D}, MD, at {hosp}.
Seen by {D} MD and {N} RN.
Attending: {D}, M.D.
Attending physician: Dr. {D}
Surgeon: {D}, MD
Assistant: {E}, PA-C
Anesthesiologist: {X}, MD
PCP: {D}
PCP - {Dl}
Primary care physician is {Dt}.
Referring provider: {E}, DO
Dictated by: {D}, MD
Electronically signed by {D}, MD on {date} at {time}
/s/ {D}
Signed: {D}, NP
Transcribed by {X} {date}
cc: {E}, MD; {X}, MD
CC: Dr. {E}
Nurse {Nl} administered {drug} {dose} at {time}.
RN {Nf} notified Dr. {Dl} of the critical {lab}.
{N}, RN, documented the vital signs.
Social worker {X} met with the family.
Case manager {Xf} {Xl} arranged home health with {org}.
Pharmacist {X} reviewed the medications.
Interpreter {Xf} was present for the whole visit.
Patient: {P}
Patient Name: {P}
PATIENT NAME: {PU}
Name: {Pr}
NAME: {PrU}
Patient: {Pr}
Pt: {Pr}   DOB: {date}   MRN: {mrn}
Patient {PU} MRN {mrn}
RE: {P}
Re: {P}, DOB {date}
Guardian: {R}
Next of kin: {R}
Spouse: {R}
Mother: {R}   Father: {X}
Resident: {E}
Consultant: {X}
Lives in {city} with {poss} {relation} {Rf}.
Lives in {city}, {ST} with two dogs.
He lives in {city}, {state} with his {relation}.
She moved here from {city} last year to be near her {relation} {Rf}.
Originally from {country}, {Pf} has lived in {city} since {month}.
The patient was born in {city} and works at {org} in {city}.
Works as a {job} at {org}.
Works as a {job} in {city}.
He is a retired {job} from {city}, {ST}.
Travel history: recently returned from {city}, {country}.
Recent travel to {country}; no travel to {city}.
Transferred from {hosp} in {city} for higher level of care.
Transferred from {hosp} for {dx}.
She was admitted to {hosp} on {date}.
Follow up at {hosp} with Dr. {El} in {small} weeks.
Previously followed by Dr. {X} at {hosp}.
Records from {hosp} were requested.
Home address: {num} {street}, {city}, {ST} {zip}
Lives on {street} near the park.
EMS picked up {Pf} on {street} in {city}.
Pt lives near {city}.
Discharged home to {city} with {relation} {Rf}.
Family is from {city}.
Drove from {city} this morning.
Pharmacy: {org}, {city}
{Ps} was seen in group today and participated well.
{Ps} missed the session; will call.
Met with {Pf} and {poss} {relation} {Rf} today. {Rf} feels that {Pf} is improving.
{Rf} and {Xf} visited this afternoon; {Pf} was glad to see them.
{Pl} continues to improve. {Pl} will be discharged tomorrow.
{Pl}, {Pf} - room {small}12
Baby boy {Pl} was born at {time} by {procedure}.
BB {Pl} is feeding well.
Twin A {Pl} is stable.
{Pf} {Pl}: alert and oriented, no acute distress.
Consent was obtained from {P} and {R}.
Thank you, Dr. {El}, for referring {P} to our clinic.
Thank you for allowing me to take part in the care of {Pt}.
Dear Dr. {El},
Dear {D},
Sincerely,\n{D}, MD
Best regards,\n{Df}
Warm regards,\n{D}\n{hosp}
{Df} {Dl}, MD\n{dept}\n{hosp}
patient {Pt} requests a refill of {drug}
Spoke w/ {Pf} by phone re: {lab}.
LM for {Pf} to call back.
Called {P} at {phone}, no answer.
{Rf} ({relation}) states that {Pf} fell at home.
{relation} ({Rf}) at bedside.
Witness: {X}
Reviewed by {X} and {X}
{Label}: {Pl}, bed {small}, {dx}.
{Label}: {Pf} reports {symptom}.
{Label}: {P}, {age}F, {dx}
{Label}: {Pf} and {Rf}. {Label}: {symptom}.
{Word}: {Pl}, {word} {word}
{Pf} {word} the {word}. {Pl} {word} well.
{P}'s chart was reviewed. {Pl}'s wound is clean.
{P}'s {relation} and {Rf}'s {relation} came.
{Pf} ate and slept well; {Rf} stayed.
{Ps} {word} the {word}.
{P} {word} in the {word}.
{Rf} asked about the {word}. {Xf} did not.
{Eponym} negative. {Pf} is a {job} from {city}.
No {Eponym} sign. {Pl} was extubated. {Xl} was not.
{Pf} was weaned off oxygen. {Pl} went to the OR.
Hospice nurse {Xf} saw {Pf} at home in {city}.
Relocated to {city} to be near {poss} {relation}.
Resides in {city}. Often in {city} for work.
Arrived by ambulance from {city}.
Raised in {city}; spends winters in {city}.
Team: {Xl}, {Xl}, {Xl}
On call: {Xl}/{Xl}
Scribe: {X}
I, {X}, am scribing for and in the presence of Dr. {D}.
{P}, {age}M, with {dx}
{P}, a {age}-year-old {people} {sex}, presents with {symptom}.
{age}yo F {P} here for {dx} f/u
pt {Pf} says {symptom} since tuesday
{P} (DOB: {date}) was brought in by {R} after a fall in {city}.
The {Pl} family met with palliative care.
Mr. and Mrs. {Pl} were counselled.
Drs. {Dl} and {El} performed the {procedure}.
{Dl} et al. reviewed the films.
Operative note: {P}, {procedure}, surgeon {Dl}
Sample collected by {Nf} at {time}.
Specimen received from {hosp}, labeled "{P}".
""".strip().split("\n")

NEGATIVE_CLINICAL = """
{Eponym} {head} was negative.
The {Eponym} {head} was {result}.
{Eponym} {head} {small}, stable.
A {Eponym} {head} was placed.
History of {Dx}.
PMH: {dx}, {dx}, {Dx}
Past medical history: {Dx}, {dx}, and {dx}.
Assessment: {Dx}
{Dx}
{DX}
{Dx}: continue {drug}.
Impression: 1. {Dx} 2. {Dx}
{Drug} {dose} PO daily
{Drug} {dose}, {Drug} {dose}, {drug} {dose}
Medications: {Drug}, {Drug}, {drug} and {drug}.
Continue {Drug} and {drug}; hold {Drug}.
Allergies: {Drug} (rash), {drug}
Allergic to {Drug}.
Started {Drug} in {month}.
Include {Drug}, {Drug}, and {Drug}.
No evidence of {dx}.
Family history is positive for {Dx}.
{HEADING}:
{HEADING}: {dx}, {dx}
{Heading}: Negative except as above.
{Heading}
Physical Examination: Vital signs stable. Lungs clear. Heart regular rate and rhythm.
Abdomen soft. Extremities no edema. Neck supple. Skin warm and dry.
Patient denies chest pain, shortness of breath and {symptom}.
Pt c/o {symptom} x {small} days.
The patient was seen in the Emergency Department.
Discussed with Cardiology and Infectious Disease.
Referred to {dept}.
Follow up with {dept} in {small} weeks.
Discharge instructions were given to the patient.
BP 120/80, HR {small}8, Temp 98.6, SpO2 97% on RA.
{LAB} {small}.2, {LAB} {small}30, {LAB} 0.{small}
Labs: {LAB} within normal limits, {LAB} elevated.
CT of the {body} without contrast showed no acute findings.
MRI {Body} {result}.
X-ray of the left {body}: no fracture.
{LAB} pending, {Body} ultrasound {result}.
Blood cultures grew {Bug}.
{Bug} was treated with {drug}.
Positive for {Bug}.
{procedure} was performed without complication.
{Procedure} and {procedure} in {month} {year}.
Status post {procedure}.
The {people} diet was discussed.
{People} speaking {sex} from {country}.
The patient is {people} and speaks {people}.
Vaccines: {Vaccine}, {Vaccine}
Insurance: Medicare Part B
Insurance: Blue Cross, member ID {num}
Insurance: Blue Cross Blue Shield
Blue Shield PPO, group {num}
Payer: United Healthcare, ID {num}
Primary insurance Aetna, secondary Medicare.
Insured by Kaiser Permanente. Humana Gold Plus.
{Word} {Word}, {word} ID {num}
Will follow up in {month}.
Seen in {month}, {month} and {month}.
{month}, {month} and {month} {year}
in {month} or {month}; since {month}
{Eponym} {small} and {small}.
Apgar {small} and {small}. Apgars {small}/{small}.
The Apgar was {small} at one minute and {small} at five.
in {ABBR} mode
She was last seen on {Day}.
On {Day} and {Day} she takes {drug}.
May be discharged home when stable. Will need a walker.
Mark the site before surgery. Grant access to the chart.
Bill the visit to insurance. Rose bengal stain was negative.
Consider {Eponym} {head} if no better.
{Eponym}'s disease is unlikely.
Rule out {Eponym} disease, {Eponym} syndrome and {dx}.
Using the {Eponym} criteria, the risk is low.
{Eponym} and {Eponym} signs absent.
Sutured with 3-0 {Product}.
Uses a {Product} inhaler.
Blood pressure cuff, {Product} pump, {Product} scanner.
Alert and oriented to person, place and time.
The resident and the attending agreed. The nurse was told.
Dr. was notified.
Mother is healthy, father had {dx}, brother with {dx}.
Her mother died of {dx} at age {age}.
He is married, with two sons and a daughter.
Alcohol: social. Tobacco: {small} pack years. Lives alone.
Plan: Start {drug}. Check {LAB}. Return to clinic.
Advance Directive: Full Code
Code Status: DNR/DNI
DISPOSITION: Home
CHIEF COMPLAINT: {symptom}
Chief Complaint: {Symptom}
ROS: {Symptom}, {symptom}; otherwise negative
Skin: Rash. Neuro: Nonfocal. Psych: Normal Affect.
Grade {small} {Dx}
Stage IV {dx}
Type 2 Diabetes Mellitus with Hyperglycemia
Deep Vein Thrombosis Prophylaxis
Lactated Ringer's at 100 ml/h
Patient Instructions
Nursing Notes
After Visit Summary
Date of Service: {date}
Date of Birth: {date}
Medical Record Number: {mrn}
The Patient Was Seen In The Clinic
Daily Weight, Strict Intake And Output, Low Sodium Diet
Seen in Clinic {small}B, Room {small}, Bed A
North Wing, Third Floor, Unit {small} West
Labs drawn per Sepsis Protocol; Rapid Response Team at bedside.
Hold Lovenox. Resume Eliquis per Vascular.
GCS 15. NIHSS {small}. CHA2DS2-VASc {small}. MELD {small}.
Denies SI/HI. PHQ-9 {small}, GAD-7 {small}.
WBC {small}.2, Hgb {small}.1, Plt {small}30, Na 140, K 4.1, Cr 0.{small}
T: 98.6 P: 7{small} R: 16 BP: 120/7{small}
Dx: {dx}. Rx: {drug} {dose} BID #60
c/w {drug}, d/c {drug}, f/u {dept}
{Eponym} absent bilaterally. {Eponym} negative.
{Eponym} positive on the left. No {Eponym}.
The {Eponym} and {Eponym} were explained to the patient.
{Eponym} tube removed; {Eponym} drain in place; {Eponym} incision healed.
{Eponym} {small}. {Eponym} {small} and {small}.
{Eponym} titer {result}, {ABBR} well controlled, {ABBR} in remission.
{ABBR}, {ABBR} and {ABBR}.
PMH: {ABBR}, {ABBR}, {ABBR}, s/p {procedure}
{ABBR} {result}. Denies {ABBR}.
history of {abbr} and {abbr}, on {drug}
{Label}: {dx}
{Label}: {symptom}. {Label}: afebrile, {result}.
{Label} - {symptom}; {Label} {result}
{Label}: bed {small}, {dx}.
{Word} {word}: {result}.
{Word} the {word} and {word}.
{Heading}: Stable. {Heading}: see {word}.
Take {Drug} or {Drug} as needed. Hold {Drug}. Resume {Drug} in {month}.
{Dx}, {Dx}, {Dx}.
{PlaceTerm} {small}.
a {Eponym} {Eponym} {head}
{BugShort} and {BugShort}
{BugShort} grew in {Day}'s cultures.
from {Maker}, made by {Maker}
{initial} Young patient. {initial} {Word} {word}.
{ABBR} is well controlled. {ABBR} {word}.
{PlaceTerm} {small}. {Eponym} {small} and {small}.
The {PlaceTerm} is {result}.
{PlaceTerm} {result}, {symptom}.
Calculated {PlaceTerm} of {small}; {ABBR} {small}.
""".strip().split("\n")

CHAT = """
hi this is {p}, i need help with my account
hi, my name is {p} and i live in {city}
hello my name is {p}
my name is {p} and my date of birth is {date}
this is {pf} from {org}
this is {p} calling about my prescription
hey {pf}, did you see the message from {Q}?
hey {pf} can you look at this
hi {pf}! how are you doing
thanks {pf}, see you on {Day}
thank you {pf}
ok {pf} talk soon
{pf}, please call {q} back at {phone}
{pf} and {qf} are coming to {city} next week
i talked to {pf} yesterday, she said {qf} is out
can you email {Q} and tell {xf} about the meeting
ask {pf} or {qf}
did {pf} send the file?
I met {P} in {city} last {Day}.
I'm {P}.
I am {P}, a {job} from {city}.
I'm {Pf} by the way
Is {Pf} there? No, but {Qf} is.
it's {pf}
its {p} here
Please add {P} to the account as an authorized user.
Please forward this to {P} and {Q}.
Could you tell {Pf} that {Qf} {Ql} called?
I would like to speak to {P} please
Can I talk to Mr. {Pl}?
Just spoke with {P}; she is flying from {city} to {city} on {Day}.
We should invite {Pf}, {Qf}, and {Xf}.
{Pf}: did you get it?
{Pf}: yes, sent it to {Qf}
@ {time} {Pf} {Pl}: hello
[{time}] {P}: the build is red again
<{Pf}> lgtm
From: {P} <{email}>
To: {Q} <{email}>
Cc: {X} <{email}>; {X} <{email}>
On {date}, {P} wrote:
> {Pf} said the meeting moved
Hi {Pf},
Hello {P},
Dear {Pt},
Dear Mr. {Pl},
Dear {P}:
Best,\n{Pf}
Thanks,\n{P}
Cheers,\n{P}\n{job}, {org}
-- \n{P}\n{org}\n{num} {street}, {city}, {ST} {zip}
Kind regards\n{Pf} {Pl}
Regards, {Pf}
xoxo {pf}
my {relation} {pf} lives in {lowercity}
my {relation} {pf} is in {lowercity} and {qf} is in {lowercity}
we are moving to {lowercity} with {pf}
hi there, {p} here, {word} {word}
hey its {pf}, running late
its {pf}, {word} the {word}
hey it's {Pf}, {word} {word}
hello, {Pf} here
{Pf}
{Pf}: {word} {word}?
email {Pf}, copy {Qf}
and copy {Qf}
call {p} back
somebody call {p} please
{P} asked whether {Q} could {word}
{Word} {P} on the {word} to {city}.
{Word} with {P} in {city} for {word}
{word} {Pf} and ask about {city}
flew from {lowercity} to {lowercity}, love {lowercity}
I miss {city}.
the {city} trip was {word}
Write a letter to {P} about {poss} results.
Summarize the visit of {P} on {date}.
Write an email from {P} to {Q} about the invoice.
What should I tell {Pf} about the diagnosis?
The customer is {P}, she lives at {num} {street} in {city}.
{P} works for {org} in {city}.
{P} joined {org} in {year}.
{Pf} grew up in {city} and studied at {org}.
{P} of {city} won the race.
{P}, {age}, of {city}, was arrested on {Day}.
{P} and {Q} got married in {city}
according to {P}, the plan is ready
{P}'s appointment is on {date}
{Pf}'s mom is here
{Pl}'s chart is missing
is {pf} coming to {city}
i'm moving to {city} in {month}
we drove from {city} to {city}
flight from {city} to {city} on {date}
what is the weather in {city}
How far is {city} from {city}?
near {city}, {country}
in {city}, {state}
I live in {city}
I live at {num} {street}, {city}
im in {city} rn
born in {city}, raised in {city}
the office in {city} is closed
our {city} office
She was in {city} when {Pf} called from {city}.
Meet me at the corner of {street} and {street}.
assign this to {pf}
@{handle} {Pf} is on vacation
Reviewed by {P}
Approved by: {P}
Created by {P} on {date}
Contact {P} at {email} or {phone}
Employee: {P}, {job}
Tenant: {P}
Applicant: {Pr}
Passenger: {PrU}
Driver: {P}
Student: {P}, teacher: {Qt}
patient name is {p}, dob {date}
pt {p} needs a refill
please check on {p} in room {small}
{p} in bed {small} is asking for pain meds
dr {ql} wants labs on {p}
dr. {q} said {pf} can go home
mrs {pl} in {small}b fell
mr {pl} refused his meds
nurse {qf} paged you about {pl}
tell {qf} that mr. {pl} is ready
PATIENT {PU} CALLED FROM {CITY}
CALL {PU} BACK
ATTN: {PU}
{PU}
{P}
{Pr}
{P}, {Q}, {X}
1. {P}
- {P}
* {Q} ({city})
{P} - {job}
{P} | {job} | {org}
{P}\t{date}\t{city}
{P};{date};{city};{ST}
{Xf},{Xl},{date},{phone}
{X},{phone}
Attendees: {P}, {Q}, {Xf}, {Xf}
Participants: {Pf}, {Qf}, {Xf}
{Pf} {initial} will bring the forms; {Qs} has the keys.
{Ps} and {Qs} are in the same class.
Spoke to {Ps} about {relation}.
President {Xl} met with Senator {Xl} in {city}.
I love {X}'s new song
{X} is the best player ever
RT: {X} scored again against {org}
Happy birthday {Xf}!!
RIP {X}
watching {X} on tv with {pf}
""".strip().split("\n")

# Sentences of letters, news, reviews, stories, shops, schools, banks, courts: names where no title announces them.
PROSE = """
{Pl} and {Ql} were both late.
Who is {P}?
Where is {Pf} from?
What did {Pl} say about the {word}?
Have you met {P}?
"{Word} it," said {Pf}.
"I will {word} the {word}," {Pl} said.
{Pf} asked: "Is {Qf} here?"
The {Xl} case was {word}.
The {Xl} brothers own the {word}.
The {Xl}s are coming for dinner.
Directed by {X}. Written by {X} and {X}.
Produced by {X}, with music by {X}.
The song was written by {X} and {X}.
This song by {X} is my favourite.
The book by {X} is on the {word}.
In {Xl}'s view, the {word} is {word}.
{Xl} argues that {word} {word} the {word}.
According to {Xl}, the {word} will {word}.
As {Xl} ({year}) showed, the {word} is {word}.
{Xl} et al. ({year}) {word} the {word}.
({Xl}, {year}; {Xl} and {Xl}, {year})
Tributes flow for {X}, who died on {Day}.
{X} dies at {age}.
{X}, {age}, has been named as the new {job}.
{X}'s killer was jailed for {small} years.
{Xl} wins again in {city}.
{Xl} beats {Xl} in {city}.
{Xl} signs for {org}
{Xl} to meet {Xl} in {city} on {Day}.
{Xl} attacks {Xl} over the {word}.
{Xl}'s {word} {word} is out today
{Xl} scored twice as {city} beat {city}.
{city} police have arrested a man over the {word}.
{city} mayor {X} opened the {word}.
A man from {city} was taken to hospital.
Police in {city} and {city} are looking for {X}.
Flooding closes roads near {city}.
Two people from {city} were hurt in a crash on {street}.
The concert in {city} on {Day} is sold out.
Come home, {Pf}.
Well done {Pf}!!
so proud of {pf} today
miss you {pf}
{pf} is my best friend
{pf} and me at the {word}
omg {pf} stop
is {pf} still at the {word}
{pl} should {word} the {word}
{pl} for president
cant believe {p} did that
{pf} {pl} is the worst
i love {pf} so much
when {pf} said {word} the {word} lol
watching {p} at the {word} with {qf}
They named the baby {Xf}.
We called our dog {Xf}.
What's the name on the account? {P}
agent: can i have your full name please\ncustomer: {p}
Agent: Thank you, {Pf}. And the address?\nCustomer: {num} {street}, {city}
Q: What is your name?\nA: {P}.
Name of the insured: {P}
Beneficiary: {P} ({relation})
My {relation} {Pf} lives in {city}, {state}.
Ship to: {P}, {num} {street}, {city}, {ST} {zip}
The office is at {num} {street}, {city}.
The letter from {city} arrived last night.
{Pf} is from {city}.
{Pf} works at {org}.
{P} from {org} will call you.
{P}, {job} at {org}, said the {word} is {word}.
Meet {P}, our new {job}.
Our {job}, {P}, joined us from {org}.
{P} was born in {city} in {year}.
{P} (born {date} in {city}) is a {people} {job}.
{P} ({year}-{year}) was a {people} {job}.
{Pf} grew up in {city}.
{Pf} married {Q} in {year}; they have two sons, {Xf} and {Xf}.
His son {Xf} and daughter {Xf} survive him.
{P}, beloved {relation} of {Q}, passed away in {city}.
{Pf} opened the door. {Qf} looked up.
{Pf} looked at {Qf} and smiled.
"{Pf}?" she said. "{Pf}!"
Then {Pf} said that {Qf} had left.
{Pl} nodded. {Ql} did not.
{P}\n{num} {street}\n{city}\n{country}
{P}\n{org}\n{num} {street}\n{city}, {ST} {zip}\n{phone}
> {P}\n> {num} {street}\n> {city} {zip}
Venue: {city} Town Hall
Plaintiff {Pl} filed a motion against {Ql}.
{Pl} v. {Ql}
In re {Pl}
Judge {Xl} ruled for {Pl}.
The witness, {X}, identified {Pl}.
Attorney {X} represents {Pl}.
Detective {Xl} interviewed {P} at {time}.
Officer {Xl} arrived at {num} {street}.
Sen. {Xl} and Rep. {Xl} voted against the bill.
President {Xl}, Prime Minister {X} and Governor {Xl}
Coach {Xl} benched {Xl}.
Captain {Xl} and Lt. {Xl}
Sister {Xf}, Brother {Xf}, Father {Xl}
Uncle {Xf} and Aunt {Xf} came over.
Grandma {Xf} called from {city}.
King {Xf} of {country}
Lady {Xl} and Sir {X}
Little {Xf} fell off the swing.
Poor {Xf}!
Big thanks to {X} and {X} for the {word}.
Shout-out to {X}!
Photo by {X}
Story: {X}; photos: {X}
Text and photos by {X}
By {X} in {city}
{city} (AP) - {Word} {word} {word}.
{CITY} - {Word} the {word}, {Xl} said.
Interview with {X}, {job}
Guest: {X}
Host: {X} | Guest: {X}
Starring {X}, {X}, {X}
Cast: {Xf}, {Xf} and {Xf}
1. {X} {num}\n2. {X} {num}\n3. {X} {num}
{Xl} {small}-{small} {Xl}
Player {X} ({city}) {num}
Student {Pf} got an A from Ms. {Ql}.
{Pf} needs help with reading; {Qf} does not.
{Pf} sits beside {Qf} and {Xf}.
Parent: {R}, child: {Pf}
Room {small}: {Pl}, {Ql}
Shift: {Pf} 7-3, {Qf} 3-11
{Pf} -> {Qf}: {word} the {word}
{Pf}/{Qf}/{Xf}
{Pl}/{Ql}
{Pf} & {Qf}
{Pf} + {Qf}
{Pf} (my {relation}) and {Qf} (her {relation})
my {relation}'s name is {pf}
her name is {pf}
his name is {Pf} {Pl}
names are {pf} and {qf}
a guy named {pf}
some woman called {pf} {pl}
the new {job}, {pf}, is nice
our {job} {p} said no
ask for {pf} at the desk
{word} to {pf} about {word}
{pf} says {word} {word}
{pf} wants {word}
does {pf} {word}?
with {p} and {q}
from {p} to {q}
for {p}
by {p}
re: {p}
attn {p}
thx {pf}
""".strip().split("\n")

# Addresses of the world: {Street} with its number and {Town} of one country.
ADDRESSES = """
{Street}\n{Town}
{Street}\n{Town}\n{country}
{Street}\n{Town}\n\n{country} {zip}
{Street}\nApt. {small}\n{Town}\n{country} {zip}
{P}\n{Street}\n{Town}\n{country}
{P}\n{org}\n{Street}\n{zip} {Town}\n{country}
- {P}\n- {Street}\n- {Town}
{Street}, {Town}
{Street}, {Town}, {country}
{Street}, {zip} {Town}
{Street} {Town} {country}
Address: {Street}, {Town}
Address: {Street}\n{Town} {zip}
Name: {P}\nAddress: {Street}, {Town}, {country}
My new address is {Street}, {Town}.
Please send it to {Street}, {zip} {Town}, {country}.
The office is at {Street}, {Town}.
on {Street} in {Town}
in {Town}, {country}
{Pf} moved from {Town} to {Town}.
in {Town}
from {Town}
near {Town}
in {TOWN}
from {TOWN}, {country}
{Street}, {TOWN}
{Street}\\nApt. {num}\\n{TOWN}\\n{country} {zip}
born in {TOWN} and raised in {TOWN}
{TOWN}
{Town}
""".strip().split("\n")

NEGATIVE_CHAT = """
hi, can you help me with my account
hello how are you doing today
my name is on the list already
this is great news, thanks a lot
Thanks, see you on {Day}
Good morning everyone
Happy {Day}! Have a great weekend
I ordered a {Product} last {month}
{Product} does not work with {Product}
How do I install {Product} on Windows?
The {Product} API returns an error
I use {Product}, {Product} and {Product} every day
Please fix the bug in the Login Page
What is the capital of {country}?
I love {people} food
{People} restaurants are the best
Christmas and Easter are holidays
Please confirm receipt. Best regards
Click Save, then choose Export As and press OK.
Open Settings > Privacy > Location Services
Terms and Conditions apply. All Rights Reserved.
Frequently Asked Questions
Chapter {small}: Getting Started
Table of Contents
Monthly Report for {month} {year}
The Board of Directors approved the budget.
Customer Service is open on {Day} and {Day}.
Explain the {Eponym} {head} to a medical student.
What is the dose of {Drug} for {dx}?
Is {drug} safe with {Drug}?
Summarize this note. Do not redact anything.
Write a function that parses names and returns a list.
The President and the Senate met.
In {month} the team will release version {small}.0.
Will you be there? May I come? Mark my words.
Hope you are well. Grace period ends. Joy and faith.
I will bill you in august. rose water. hunter green.
the patient said she may come in june
she has a grant and will march on
go to the store and bring some bread, please
lol that was so funny omg
no way!! really?
The Quick Brown Fox Jumps Over The Lazy Dog
TODO: Fix This Later
IMPORTANT: READ BEFORE USE
WARNING: DO NOT TOUCH
NOTE TO SELF: BUY MILK
Subject: Your Order Has Shipped
Subject: Re: Meeting on {Day}
Order Confirmation
Your Amazon order of {Product} has arrived.
New Features And Bug Fixes
Machine Learning, Deep Learning and Data Science
{Product}, {Product} and {Product} run on {Product}.
Plain {people} please. Explained in Plain {people} and {people}.
{Word} {Word} and {Word} {Word}
The {Word} {Word} is on page {small}.
{ABBR} and {ABBR} are not {abbr}
{Word}, then {word} {word}.
Newton's method and Gaussian elimination are used here.
The Fourier transform, the Laplace operator and Bayes' theorem
Dijkstra's algorithm, a Bloom filter, a Markov chain, and the Fibonacci numbers
Euclidean distance, Levenshtein distance, Hamming weight, Boolean algebra
""".strip().split("\n")

CODE = """
// Created by {P} on {date}.
// Copyright (c) {year} {P}. All rights reserved.
# Author: {P} <{email}>
# @author {P}
 * @author {P}
/* Written by {P}, {year} */
// TODO({handle}): ask {P} about this
// Thanks to {P} for the patch
    name = "{P}"
VALUES ('{P}', '{num}');
INFO {word} {word} of {P} {word}={num}
reported by {P} <{email}>
{word}="{X}"
    patient = Patient(name="{P}", city="{city}")
let patient = Patient(first: "{Pf}", last: "{Pl}")
const user = {{ firstName: '{Pf}', lastName: '{Pl}', city: '{city}' }};
INSERT INTO patients (first, last, city) VALUES ('{Pf}', '{Pl}', '{city}');
SELECT * FROM patients WHERE last_name = '{Pl}' AND first_name = '{Pf}';
UPDATE users SET name = '{P}' WHERE id = {num};
{{"name": "{P}", "birthDate": "{date}"}}
{{"patient": {{"first_name": "{Pf}", "last_name": "{Pl}"}}, "city": "{city}"}}
"family": "{Pl}", "given": ["{Pf}"]
"display": "{P}"
"display": "Dr. {D}"
"reference": "Patient/{num}", "display": "{P}"
"text": "{P}",
  patient_name: {P}
  name: "{P}"
author: {P}
reviewer: {P}, {Q}
<name>{P}</name>
<given>{Pf}</given><family>{Pl}</family>
<city>{city}</city>
<td>{P}</td><td>{city}</td>
| {P} | {date} | {city} |
| {Pl} | {Pf} | {mrn} |
{P},{date},{city},{ST}
{Pl},{Pf},{date},{num} {street},{city},{ST},{zip}
{num},{Pf},{Pl},{email},{city}
patient={P} mrn={mrn}
user="{P}" action=login
INFO {time} opened chart of {P} (mrn {mrn})
{date} {time} ERROR could not save record for {P}
[INFO] user {P} logged in from 10.0.0.{small}
assert greet("{Pf}") == "Hello, {Pf}!"
print("Hello, {P}")
expect(screen.getByText('{P}')).toBeVisible()
Signed-off-by: {P} <{email}>
Co-authored-by: {P} <{email}>
Reported-by: {P}
commit by {P}
PID|1||{mrn}||{Ph}||{num}|F|||{num} {street}^^{city}^{ST}^{zip}
PV1|1|I|||||{num}^{Dh}
NK1|1|{Rh}|SPO
OBX|1|TX|||Reviewed by {D}
""".strip().split("\n")

NEGATIVE_CODE = r'''
{snake}({CONST} *{short}, {Type} **{short});
    {short} = {snake}({short}, {ABBR});
OPENSSL_{CONST}({ABBR}, {CONST});
// {word} the {word} + {ABBR} + {word}.
 * {Word}s:
 *   {short} {word} {short}
"{word} to {word} {Word} Key\\n"
    {num} /* {ABBR} {num}-{num} {Type} */,
// {Word}-only {word} for {Type}
  case {word}
  case {word}
In {ABBR} mode, {word} {word}
// {ABBR} - {algorithm} {word} {short}
// {Word} - {algorithm} {word} up
// {word} {algorithm} {word}
// {Algorithm} {word}: {snake}
Written in {Product}. Works with {Product} and {Product}.
# {Product} {Word} {Word}
# {Word} {Product}
building {word} {word} in {Product}.
To work on {Word} in {Product}, open the {word} in {Product}.
This source file is part of the {Product} {Word} open source project
[{Product}](https://{word}.com/{word}/{word})
in {Product} {small}.{small} or later, for {Product}
  goto {short};
        goto {word};
  {short}	{short}, {short}
	{short}l	%{short}, %{short}	// {word} {short} with {short}
headers.add(name: "{Word}", value: "{word}.com")
{Word}-level {word} of {Word}-wise {word}
// {Word} {word} each {word} as {ABBR}.
inout {Word}) {{ {word}.{ident}({word}) }}
({word}.{ident} as {Type}).{ident}  // {Word}, {word}.
func {ident}(_ {word}: {Type}) throws -> {Type} {{
    let {ident} = {Type}({word}: {word}, {ident}: {num})
    guard let {word} = {ident}.{ident} else {{ return nil }}
        return self.{ident}.map {{ $0.{word} }}
class {Type}({Type}):
    def {snake}(self, {snake}: {Type} = None) -> {Type}:
        """Return the {word} of the {Type}."""
    raise {Type}Error("{Word} {word} not found")
import {Type}
from {word} import {Type}, {Type}
// MARK: - {Type}
// {Word} the {word} before the {word} is used.
/// {Word} a {word} in `{Type}`, for {word} and {word}.
/// - Parameter {word}: The {word} of the {Type}.
/// - Returns: A new {Type}.
# {Word} {word} when {Type} is set
/* {Word} {word}: see RFC {num}, Section {small} */
#define {CONST} {num}
#include <{word}/{word}.h>
static const char *{snake} = "{word}";
if ({ident} == {Type}.{word}) {{ {ident}.{ident}(); }}
for (let i = 0; i < {word}.length; i++) {{ {word}[i].{ident}(); }}
export default class {Type} extends {Type} {{
const {{ {word}, {ident} }} = require('{word}');
SELECT {snake}, count(*) FROM {snake}s WHERE {snake} > {num} GROUP BY {snake};
CREATE TABLE {snake} (id INTEGER PRIMARY KEY, {snake} TEXT NOT NULL);
{{"{ident}": {{"{word}": {num}, "type": "{Type}", "status": "active"}}}}
"resourceType": "Observation", "status": "final", "code": {{"text": "{Dx}"}}
"display": "{Dx}"
"display": "{Drug} {dose}"
{CONST}={num}
export {CONST}="{word}"
- name: {Word} {word}
  uses: actions/{word}@v{small}
    runs-on: ubuntu-latest
RUN apt-get install -y {word} {word}
FROM python:3.{small}
{date} {time} INFO {Type} {word} started
[{word}] {Word} {word} in {num} ms
Error: {Word} {word} is not a {Type}
  at {Type}.{ident} ({word}.js:{num}:{small})
Traceback (most recent call last):
  File "{word}.py", line {num}, in {snake}
Licensed under the Apache License, Version 2.0 (the "License");
Permission is hereby granted, free of charge, to any person obtaining a copy
This file is part of the {Product} project.
See LICENSE.txt for license information
SPDX-License-Identifier: Apache-2.0
| {Word} | {word} | {Type} |
## {Word} {Word}
### Using {Product} with {Product}
{Word} {word}, {word} {word} and {word} {word} the {word}.
return {Type}(rawValue: .{word})
Delta {ABBR} Indicator, {Word} {ABBR} {Word}
struct {Word}: {Protocol}, {Protocol} {{}}
let {word} = {Word}({word}: {small})
extension {Type}: {Protocol}, {Protocol} {{}}
struct {Type}<Element: {Protocol}>: {Protocol}, {Protocol} {{
where {Word}: {Protocol}, {Word}.Element: {Protocol}
func {ident}<S: Sequence, T>(_ {word}: S) -> T where S.Element == T.{Word}
    {ident} = {{ {short}, {short} in {short} += {word}.{short} }}
for {short} in {word} {{ {short} = {short} * {short}; }}
void {snake}({Type} *{short}, const {Type} *{short}, size_t {short});
// The {short} and {short} of {word}; |{short}| is {word}, or {CONST}
 * {Word} {short} {word} {short}, {short} and {short}
{Algorithm} codes, {algorithm} tables and the {Algorithm} domain
case .{word}(let {word}): {ident}({word})
@{Type} private var {ident}: [{Type}]? = nil
try await {ident}.{ident}(on: {Type}.{ident})
XCTAssertEqual({ident}, {num}, "{Word} {word}")
# {Product} and {Product} are supported
// {Product} {word} {word} {word}
let months = ["January", "February", "March", "April", "May", "June"]
let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
OBX|1|NM|{num}^{DX}||{small}|mg
MSH|^~\\&|EPIC|LAB|CERNER|HOSP|{num}||ADT^A01|{num}|P|2.5
'''.strip().split("\n")

EPONYMS = """Framingham Foley Parkinson Alzheimer Lyme Crohn Hodgkin Hashimoto Graves Addison Cushing Raynaud Tourette Huntington
Apgar Glasgow Babinski Romberg Murphy McBurney McMurray Lachman Trendelenburg Valsalva Heimlich Doppler Holter Swan-Ganz Pratt Penrose
Kirschner Wilms Ewing Kaposi Burkitt Barrett Marfan Down Turner Klinefelter Asperger Guillain-Barre Sjogren Wegener Kawasaki Bell
Hirschsprung Meckel Dupuytren Baker Colles Wernicke Korsakoff Charcot Ehlers-Danlos Willebrand Epstein-Barr Coombs Gram Wells Geneva
Mallampati Braden Morse Hamilton Beck Rinne Weber Phalen Tinel Homans Kernig Brudzinski Rovsing Obturator Cullen Chvostek Trousseau
Virchow Osler Janeway Roth Kussmaul Cheyne-Stokes Beck Fallot Ebstein Eisenmenger Wolff-Parkinson-White Brugada Mobitz Wenckebach
Paget Pott Scheuermann Osgood-Schlatter Legg-Perthes Salter-Harris Gustilo Garden Weber Rockwood Neer Hawkins Spurling Thomas Ober
Papanicolaou Bartholin Skene Bishop Leopold Moro Ortolani Barlow Tanner Denver Fitzpatrick Wood Nikolsky Koebner Auspitz Bowen Merkel
Mohs Whipple Nissen Roux Billroth Hartmann Ivor-Lewis Lichtenstein Kocher Pfannenstiel McRoberts Burch Bankart Latarjet Jackson-Pratt
Hickman Broviac Groshong Port Kelly Allis Metzenbaum Yankauer Miller Macintosh Bougie Venturi Ambu Hoyer Buck Thomas Jones Sengstaken
Addison Conn Zollinger-Ellison Peyer Langerhans Purkinje Golgi Bowman Henle Krebs Ringer Hartmann Tamm-Horsfall Bence-Jones
Creutzfeldt-Jakob Lewy Pick Friedreich Duchenne Becker Lambert-Eaton Horner Argyll Adie Marcus Gunn Brown-Sequard Lhermitte Hoffman
Gleason Breslow Clark Ann-Arbor Dukes Child-Pugh Ranson Forrest Rockall Blatchford Alvarado Hunt-Hess Fisher Rankin Barthel Katz Lawton
Karnofsky Lansky Borg Kellgren-Lawrence Gold Schatzki Zenker Mallory-Weiss Boerhaave Plummer-Vinson Gilbert Wilson Budd-Chiari Caroli
Goodpasture Alport Fanconi Bartter Liddle Gitelman Berger Henoch-Schonlein Takayasu Behcet Still Felty Reiter Ludwig Vincent Quincke
Meniere Dix-Hallpike Epley Stevens-Johnson Lyell Sweet Ramsay Hunt Osler-Weber-Rendu Sturge-Weber Peutz-Jeghers Lynch Gardner Cowden
Li-Fraumeni Gaucher Fabry Pompe Niemann-Pick Tay-Sachs Hurler Hunter Krabbe Kearns-Sayre Leigh Prader-Willi Angelman Williams DiGeorge
Edwards Patau Noonan Rett Beckwith-Wiedemann Pierre Robin Treacher Collins Munchausen Stockholm Stroop Wechsler Rorschach Rey Boston
Montreal Folstein Wada Schirmer Snellen Ishihara Amsler Goldmann Seidel Kayser-Fleischer Charles Bonnet Mantoux Dick Schick Widal
Ziehl-Neelsen Giemsa Wright Tzanck Sabouraud Petri Bunsen Chagas Hansen Weil Whitmore Carrion Nelson""".split()
HEADS = """score scale sign syndrome disease test catheter procedure fracture maneuver criteria classification reflex node position incision
forceps stain law point triad lesion tumor sarcoma lymphoma palsy contracture esophagus thyroiditis phenomenon drain needle retractor
wire splint tube monitor risk index grade stage bodies cells diverticulum hernia ulcer nodule ring chart inventory protocol repair
operation technique approach equation formula method disorder encephalopathy arteritis gastrectomy fundoplication classification's""".split()[:-1]
HEADINGS = """History of Present Illness|Past Medical History|Past Surgical History|Family History|Social History|Review of Systems|
Physical Examination|Assessment and Plan|Chief Complaint|Medications|Allergies|Vital Signs|Laboratory Data|Hospital Course|
Discharge Diagnosis|Discharge Medications|Impression|Recommendations|Procedure Details|Findings|Indications|Technique|Comparison|
Operative Report|Preoperative Diagnosis|Postoperative Diagnosis|Anesthesia|Estimated Blood Loss|Complications|Disposition|Condition|
Follow-up Instructions|General Appearance|Neurological|Cardiovascular|Respiratory|Gastrointestinal|Genitourinary|Musculoskeletal|
Psychiatric|Mental Status Exam|Imaging|Pathology Report|Gross Description|Microscopic Description|Final Diagnosis|Specimen|
Current Medications|Immunizations|Problem List|Care Plan|Nursing Assessment|Progress Note|Discharge Summary|Consultation Report|
Emergency Department Note|Radiology Report|Patient Education|Functional Status|Advance Directives|Reason for Visit|Subjective|Objective|
Assessment|Plan|Interval History|Code Status|Diet|Activity|Wound Care|Pain Management|Risk Factors|Home Safety|Goals of Care""".replace("\n", "").split("|")
DEPARTMENTS = """Cardiology|Neurology|Oncology|Orthopedics|Dermatology|Gastroenterology|Nephrology|Pulmonology|Rheumatology|Urology|
Emergency Medicine|Internal Medicine|Family Medicine|Physical Therapy|Occupational Therapy|Radiology|Pathology|Psychiatry|Endocrinology|
Infectious Disease|General Surgery|Palliative Care|Pediatrics|Obstetrics and Gynecology|Interventional Radiology|Vascular Surgery|
Pain Clinic|Intensive Care Unit|Social Work|the ED|the ICU|the PACU|hematology|nutrition|ENT|OB/GYN|Wound Clinic""".replace("\n", "").split("|")
LABS = """WBC RBC Hgb Hct Plt Na K Cl CO2 BUN Cr Glucose Ca Mg Phos AST ALT ALP Bilirubin Albumin INR PT PTT TSH HbA1c LDL HDL
Troponin BNP Lactate CRP ESR Ferritin TIBC UA PSA CEA AFP Lipase Amylase CK LDH D-dimer Hemoglobin Creatinine Potassium Sodium Cholesterol
Triglycerides Vitamin Folate Cortisol Platelets Hematocrit""".split()
BODY = """chest abdomen pelvis head neck spine knee hip shoulder wrist ankle foot hand brain heart lung liver kidney spleen pancreas breast
thyroid colon bladder femur tibia humerus elbow finger toe back cervical lumbar carotid aorta""".split()
BUGS = ["E. coli", "Staphylococcus aureus", "MRSA", "Streptococcus pneumoniae", "Klebsiella pneumoniae", "Pseudomonas", "C. difficile",
        "Candida albicans", "Escherichia coli", "H. pylori", "Salmonella", "Listeria", "Mycobacterium tuberculosis", "Influenza A", "COVID-19",
        "Enterococcus faecalis", "Helicobacter pylori", "Borrelia burgdorferi", "Clostridium difficile", "Legionella"]
MAKERS = """Boston Scientific|Abbott Laboratories|Baxter Healthcare|Johnson & Johnson|Becton Dickinson|Edwards Lifesciences|Intuitive Surgical|
Zimmer Biomet|Smith & Nephew|Eli Lilly|Bristol Myers Squibb|Cook Medical|Stryker|Medtronic|St. Jude Medical|Philips Healthcare|GE Healthcare""".replace("\n", "").split("|")
VACCINES = ["Tdap", "MMR", "Prevnar 13", "Gardasil", "Shingrix", "Moderna", "Pfizer", "Hepatitis B", "Fluzone", "Pneumovax", "Varicella"]
PROCEDURES = """appendectomy|cholecystectomy|colonoscopy|cardiac catheterization|total knee arthroplasty|hysterectomy|cesarean section|
tonsillectomy|bronchoscopy|laminectomy|coronary artery bypass graft|endoscopy|hernia repair|mastectomy|thyroidectomy|lumbar puncture|
arthroscopy|central line placement|intubation|thoracentesis|paracentesis|skin biopsy|cataract extraction|vaginal delivery""".replace("\n", "").split("|")
SYMPTOMS = """chest pain|shortness of breath|abdominal pain|headache|dizziness|nausea and vomiting|fever and chills|cough|back pain|
fatigue|weakness|palpitations|blurred vision|a rash|joint swelling|difficulty swallowing|weight loss|insomnia|anxiety|a fall|diarrhea|
numbness in the left arm|right knee pain|sore throat|leg swelling|burning with urination|memory loss|low mood""".replace("\n", "").split("|")
RELATIONS = """mother father wife husband son daughter sister brother aunt uncle grandmother grandfather partner friend neighbor niece
nephew cousin mom dad spouse fiance boyfriend girlfriend caregiver guardian stepfather roommate""".split()
JOBS = """teacher|nurse|engineer|truck driver|software developer|carpenter|lawyer|accountant|farmer|electrician|chef|police officer|
firefighter|librarian|Project Manager|Senior Engineer|Director of Nursing|Head of Sales|plumber|cashier|Vice President|Staff Physician|
pilot|mechanic|student|Data Scientist|Registered Nurse|welder|artist""".replace("\n", "").split("|")
PRODUCTS = """Kubernetes Docker Python Java JavaScript Swift Kotlin Ruby Rust Linux Windows Ubuntu Debian Postgres Redis Kafka Jenkins Jira
Excel Outlook Word PowerPoint Chrome Firefox Safari iPhone iPad Android Galaxy Kindle Alexa Siri Cursor Copilot ChatGPT Claude Gemini Llama
Terraform Ansible Grafana Prometheus Elasticsearch MongoDB MySQL SQLite React Angular Vue Django Flask Rails Spring Hadoop Spark Airflow
TensorFlow PyTorch NumPy Pandas Jupyter Vim Emacs Eclipse Xcode Unity Unreal Blender Photoshop Figma Notion Trello Asana Zendesk Salesforce
Dexcom Omnipod Accu-Chek OneTouch Ventolin Advair Spiriva Symbicort EpiPen Vicryl Monocryl Prolene Dermabond Steri-Strips Velcro Kleenex
Tylenol Advil Gatorade Pedialyte Ensure Boost Metamucil Miralax Dulcolax Colace Pampers Fitbit Garmin Peloton Camry Civic Corolla Prius
Mustang Xbox PlayStation Nintendo Minecraft Fortnite Spotify YouTube Instagram TikTok Twitter WhatsApp Telegram Signal Zelle Venmo PayPal
Bitcoin Ethereum Homebrew Gradle Maven Bazel CMake LLVM Clang Apache Nginx Envoy Istio Helm Vault Consul Nomad Kibana Logstash Sentry
Datadog Splunk Snowflake Databricks Tableau Looker Airtable Stripe Twilio Okta Heroku Vercel Netlify Cloudflare Akamai Fastly Wireshark""".split()
PLACE_TERMS = """Glasgow Coma Scale|Glasgow Coma Score|Framingham risk score|Boston bowel preparation scale|Montreal Cognitive Assessment|
Ottawa ankle rules|Canadian CT head rule|Denver screening|Rocky Mountain spotted fever|West Nile virus|Lyme disease|Ebola|Zika virus|
Geneva score|Vancouver classification|San Francisco syncope rule|Los Angeles grade|Milan criteria|Barcelona staging|Paris classification|
Lyme titer|Lyme antibody|Lyme serology|Minnesota tube|Edinburgh scale|Philadelphia collar|Miami J collar|Stanford type A dissection|
Tokyo guidelines|Rome IV criteria|Berlin definition|Mayo score|Nottingham score|Oxford classification|Cincinnati stroke scale""".replace("\n", "").split("|")
PROTOCOLS = """Sendable Hashable Equatable Codable Decodable Encodable Comparable Identifiable Sequence Collection Iterator Copyable Escapable
CustomStringConvertible RawRepresentable Error Result Optional Pointee Element Index Key Value Base Wrapped Output Input Failure Success
Serializable Cloneable Runnable Callable Iterable Closeable AutoCloseable Observable Darwin Glibc Musl Foundation Dispatch UIKit AppKit WinSDK
Clone Debug Default Display Send Sync Deref Drop Serialize Deserialize Any AnyObject Void Never Self Type Protocol Delegate DataSource""".split()
SHORT = """len str ptr buf ctx val idx cnt tmp src dst fmt msg err fn cb req res arg argc argv env cfg conf init impl util num max min sum avg std cmp
strm adler crc sha md pkey crl oid asn der pem kem kdf hmac iv iter elem attr elt cur prev nxt lhs rhs obj cls sel fd sz off pos lo hi mid
bool int uint char enum struct typedef extern sizeof malloc calloc memcpy strlen printf stdin stdout stderr ifdef endif elif func var async
await subrange substr regex parser lexer token utf ascii json yaml toml html http https url uri api sdk cli gui tcp udp ssl tls outp inp""".split()
ALGORITHMS = """Huffman Montgomery Barrett Karatsuba Dijkstra Levenshtein Fibonacci Euclid Fourier Galois Merkle Bloom Cuckoo Paxos Raft Adler Rijndael
Camellia Blowfish Twofish Serpent Salsa Poseidon Schnorr Pedersen Edwards Weierstrass Miller-Rabin Diffie-Hellman Jacobi Lagrange Horner Newton
Gauss Laplace Bayes Markov Turing Boyer-Moore Aho-Corasick Knuth-Morris-Pratt Rabin-Karp Lempel-Ziv Shannon Hamming Reed-Solomon Viterbi Nagle""".split()
ABBREVIATIONS = """GERD COPD CHF CAD HTN ESRD CKD DVT PE UTI TIA CVA MI CABG PCI TAVR AFib SVT VT NSTEMI STEMI ARDS URI PNA BPH DJD OA RA SLE MS
ALS IBS IBD NASH HCC HCV HBV HIV AIDS TB PTSD ADHD OCD OSA OSH PEG TPN IVC PICC AKI DKA HHS SIADH DIC ITP TTP GBM AML CLL CML NHL MM RCC NSCLC SCLC GIST
PCOS PID IUD TAH BSO EGD ERCP MRCP EEG EMG ECG EKG TTE TEE CTA MRA PET PFT ABG CBC BMP CMP LFT SOB DOE CP HA LOC ROM WNL NAD PERRLA EOMI HEENT JVD CTAB RRR
NPO PRN BID TID QID PO IV IM SC ICU ED OR PACU SNF LTAC PT OT ST RN MD NP PA HPI ROS PMH PSH FH SH NKDA DNR DNI API URL HTTP JSON XML SQL CPU GPU RAM SSD
HTML CSS PDF CSV USB LAN VPN DNS TCP UDP TLS SSH FAQ ETA ASAP FYI CEO CFO HR PR IT QA""".split()
LABELS = """Subjective Objective Assessment Plan Handoff Summary Overview Background Situation Recommendation Disposition Monitoring Access Lines Drains
Airway Breathing Circulation Neuro Pulm Cardiac Renal Heme Endo Lytes Nutrition Prophylaxis Dispo Contact Status Note Notes Addendum Update Events
Overnight Today Tomorrow Goals Barriers Equipment Transport Isolation Precautions Consults Pending Tasks Meds Labs Imaging Cultures Diet Skin Wound Pain
Mood Affect Gait Strength Reflexes Sensation Coordination Speech Vision Hearing Sleep Appetite Bowel Bladder Smoking Alcohol Exercise Work School Home
Safety Support Insurance Billing Coding Version Author Title Subject Priority Severity Environment Steps Expected Actual Result Warning Error Info
Ordering Reported Collected Received Verified Resulted Reviewed Released Scheduled Cancelled Completed Arrived Departed Seen Given Held Stopped Started""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()

LATIN = """ilioinguinal iliohypogastric genitofemoral periventricular paravertebral perivascular transversalis sartorius gracilis psoas iliacus vastus
rectus soleus gastrocnemius trapezius deltoid brachialis pronator supinator extensor tibialis peroneus saphenous popliteal sciatic femoral ulnar radial
median axillary phrenic vagus sural obturator pudendal scalene adductor fascia levator ligamentum septum ductus foramen antrum pylorus""".split()
CARS = """Honda Toyota Ford Chevrolet Nissan Subaru Mazda Hyundai Volkswagen Volvo Tesla Jeep Medtronic Stryker Philips Siemens Mindray Draeger Hamilton
Alaris Baxter Zimmer Smiths Olympus Storz Welch Zoll Lucas Hologic Varian Elekta Getinge Maquet Masimo Nellcor""".split()

import Testing

/// Secrets without an assignment beside them.
@Suite struct CredentialLiteralTests {
  @Test(arguments: [
    ("cy.login('intake', Cypress.env('PW') || 'Plover-hut-31')", "Plover-hut-31"),
    ("pw = os.environ.get(\"DB_PASSWORD\", \"h3ron/lake\")", "h3ron/lake"),
    ("const key = process.env['API_KEY'] ?? 'k9wq22ndx0'", "k9wq22ndx0"),
    ("$db = mysqli_connect('localhost', 'root', 'Tundra1532', 'clinic', 3306);", "Tundra1532"),
    ("new PDO(\"mysql:host=db;dbname=x\", $user, 'w1llow!bend')", "w1llow!bend"),
    ("userPassword: {SSHA}nU4qTt0fWkY2x8pSboQ1ZrJc7aGd5vHe", "{SSHA}nU4qTt0fWkY2x8pSboQ1ZrJc7aGd5vHe"),
    ("hash $2b$12$Wq7ZxR1nYpT0cLdVuKs5Oe stored", "$2b$12$Wq7ZxR1nYpT0cLdVuKs5Oe"),
    ("ConvertTo-SecureString 'Basalt#Kiln7' -AsPlainText", "Basalt#Kiln7"),
    ("JWT_SECRET=\"sunken_Piano_plays_4_gulls\"", "sunken_Piano_plays_4_gulls"),
    ("    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURQ==", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURQ=="),
    ("snmp comm: gr1dlock-ro", "gr1dlock-ro"),
    // In the arguments of commands.
    ("mysql -u intake -p'Curlew7Bay!' -h 10.2.2.2", "Curlew7Bay!"),
    ("ldapsearch -x -D \"cn=a\" -w 'Gr4vel.Otter' -b dc=x", "Gr4vel.Otter"),
    ("sshpass -p Lantern88x scp a b", "Lantern88x"),
    // In sentences.
    ("my pw was reset to Autumn@Lake31 by him", "Autumn@Lake31"),
    ("the password my son picked was Gans!voor3 and", "Gans!voor3"),
    ("he read me his password out loud (Wildcats81!) before", "Wildcats81!"),
    ("temp password for the class was `Heron-Canoe-77!` so", "Heron-Canoe-77!"),
    ("sudo pw same as always: Merlin!1987", "Merlin!1987"), ("the code word heron41 for her", "heron41"),
    ("password for phone updates: snapdragon4.", "snapdragon4"),
    ("called, pw \"fernleaf\" given", "fernleaf"),
    ("temp Hello-3-Ward! until", "Hello-3-Ward!"),
    // What opens doors.
    ("gate code #5518, park", "#5518"), ("keySafe=3390)", "3390"), ("lockbox 6112   wound", "6112"),
    ("cath lab door 7714# and", "7714#"), ("cupboard code D2215K", "D2215K"), ("cvv 662 on it", "662"),
    ("my vpn token 512 907 if", "512 907"), ("(code 663018).", "663018"),
  ])
  func finds(_ text: String, _ secret: String) throws {
    let all = try found(text)
    #expect(all.contains("CREDENTIAL:\(secret)"), "found \(all)")
    try expectTheSameAtEveryCut("so it went on; \(text); and then all of it was done again and again")
  }

  @Test(arguments: [
    "fields = [\"password\", \"user_id2\"]", "validates :token, \"md5sum1\"", "{\"password\", \"sha1hash\"}",
    "env('TOKEN') || 'anonymous'", "getenv(\"SECRET\", \"changed-later\")",
    "mysqli_connect($host, $user, $password)",
    "my password is required.", "password policy: NIST800-63b", "reset the password to log in",
    "password hash is bcrypt12",
    "mysql -p$DB_PASS -P 3306", "mysql -u root -p",
    "pin 0000",
    "the door code is on page 12", "see password_policy_v2", "email the password to jane2@example.org",
    "pw=${PW}", "password: ********",
    "the {sha} of it", "mysqli_connect('localhost', 'root', $pw1)",
  ])
  func leavesAlone(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("CREDENTIAL") } == [])
  }
}

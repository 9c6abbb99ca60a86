import Testing

/// Secrets without an assignment beside them.
@Suite struct CredentialLiteralTests {
  @Test(arguments: [
    ("cy.login('intake', Cypress.env('PW') || 'Plover-hut-31')", "Plover-hut-31"),
    ("pw = os.environ.get(\"DB_PASSWORD\", \"h3ron/lake\")", "h3ron/lake"),
    ("const key = process.env['API_KEY'] ?? 'k9wq22ndx0'", "k9wq22ndx0"),
    ("$db = mysqli_connect('localhost', 'root', 'Tundra1532', 'clinic', 3306);", "Tundra1532"),
    ("new PDO(\"mysql:host=db;dbname=x\", $user, 'w1llow!bend')", "w1llow!bend"),
    ("userPassword: {SSHA}nU4qTt0fWkY2x8pSboQ1ZrJc7aGd5vHe", "nU4qTt0fWkY2x8pSboQ1ZrJc7aGd5vHe"),
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
    "the {sha} of it", "mysqli_connect('localhost', 'root', $pw1)",
  ])
  func leavesAlone(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("CREDENTIAL") } == [])
  }
}

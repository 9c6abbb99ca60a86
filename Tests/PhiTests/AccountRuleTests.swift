import Testing

/// Names of accounts that are made from somebody's, and those of programs and roles.
@Suite struct AccountRuleTests {
  @Test(arguments: [
    ("07:02 ordsvc by=jmcclintock lvl=1", "jmcclintock"), ("{user=\"tohara\"}", "tohara"),
    ("owner: k.okafor", "k.okafor"), ("\"operator\":\"mbeki.t\"", "mbeki.t"),
    ("username: \"rdelgadoRN\"", "rdelgadoRN"),
    ("UPDATE rx SET void_by='TLINDQVIST' WHERE 1", "TLINDQVIST"),
    ("X-Request-User: soledad.ortega", "soledad.ortega"),
    ("printed 11/02 by HMARCHETTI at 2", "HMARCHETTI"),
    ("portal user bmorrison7 got it", "bmorrison7"),
    ("File \"/home/dhaverkamp/etl/load.py\", line 8", "dhaverkamp"), ("C:\\Users\\psorensen\\x", "psorensen"),
    ("ssh gmorrison@10.2.8.14", "gmorrison"), ("psql -U ekowalski claims", "ekowalski"),
    ("cc @tfitzgerald please", "tfitzgerald"), ("marked by Lee, K (ktanaka4)", "ktanaka4"),
    ("203.0.113.8 - lpatel [08/Apr/2024:19:22:51 -0400] \"GET /x\"", "lpatel"),
    ("leavers = ['tmorrison', 'apps']", "tmorrison"), ("**mfitzpatrick** commented", "mfitzpatrick"),
    ("ask drpatel2, she knows", "drpatel2"),
    ("EVN|A01|202309110641|||CJENSEN2\nPID|1||M004^^^X^MR\n", "CJENSEN2"),
  ])
  func somebodys(_ text: String, _ account: String) throws {
    let all = try found(text)
    #expect(all.contains("ID:\(account)"), "found \(all)")
    try expectTheSameAtEveryCut("so it was, \(text)\nand then all of it went on for a while")
  }

  @Test(arguments: [
    "user=postgres by=system", "login=jenkins01 op=replace", "author=unknown", "user=operators tech=swiftly",
    "owner: engineering", "/home/runner/work, /Users/travis/build", "ssh git@10.2.8.14",
    "use @dataclass, @override and @param",
    "by alcohol and by author", "import @angular/core", "('string', 'kwargs', 'maxlen')",
    "sha256 base64 utf8 int32",
    "- root [08/Apr/2024:19:22:51 -0400]", "user login page", "user: currentUser", "psql -U postgres",
    "npm@10.2.8",
  ])
  func nobodys(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("ID") || $0.hasPrefix("NAME") } == [])
  }
}

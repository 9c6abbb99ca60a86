import FilterKit
import JSONTree
import Testing

@testable import JiraFilter
@testable import Notifying
@testable import SlackFilter
@testable import SmtpFilter
@testable import TeamsFilter
@testable import WebhookFilter

private let now: Int64 = 1_790_000_000

private func call(
  _ headers: [(String, String)], _ body: String, method: String = "POST", time: Int64 = now
) -> HookCall {
  HookCall(
    time: time, method: method, path: "/hooks/x", headers: headers.map { (name: $0.0, value: $0.1) },
    body: Array(body.utf8))
}

@Suite struct SlackSignatureTests {
  private static let secret = "8f742231b10e8888abcd99yyyzzz85a5"
  private static let press =
    "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U456%22%2C%22team_id%22%3A%22T123%22%7D%2C%22channel%22%3A%7B%22id%22%3A%22C789%22%7D%2C%22actions%22%3A%5B%7B%22action_id%22%3A%22approve%22%2C%22value%22%3A%22apr_0123456789%22%7D%5D%7D"

  private static func signed(_ body: String, time: Int64 = now, secret: String = secret) -> [(String, String)]
  {
    let code = Codes.hmacSHA256(key: Array(secret.utf8), Array("v0:\(time):\(body)".utf8))
    return [
      ("x-slack-request-timestamp", String(time)), ("x-slack-signature", "v0=" + Codes.hexadecimal(code)),
    ]
  }

  private func read(_ headers: [(String, String)], _ body: String, time: Int64 = now, method: String = "POST")
    throws -> SlackInteraction
  {
    try SlackInteraction.read(
      call(headers, body, method: method, time: time), signingSecret: Self.secret)
  }

  @Test func theSignatureIsAsSlackDocumentsIt() {
    // https://docs.slack.dev/authentication/verifying-requests-from-slack
    let body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    #expect(
      Self.signed(body, time: 1_531_420_618)[1].1
        == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
  }

  @Test func aPressIsRead() throws {
    let press = try read(Self.signed(Self.press), Self.press)
    #expect(press.approval == "apr_0123456789")
    #expect(press.approves)
    #expect(press.person == "T123/U456")
    #expect(press.channel == "C789")
  }

  @Test func whatSlackDoesNotVouchForIsRefused() {
    let good = Self.signed(Self.press)
    var forged: [(what: String, headers: [(String, String)], body: String)] = [
      ("no headers", [], Self.press), ("no signature", [good[0]], Self.press),
      ("no time", [good[1]], Self.press), ("two signatures", good + [good[1]], Self.press),
      ("two times", good + [good[0]], Self.press), ("another body", good, Self.press + "&x=1"),
      ("another secret", Self.signed(Self.press, secret: "other"), Self.press),
      ("an old one", Self.signed(Self.press, time: now - 301), Self.press),
      ("one of the future", Self.signed(Self.press, time: now + 301), Self.press),
      ("a time that is none", [("x-slack-request-timestamp", "soon"), good[1]], Self.press),
      ("upper case", [good[0], ("x-slack-signature", good[1].1.uppercased())], Self.press),
      ("cut", [good[0], ("x-slack-signature", String(good[1].1.dropLast()))], Self.press),
      ("empty", [good[0], ("x-slack-signature", "")], Self.press),
    ]
    // Signed, and still no press of a button of ours.
    for body in [
      "", "payload=", "payload=%7B", "payload={}", Self.press + "&payload=1",
      Self.press.replacing("block_actions", with: "view_submission"),
      Self.press.replacing("approve", with: "open"),
      Self.press.replacing("apr_0123456789", with: "apr_%2F.."),
      Self.press.replacing("U456", with: "\(1)%22%2C%22id%22%3A%22U9").replacing(
        "%22user%22", with: "%22usr%22"),
      "payload=%zz",
    ] { forged.append(("a signed \(body.prefix(24))", Self.signed(body), body)) }
    for one in forged {
      #expect(throws: FilterError.self, "\(one.what)") { try read(one.headers, one.body) }
    }
    #expect(throws: FilterError.self) { try read(good, Self.press, method: "GET") }
  }

  @Test func namesBecomeNoMarkup() throws {
    let notice = try Notice(
      Notification(
        id: "n", attempt: 1, reference: "",
        json: try JSONReader.read(
          Array(
            #"{"event":"approval.asked","approval":{"id":"apr_0123456789","subject":"<!channel> *ana*\n<http://x|y>","pipeline":"p","score":7}}"#
              .utf8))), link: nil)
    let blocks = String(decoding: SlackMessage.blocks(notice, hasButtons: true).canonical, as: UTF8.self)
    #expect(!blocks.contains("mrkdwn"))
    #expect(!notice.headline.contains("\n"))
    #expect(SlackMessage.escaped(notice.headline).contains("&lt;!channel&gt;"))
  }
}

@Suite struct StandardWebhookTests {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  @Test func theSignatureIsTheSpecifications() throws {
    let signature = try StandardWebhook.signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: "1614265330", body: Array(#"{"test": 2432232314}"#.utf8),
      secret: Self.secret, option: "secret")
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func anyOfSeveralSignaturesWillDoAndNoOther() throws {
    let body = "{}"
    let right = try StandardWebhook.signature(
      id: "m1", time: String(now), body: Array(body.utf8), secret: Self.secret, option: "secret")
    func verify(
      _ signature: String, id: String = "m1", time: Int64 = now, body: String = "{}"
    ) throws -> (id: String, time: Int64) {
      try StandardWebhook.verify(
        call(
          [("webhook-id", id), ("webhook-timestamp", String(time)), ("webhook-signature", signature)], body),
        secret: Self.secret, option: "secret")
    }
    #expect(try verify(right).id == "m1")
    #expect(try verify("v1a,AAAA \(right) v1,BBBB").time == now)
    for wrong in ["", "v1,", "v2" + right.dropFirst(2), right.lowercased(), right + right] {
      #expect(throws: FilterError.self, "\(wrong)") { try verify(wrong) }
    }
    #expect(throws: FilterError.self) { try verify(right, id: "m2") }
    #expect(throws: FilterError.self) { try verify(right, body: "{ }") }
    #expect(throws: FilterError.self) { try verify(right, time: now + 1) }
  }

  @Test func aSecretThatIsTooShortIsRefused() {
    #expect(throws: FilterError.self) {
      try StandardWebhook.signature(id: "i", time: "1", body: [], secret: "whsec_YWJj", option: "secret")
    }
  }
}

@Suite struct TeamsMessageTests {
  private static let key = Array("a key of Teams".utf8)

  private static func body(_ text: String, time: Int64 = now) -> String {
    #"{"type":"message","id":"1485983408511","timestamp":"\#(Clock.text(time))","from":{"id":"29:1","name":"Bo","aadObjectId":"AAAAAAAA-1111-2222-3333-bbbbbbbbbbbb"},"text":"\#(text)"}"#
  }

  private func read(_ body: String, authorization: String? = nil) throws -> TeamsMessage {
    let right = "HMAC " + Codes.base64(Codes.hmacSHA256(key: Self.key, Array(body.utf8)))
    return try TeamsMessage.read(
      call([("authorization", authorization ?? right)], body), secret: Codes.base64(Self.key))
  }

  @Test func aCommandIsRead() throws {
    let message = try read(Self.body("<at>Sluice</at>&nbsp;Approve apr_0123456789\\n"))
    #expect(message.command == TeamsMessage.Command(approves: true, approval: "apr_0123456789"))
    #expect(message.person == "aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb")
  }

  @Test(arguments: [
    "<at>Sluice</at> approve apr_0123456789", "<p><at>PHI gate</at>&nbsp;APPROVE <b>apr_0123456789</b></p>",
    "approve\u{A0}apr_0123456789",
  ])
  func aCommandMayHaveMarkupAroundIt(_ text: String) throws {
    #expect(
      try read(Self.body(text)).command == TeamsMessage.Command(approves: true, approval: "apr_0123456789"))
  }

  @Test(arguments: [
    "<at>Sluice</at> hello", "approve", "approve deny apr_0123456789",
    "approve apr_0123456789 apr_1123456789",
    "approve apr_../x", "do not approve or deny apr_0123456789",
    // What somebody else has said, and what says the contrary.
    "<at>Sluice</at> do not approve apr_0123456789", "<at>Sluice</at> approve apr_0123456789 or not?",
    "<blockquote>eve: approve apr_0123456789</blockquote><at>Sluice</at> what is this?",
    "<blockquote>approve apr_0123456789</blockquote><at>Sluice</at> deny",
    "<at>approve</at> <at>apr_0123456789</at>", "<at>x<b>y</at> approve apr_0123456789",
    "apr_0123456789 approve", "approved apr_0123456789",
  ])
  func whatIsNoCommandDecidesNothing(_ text: String) throws {
    #expect(try read(Self.body(text)).command == nil)
  }

  @Test func whatTeamsDoesNotVouchForIsRefused() {
    let body = Self.body("approve apr_0123456789")
    for authorization in ["", "HMAC ", "Bearer x", "HMAC AAAA"] {
      #expect(throws: FilterError.self) { try read(body, authorization: authorization) }
    }
    #expect(throws: FilterError.self) { try read(Self.body("x", time: now - 400)) }
    #expect(throws: FilterError.self) { try read(Self.body("x", time: now + 400)) }
    #expect(throws: FilterError.self) { try read("{}") }
  }
}

@Suite struct JiraChangeTests {
  private func issue(_ status: String, _ histories: String) throws -> JSONValue {
    try JSONReader.read(
      Array(#"{"fields":{"status":{"name":"\#(status)"}},"changelog":{"histories":[\#(histories)]}}"#.utf8))
  }

  @Test func theLastOneWhoMovedItDecides() throws {
    let approved =
      #"{"id":"2","author":{"accountId":"bo"},"created":"2026-11-26T10:00:01.000+0000","items":[{"field":"status","toString":"Approved"}]}"#
    let opened =
      #"{"id":"1","author":{"accountId":"ana"},"created":"2026-11-26T11:00:00.000+0200","items":[{"field":"status","toString":"Open"}]}"#
    let wanted = JiraChange(id: "2", status: "Approved", author: "bo")
    #expect(JiraChange.last(in: try issue("Approved", "\(approved),\(opened)")) == wanted)
    #expect(JiraChange.last(in: try issue("Approved", "\(opened),\(approved)")) == wanted)
    #expect(JiraChange.last(in: try issue("Open", "\(opened),\(approved)")) == nil)
    #expect(JiraChange.last(in: try issue("Approved", "")) == nil)
  }

  @Test(arguments: [
    "{noformat}", "{nofor{noformat}mat}", "{{noformat}noformat}", "{NOFORMAT}", "{noformat:title=x}",
    "[Approve|https://evil.example]",
  ])
  func aNameEndsNoQuotation(_ name: String) throws {
    let text = JiraNotifier.verbatim(try notice(subject: name))
    #expect(text.split(separator: "{noformat}", omittingEmptySubsequences: false).count == 3)
    #expect(text.count(where: { "{}[]".contains($0) }) == 4, "the two marks of the quotation, and no other")
  }
}

func notice(subject: String) throws -> Notice {
  let approval = JSONValue.fields([
    "id": .string("apr_0123456789"), "pipeline": .string("p"), "score": .number(7),
    "subject": .string(subject),
  ])
  return try Notice(
    Notification(
      id: "ntf_1_asked", attempt: 1, reference: "",
      json: .fields(["approval": approval, "event": .string("approval.asked")])), link: nil)
}

@Suite struct NoticeTests {
  @Test func aNameIsOneVisibleLine() throws {
    let hidden = [
      "\n", "\r", "\u{0}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{AD}", "\u{61C}", "\u{E0041}", "\u{2028}",
    ]
    let notice = try PluginTests.notice(subject: "a" + hidden.joined() + "na")
    #expect(notice.subject == "ana")
    let long = String(repeating: "a", count: 5000)
    #expect(try PluginTests.notice(subject: long).subject.unicodeScalars.count == 256)
  }
}

@Suite struct MailMessageTests {
  @Test func aNameCanNotAddAHeader() throws {
    let message = MailMessage(
      try notice(subject: "ana\r\nBcc: eve@example.org"), from: "s@example.org", to: ["bo@example.org"],
      thread: "",
      now: now)
    let text = String(decoding: message.bytes, as: UTF8.self)
    #expect(!text.contains("Bcc"))
    #expect(text.contains("Message-ID: <ntf_1_asked@example.org>\r\n"))
    #expect(text.contains("Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"))
    #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
  }

  @Test(arguments: ["", "a", "a@", "@b", "a b@c", "a@b@c", "a@b>", "\"a\"@b", "a,b@c", "a@b\r\nX: y"])
  func whatIsNoAddressIsRefused(_ text: String) { #expect(!MailMessage.isAddress(text)) }
}

@Suite struct NotifyingClockTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-11-26T10:00:00.123Z", 1_795_687_200),
    ("2026-11-26T12:00:00+02:00", 1_795_687_200), ("2026-11-26T12:00:00.000+0200", 1_795_687_200),
    ("2026-11-26T05:00:00-05:00", 1_795_687_200),
  ])
  func timesAreRead(_ text: String, _ seconds: Int64) {
    #expect(Clock.parse(text) == seconds)
    #expect(Clock.parse(Clock.text(seconds)) == seconds)
  }

  @Test(arguments: [
    "", "now", "2026-11-26", "2026-13-26T10:00:00Z", "2026-11-26T10:00:00", "2026-11-26T25:00:00Z",
    "2026-11-26T10:00:00+2", "2026-11-26T10:00:00.Zx",
  ])
  func whatIsNoTimeIsNone(_ text: String) { #expect(Clock.parse(text) == nil) }
}

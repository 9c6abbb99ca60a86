public import FilterKit
public import JSONTree
internal import Notifying

/// Opens an issue in Jira for each request that waits, and follows its status.
///
/// https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues
public final class JiraNotifier: NotifyFilter {
  public static let name: StaticString = "jira"
  public static let summary: StaticString = "opens an issue in Jira and follows its status"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["url", "token", "project"],
      "properties": {
        "url": { "type": "string", "description": "the site, https://clinic.atlassian.net" },
        "user": {
          "type": "string", "minLength": 1, "maxLength": 256,
          "description": "the account's e-mail, for an API token of Jira Cloud; without it the token is a personal access token of Jira Data Center"
        },
        "token": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the token is"
        },
        "project": { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{1,30}$", "description": "the project's key" },
        "issue-type": { "type": "string", "minLength": 1, "maxLength": 64, "description": "Task by default" },
        "approved": {
          "type": "string", "minLength": 1, "maxLength": 64,
          "description": "the status by which an issue is approved; Approved by default"
        },
        "denied": {
          "type": "string", "minLength": 1, "maxLength": 64,
          "description": "the status by which it is denied; Declined by default"
        },
        "people": {
          "type": "array", "maxItems": 1000,
          "description": "who may answer, by account id (Cloud) or user key (Data Center), and which principal each of them is",
          "items": {
            "type": "object", "required": ["id", "subject", "groups"],
            "properties": {
              "id": { "type": "string", "minLength": 1, "maxLength": 128 },
              "subject": { "type": "string", "minLength": 1, "maxLength": 256 },
              "groups": {
                "type": "array", "maxItems": 64,
                "items": { "type": "string", "minLength": 1, "maxLength": 128 }
              }
            }
          }
        },
        "link": {
          "type": "string", "maxLength": 2048,
          "description": "where the request is to be read; {approval} stands for the approval's id"
        },
        "ca": { "type": "string", "description": "a PEM file to trust in place of the system's" }
      }
    }
    """

  private let service: Service
  private let user: String?
  private let token: SecretReference
  private let project: String
  private let issueType: String
  private let approved: String
  private let denied: String
  private let people: People
  private let link: String?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let token = try SecretReference("token", in: configuration),
      let project = configuration["project"]?.string
    else { throw .configuration("Jira needs a token and a project.", at: "") }
    service = try Service("url", in: configuration)
    self.token = token
    self.project = project
    user = configuration["user"]?.string
    issueType = configuration["issue-type"]?.string ?? "Task"
    approved = configuration["approved"]?.string ?? "Approved"
    denied = configuration["denied"]?.string ?? "Declined"
    people = try People(configuration)
    link = try Link.read(configuration)
    if approved.lowercased() == denied.lowercased() {
      throw .configuration("Approved and denied can't be the same status.", at: "/denied")
    }
  }

  public func send(_ notification: Notification) throws(FilterError) -> Delivery {
    let notice = try Notice(notification, link: link)
    switch notice.event {
    case .asked:
      if notification.attempt > 1, let key = try known(notice) { return .delivered(reference: key) }
      return try open(notice)
    case .settled:
      guard Self.isKey(notification.reference) else { return .delivered(reference: nil) }
      let comment = JSONValue.fields(["body": .string(Self.verbatim(notice))])
      guard
        case .answered(let answer) = try call(
          .post, "/rest/api/2/issue/\(notification.reference)/comment", comment)
      else { return .retry(after: 0) }
      // An issue that somebody has deleted needs no comment.
      guard answer.status == 404 || (200...299).contains(answer.status) else { throw Self.refusal(answer) }
      return .delivered(reference: nil)
    }
  }

  private func open(_ notice: Notice) throws(FilterError) -> Delivery {
    let issue = JSONValue.fields([
      "fields": .fields([
        "description": .string(
          Self.verbatim(notice) + "\n\nMove this issue to \(approved) or \(denied) to decide."),
        "issuetype": .fields(["name": .string(issueType)]),
        "labels": .array([.string("sluice"), .string(Self.label(notice))]),
        "project": .fields(["key": .string(project)]),
        "summary": .string(String(notice.headline.prefix(250))),
      ])
    ])
    switch try call(.post, "/rest/api/2/issue", issue) {
    case .later(let milliseconds): return .retry(after: milliseconds)
    case .answered(let answer):
      guard answer.status == 201, let key = answer.json["key"]?.string, Self.isKey(key) else {
        throw Self.refusal(answer)
      }
      return .delivered(reference: key)
    }
  }

  /// The issue that an earlier attempt has opened without hearing so; nil: there is none. Anybody may put the label on
  /// an issue that was approved long ago: it counts only where this account has made the issue.
  private func known(_ notice: Notice) throws(FilterError) -> String? {
    let query =
      "?fields=key&maxResults=1&jql=creator%3DcurrentUser()%20AND%20project%3D%22\(project)%22"
      + "%20AND%20labels%3D%22\(Self.label(notice))%22"
    // Cloud has no /search any more, and Data Center has nothing but it.
    let path = user == nil ? "/rest/api/2/search" : "/rest/api/3/search/jql"
    guard case .answered(let answer) = try call(.get, path + query), answer.status == 200 else {
      throw FilterError(.unavailable, "Jira can't be searched for the issue of an earlier attempt.")
    }
    return answer.json["issues"]?.array?.first?["key"]?.string.flatMap { Self.isKey($0) ? $0 : nil }
  }

  public func poll(_ open: [OpenNotification], decide: (NotifyReply) -> ReplyOutcome) throws(FilterError) {
    for one in open where Self.isKey(one.reference) {
      let path = "/rest/api/2/issue/\(one.reference)?fields=status&expand=changelog"
      guard case .answered(let answer) = try call(.get, path) else {
        throw FilterError(.unavailable, "Jira asks to be left alone for a while.")
      }
      // An issue that is gone, or that somebody has shut this account out of, decides nothing: its approval expires.
      if answer.status == 403 || answer.status == 404 || answer.status == 410 { continue }
      guard answer.status == 200 else { throw Self.refusal(answer) }
      guard let change = JiraChange.last(in: answer.json),
        change.status == approved || change.status == denied, let person = people[change.author]
      else { continue }
      _ = decide(
        NotifyReply(
          approval: one.approval, approves: change.status == approved, subject: person.subject,
          groups: person.groups, person: change.author, comment: one.reference,
          once: "\(one.reference) \(change.id)", replayUntil: Clock.now() + 30 * 86_400))
    }
  }

  private func call(_ method: Service.Method, _ path: String, _ body: JSONValue? = nil) throws(FilterError)
    -> Service.Called
  {
    let secret = try token.read()
    let credential = user.map { "Basic " + Codes.base64(Array("\($0):\(secret)".utf8)) } ?? "Bearer \(secret)"
    return try service.call(
      method, path,
      headers: [
        ("authorization", credential), ("content-type", "application/json"), ("accept", "application/json"),
        ("x-atlassian-token", "no-check"),
      ], body: body?.canonical ?? [])
  }

  /// Jira's own words may repeat what they were sent; its status says enough.
  private static func refusal(_ answer: Service.Answer) -> FilterError {
    FilterError(.unavailable, "Jira refuses with status \(answer.status).")
  }

  private static func label(_ notice: Notice) -> String { "sluice-\(notice.approval)" }

  /// Wiki markup has no power in it. No brace is left that could end it early.
  static func verbatim(_ notice: Notice) -> String { "{noformat}\n\(notice.plainText)\n{noformat}" }

  private static func isKey(_ text: String) -> Bool {
    (3...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (0x30...0x39).contains($0)
          || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      }
  }
}

/// Who moved an issue to where it is.
struct JiraChange: Equatable {
  let id: String
  let status: String
  let author: String

  /// Nil where the issue is where it was made, or its history does not lead to where it is.
  static func last(in issue: JSONValue) -> JiraChange? {
    guard let status = issue["fields"]?["status"]?["name"]?.string else { return nil }
    var newest: (time: Int64, number: Int, change: JiraChange)?
    for history in issue["changelog"]?["histories"]?.array ?? [] {
      let items = history["items"]?.array ?? []
      guard let item = items.last(where: { $0["field"]?.string == "status" }), let id = history["id"]?.string,
        let time = history["created"]?.string.flatMap(Clock.parse),
        let author = history["author"]?["accountId"]?.string ?? history["author"]?["key"]?.string,
        let number = Int(id), newest.map({ (time, number) > ($0.time, $0.number) }) ?? true
      else { continue }
      newest = (time, number, JiraChange(id: id, status: item["toString"]?.string ?? "", author: author))
    }
    return newest.flatMap { $0.change.status == status ? $0.change : nil }
  }
}

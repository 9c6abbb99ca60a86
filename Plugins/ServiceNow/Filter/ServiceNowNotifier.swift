public import FilterKit
public import JSONTree
internal import Notifying

/// Opens a record in ServiceNow for each request that waits, and follows its approvals.
///
/// https://www.servicenow.com/docs/bundle/latest/page/integrate/inbound-rest/concept/c_TableAPI.html
public final class ServiceNowNotifier: NotifyFilter {
  public static let name: StaticString = "servicenow"
  public static let summary: StaticString = "opens a record in ServiceNow and follows its approvals"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["url", "user", "password"],
      "properties": {
        "url": { "type": "string", "description": "the instance, https://clinic.service-now.com" },
        "user": { "type": "string", "minLength": 1, "maxLength": 128, "description": "the integration's user name" },
        "password": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where its password is"
        },
        "table": {
          "type": "string", "pattern": "^[a-z][a-z0-9_]{1,79}$",
          "description": "a table with approvals, change_request by default"
        },
        "assignment-group": {
          "type": "string", "minLength": 1, "maxLength": 128,
          "description": "the sys_id or the name of the group that it is assigned to"
        },
        "people": {
          "type": "array", "maxItems": 1000,
          "description": "who may answer, by user name, and which principal each of them is",
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
  private let user: String
  private let password: SecretReference
  private let table: String
  private let group: String?
  private let people: People
  private let link: String?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let password = try SecretReference("password", in: configuration),
      let user = configuration["user"]?.string
    else { throw .configuration("ServiceNow needs a user and a password.", at: "") }
    service = try Service("url", in: configuration)
    self.user = user
    self.password = password
    table = configuration["table"]?.string ?? "change_request"
    group = configuration["assignment-group"]?.string
    people = try People(configuration)
    link = try Link.read(configuration)
  }

  public func send(_ notification: Notification) throws(FilterError) -> Delivery {
    let notice = try Notice(notification, link: link)
    switch notice.event {
    case .asked:
      if notification.attempt > 1, let known = try known(notice) { return .delivered(reference: known) }
      return try open(notice)
    case .settled:
      guard Self.isSysID(notification.reference) else { return .delivered(reference: nil) }
      let note = JSONValue.fields(["work_notes": .string(notice.plainText)])
      guard
        case .answered(let answer) = try call(
          .patch, "/api/now/table/\(table)/\(notification.reference)", note)
      else { return .retry(after: 0) }
      guard answer.status == 404 || (200...299).contains(answer.status) else { throw Self.refusal(answer) }
      return .delivered(reference: nil)
    }
  }

  private func open(_ notice: Notice) throws(FilterError) -> Delivery {
    var fields: [(name: String, value: JSONValue)] = [
      ("approval", .string("requested")), ("correlation_display", .string("Sluice")),
      // Journals make HTML of what stands in [code].
      ("correlation_id", .string(notice.approval)), ("description", .string(notice.plainText)),
      ("short_description", .string(String(notice.headline.prefix(160)))),
    ]
    if let group { fields.append(("assignment_group", .string(group))) }
    switch try call(.post, "/api/now/table/\(table)", .object(fields)) {
    case .later(let milliseconds): return .retry(after: milliseconds)
    case .answered(let answer):
      guard answer.status == 201, let id = answer.json["result"]?["sys_id"]?.string, Self.isSysID(id) else {
        throw Self.refusal(answer)
      }
      return .delivered(reference: id)
    }
  }

  /// The record that an earlier attempt has opened without hearing so; nil: there is none. Anybody may make one with
  /// this correlation and approvals of long ago: it counts only where this user has made it.
  private func known(_ notice: Notice) throws(FilterError) -> String? {
    let query =
      "?sysparm_limit=50&sysparm_fields=sys_id,sys_created_by"
      + "&sysparm_query=correlation_id%3D\(notice.approval)%5EORDERBYsys_created_on"
    guard case .answered(let answer) = try call(.get, "/api/now/table/\(table)\(query)"),
      answer.status == 200
    else {
      throw FilterError(.unavailable, "ServiceNow can't be searched for the record of an earlier attempt.")
    }
    let own = (answer.json["result"]?.array ?? []).first { $0["sys_created_by"]?.string == user }
    return own?["sys_id"]?.string.flatMap { Self.isSysID($0) ? $0 : nil }
  }

  public func poll(_ open: [OpenNotification], decide: (NotifyReply) -> ReplyOutcome) throws(FilterError) {
    for one in open where Self.isSysID(one.reference) {
      let path =
        "/api/now/table/sysapproval_approver?sysparm_limit=100"
        + "&sysparm_fields=sys_id,state,approver.user_name,sys_updated_by,sys_updated_on"
        + "&sysparm_query=sysapproval%3D\(one.reference)%5EstateINapproved%2Crejected%5EORDERBYsys_updated_on"
      guard case .answered(let answer) = try call(.get, path) else {
        throw FilterError(.unavailable, "ServiceNow asks to be left alone for a while.")
      }
      guard answer.status == 200 else { throw Self.refusal(answer) }
      for approval in answer.json["result"]?.array ?? [] {
        guard let state = approval["state"]?.string, ["approved", "rejected"].contains(state),
          let id = approval["sys_id"]?.string, let who = approval["approver.user_name"]?.string,
          // An administrator can set the state of anybody's approval: that is not the approver's word.
          approval["sys_updated_by"]?.string == who, let person = people[who]
        else { continue }
        let outcome = decide(
          NotifyReply(
            approval: one.approval, approves: state == "approved", subject: person.subject,
            groups: person.groups, person: who, comment: one.reference, once: "\(id) \(state)",
            replayUntil: Clock.now() + 30 * 86_400))
        if outcome == .approved || outcome == .denied { break }
      }
    }
  }

  private func call(_ method: Service.Method, _ path: String, _ body: JSONValue? = nil) throws(FilterError)
    -> Service.Called
  {
    let credential = Codes.base64(Array("\(user):\(try password.read())".utf8))
    return try service.call(
      method, path,
      headers: [
        ("authorization", "Basic \(credential)"), ("content-type", "application/json"),
        ("accept", "application/json"),
      ], body: body?.canonical ?? [])
  }

  private static func refusal(_ answer: Service.Answer) -> FilterError {
    FilterError(.unavailable, "ServiceNow refuses with status \(answer.status).")
  }

  private static func isSysID(_ text: String) -> Bool {
    text.utf8.count == 32
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

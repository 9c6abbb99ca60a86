internal import Evidence
internal import JSONTree

/// The Open Cybersecurity Schema Framework, version 1.3, one event a line. An exchange's records are API Activity
/// (class 6003); what people decide and change is Entity Management (3004). A record's own data is under `unmapped`, so
/// nothing is lost.
struct OCSFExporter: Exporter {
  func begin() -> String { "" }
  func end() -> String { "" }

  func add(_ record: StoredRecord) -> String {
    let data = (try? JSONReader.read(record.data)) ?? .null
    let isExchange = ["request", "decision", "upstream", "response", "session.opened", "session.closed"]
      .contains(
        record.type)
    let kind = isExchange ? (category: 6, class: 6003) : (category: 3, class: 3004)
    let activity = Self.activity(record.type)
    let isDenied = data["verdict"]?.string == "deny"
    var fields: [(name: String, value: JSONValue)] = [
      ("activity_id", .integer(activity)), ("category_uid", .integer(kind.category)),
      ("class_uid", .integer(kind.class)),
      ("metadata", metadata(record)), ("severity_id", .integer(Self.severity(data, isDenied))),
      ("status_id", .integer(isDenied ? 2 : 1)), ("time", .integer(record.time / 1_000_000)),
      ("type_uid", .integer(kind.class * 100 + activity)),
      ("unmapped", .fields(["data": data, "type": .string(record.type)])),
    ]
    if let subject = data["principal"]?["subject"]?.string ?? data["subject"]?.string {
      var user: [(name: String, value: JSONValue)] = [("name", .string(subject))]
      if let email = data["principal"]?["email"]?.string { user.append(("email_addr", .string(email))) }
      fields.append(("actor", .fields(["user": .object(user)])))
    }
    if isExchange {
      fields.append(("api", .fields(["operation": .string(data["method"]?.string ?? record.type)])))
      if let address = data["client"]?.string {
        fields.append(("src_endpoint", .fields(["ip": .string(address)])))
      }
      if let host = data["host"]?.string {
        fields.append(("dst_endpoint", .fields(["hostname": .string(host)])))
      }
      if let path = data["path"]?.string, !path.isEmpty {
        let request = JSONValue.fields([
          "http_method": .string(data["method"]?.string ?? ""), "url": .fields(["path": .string(path)]),
        ])
        fields.append(("http_request", request))
      }
      if let status = data["status"]?.integer {
        fields.append(("http_response", .fields(["code": .integer(status)])))
      }
    } else {
      let name = data["approval"]?.string ?? data["session"]?.string ?? data["key"]?.string ?? record.type
      let entity = JSONValue.fields(["name": .string(name), "type": .string(record.type)])
      fields.append(("entity", entity))
    }
    if let outcome = data["error"]?.string ?? data["outcome"]?.string {
      fields.append(("status_detail", .string(outcome)))
    }
    return JSONValue.object(fields).line + "\n"
  }

  private func metadata(_ record: StoredRecord) -> JSONValue {
    let product = JSONValue.fields([
      "name": .string("Sluice"), "vendor_name": .string("Sluice"), "version": .string(Sluice.version),
    ])
    var fields: [(name: String, value: JSONValue)] = [
      ("log_name", .string(record.log)), ("product", product), ("sequence", .integer(record.sequence)),
      ("uid", .string("\(record.log)/\(record.sequence)")), ("version", .string("1.3.0")),
    ]
    if let exchange = record.exchange { fields.append(("correlation_uid", .string(exchange))) }
    return .object(fields)
  }

  /// Create 1, read 2, update 3, delete 4, other 99.
  private static func activity(_ type: String) -> Int {
    switch type {
    case "request", "session.opened", "approval.asked": 1
    case "response", "upstream": 2
    case "approval.decided", "policy.changed", "administration": 3
    default: 99
    }
  }

  /// Informational 1, low 2, medium 3, high 4, by the score; a denial is medium at least.
  private static func severity(_ data: JSONValue, _ isDenied: Bool) -> Int {
    let score = Int(data["score"]?.integer ?? 0)
    let byScore = score >= 75 ? 4 : score >= 50 ? 3 : score >= 25 ? 2 : 1
    return isDenied ? max(3, byScore) : byScore
  }
}

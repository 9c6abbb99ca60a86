internal import FilterKit
internal import JSONTree

/// The configuration of a Postgres sink.
struct PostgresOptions: Sendable {
  enum TLS: String, Sendable { case verifyFull = "verify-full", verifyCA = "verify-ca", require, disable }

  /// How long months are kept, and who removes them.
  struct Retention: Sendable {
    var days: Int64
    var user: String?
    var password: Secret?
  }

  var host: String
  var port: Int64 = 5432
  var database: String
  var user: String
  var password: Secret?
  var passwordFile: String?
  var tls: TLS
  var ca: String?
  var certificate: String?
  var key: String?
  var schema = "sluice"
  var migrates = true
  var isReplicated = false
  /// Seconds.
  var timeout: Int64 = 30
  var retention: Retention?

  init(_ configuration: JSONValue) throws(FilterError) {
    func text(_ name: String) -> String? { configuration[name]?.string }
    host = text("host") ?? ""
    database = text("database") ?? ""
    user = text("user") ?? ""
    for (name, value) in [("host", host), ("database", database), ("user", user)]
    where value.isEmpty || value.utf8.contains(0) {
      throw .configuration("'\(name)' is empty.", at: "/\(name)")
    }
    port = configuration["port"]?.integer.map { Int64($0) } ?? port
    password = try text("password").map { (text) throws(FilterError) in try Secret(text, at: "/password") }
    passwordFile = text("password-file")
    tls = text("tls").flatMap(TLS.init) ?? (Self.isLocal(host) ? .disable : .verifyFull)
    ca = text("ca")
    certificate = text("certificate")
    key = text("key")
    guard (certificate == nil) == (key == nil) else {
      throw .configuration(
        "'certificate' and 'key' go together.", at: certificate == nil ? "/key" : "/certificate")
    }
    if ca != nil, tls != .verifyFull, tls != .verifyCA {
      throw .configuration(
        "'ca' is of use with verify-full and verify-ca alone; 'tls' is \(tls.rawValue).", at: "/ca")
    }
    schema = text("schema") ?? schema
    guard !schema.hasPrefix("pg_"), schema != "public", schema != "information_schema" else {
      throw .configuration(
        "'\(schema)' is not the sink's own. Name another schema, e.g. sluice.", at: "/schema")
    }
    migrates = configuration["migrate"]?.bool ?? true
    isReplicated = text("durability") == "replicated"
    if let given = text("statement-timeout") {
      guard let seconds = Int64(given.dropLast()), (1...3600).contains(seconds) else {
        throw .configuration("'\(given)' is no time from 1s to 3600s.", at: "/statement-timeout")
      }
      timeout = seconds
    }
    retention = try configuration["retention"].map { (value) throws(FilterError) in try Self.retention(value)
    }
  }

  private static func retention(_ value: JSONValue) throws(FilterError) -> Retention {
    let keep = value["keep"]?.string ?? ""
    guard keep.hasSuffix("d"), let days = Int64(keep.dropLast()), (1...36_500).contains(days) else {
      throw .configuration("'\(keep)' is no time from 1d to 36500d.", at: "/retention/keep")
    }
    return Retention(
      days: days, user: value["user"]?.string,
      password: try value["password"]?.string.map { (text) throws(FilterError) in
        try Secret(text, at: "/retention/password")
      })
  }

  /// A socket's directory, or addresses that never leave the machine.
  private static func isLocal(_ host: String) -> Bool {
    host.split(separator: ",").allSatisfy { name in
      name.hasPrefix("/") || name == "localhost" || name == "::1"
        || (name.hasPrefix("127.") && name.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) })
    }
  }
}

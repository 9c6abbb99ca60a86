internal import CPostgres
internal import Glibc

/// What a connection is made with: the address as it was given, and what is always so.
struct PostgresParameters {
  private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

  private var pairs: [(keyword: String, value: String)] = []

  /// - Throws: where the address is none that libpq understands, or has options that this program decides.
  init(_ url: String) throws(PostgresFailure) {
    var text: UnsafeMutablePointer<CChar>? = nil
    guard let options = unsafe PQconninfoParse(url, &text) else {
      // libpq's message quotes the address, which may hold a password.
      unsafe PQfreemem(text)
      throw PostgresFailure("its address is not one that libpq understands: postgres://USER@HOST/DATABASE")
    }
    defer { unsafe PQconninfoFree(options) }
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      if let value = unsafe option.pointee.val {
        pairs.append(unsafe (String(cString: keyword), String(cString: value)))
      }
      unsafe option += 1
    }
    complete()
  }

  private func value(_ keyword: String) -> String? { pairs.last { $0.keyword == keyword }?.value }

  private mutating func complete() {
    let host = value("host") ?? value("hostaddr") ?? ""
    let isLocal = host.isEmpty || host.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(host)
    // Approvals and keys over a network are for those alone whose certificate is right.
    if value("sslmode") == nil { pairs.append(("sslmode", isLocal ? "prefer" : "verify-full")) }
    if value("sslmode")?.hasPrefix("verify") == true, value("sslrootcert") == nil {
      pairs.append(("sslrootcert", Self.systemAuthorities))
    }
    if value("ssl_min_protocol_version") == nil { pairs.append(("ssl_min_protocol_version", "TLSv1.2")) }
    for (keyword, value) in [
      ("application_name", "sluice"), ("client_encoding", "UTF8"),
      ("connect_timeout", String(PostgresConnection.connectTime)), ("keepalives_idle", "30"),
      ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "15000"),
      ("target_session_attrs", "read-write"), ("gssencmode", "disable"),
    ] { pairs.append((keyword, value)) }
  }

  /// The address without what is secret, for people.
  var printable: String {
    let host = value("host") ?? value("hostaddr") ?? "(local socket)"
    return "postgres://\(value("user") ?? "")@\(host):\(value("port") ?? "5432")/\(value("dbname") ?? "")"
  }

  /// Begins to connect.
  @unsafe func start() -> OpaquePointer? {
    var storage: [UnsafeMutablePointer<CChar>] = unsafe []
    func copy(_ text: String) -> UnsafePointer<CChar>? {
      guard let copy = unsafe strdup(text) else { return nil }
      unsafe storage.append(copy)
      return unsafe UnsafePointer(copy)
    }
    var keywords: [UnsafePointer<CChar>?] = unsafe []
    var values: [UnsafePointer<CChar>?] = unsafe []
    for pair in pairs {
      unsafe keywords.append(copy(pair.keyword))
      unsafe values.append(copy(pair.value))
    }
    unsafe keywords.append(nil)
    unsafe values.append(nil)
    defer {
      // One of them may be a password.
      while let text = unsafe storage.popLast() {
        unsafe explicit_bzero(text, strlen(text))
        unsafe free(text)
      }
    }
    return unsafe PQconnectStartParams(&keywords, &values, 0)
  }
}

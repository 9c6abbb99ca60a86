internal import CPostgres
internal import Glibc

/// What a connection is made with, as libpq's keywords.
struct ConnectionParameters {
  private var pairs: [(keyword: String, value: String)] = []

  /// Where Debian, and those who follow it, keep the authorities that the system trusts. libpq 15 has no word for it.
  private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

  init(_ options: PostgresOptions, for purpose: Connection.Purpose, name: String) throws(PostgresFailure) {
    pairs = [
      ("host", options.host), ("port", String(options.port)), ("dbname", options.database),
      ("user", options.user),
      ("application_name", name), ("fallback_application_name", "sluice"), ("client_encoding", "UTF8"),
      ("connect_timeout", "10"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
      ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("sslmode", options.tls.rawValue),
      ("gssencmode", "disable"),
      ("target_session_attrs", purpose == .writing ? "read-write" : "any"),
    ]
    if options.tls == .verifyFull || options.tls == .verifyCA {
      pairs.append(("sslrootcert", options.ca ?? Self.systemAuthorities))
      pairs.append(("ssl_min_protocol_version", "TLSv1.2"))
    }
    if let certificate = options.certificate, let key = options.key {
      pairs += [("sslcert", certificate), ("sslkey", key)]
    }
    if let file = options.passwordFile { pairs.append(("passfile", file)) }
    if let secret = options.password {
      let (value, problem) = secret.read()
      guard let value else { throw PostgresFailure(.configuration, problem, pointer: "/password") }
      pairs.append(("password", value))
    }
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

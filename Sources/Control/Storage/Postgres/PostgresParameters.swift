internal import CPostgres
internal import Glibc

/// What a connection is made with, as libpq's keywords.
struct PostgresParameters {
  private var pairs: [(keyword: String, value: String)]

  /// Where Debian, and those who follow it, keep the authorities that the system trusts. libpq 15 has no word for it.
  private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

  init(_ place: PostgresLocation) throws(ControlError) {
    let settings = [
      // What a gateway does is as if it were alone; a gateway that is gone holds nothing.
      "default_transaction_isolation=serializable", "statement_timeout=\(PostgresConnection.statementTime)",
      "lock_timeout=\(PostgresConnection.statementTime)", "idle_in_transaction_session_timeout=10000",
      "search_path=\(place.schema),pg_temp",
    ]
    pairs = [
      ("host", place.host), ("port", String(place.port)), ("dbname", place.database), ("user", place.user),
      ("application_name", "sluice"), ("client_encoding", "UTF8"), ("connect_timeout", "5"),
      ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "10000"), ("sslmode", place.tls.rawValue), ("gssencmode", "disable"),
      ("target_session_attrs", "read-write"), ("options", settings.map { "-c \($0)" }.joined(separator: " ")),
    ]
    if place.tls == .verifyFull || place.tls == .verifyCA {
      pairs.append(("sslrootcert", place.authorities ?? Self.systemAuthorities))
    }
    if place.tls != .disable { pairs.append(("ssl_min_protocol_version", "TLSv1.2")) }
    if let certificate = place.certificate, let key = place.key {
      pairs += [("sslcert", certificate), ("sslkey", key)]
    }
    if let password = try place.readPassword() { pairs.append(("password", password)) }
  }

  /// Begins to connect.
  @unsafe func start() throws(PostgresFailure) -> OpaquePointer {
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
    guard let raw = unsafe PQconnectStartParams(&keywords, &values, 0) else {
      throw PostgresFailure(kind: .connection, message: "libpq is out of memory")
    }
    return unsafe raw
  }
}

/// Arguments in libpq's binary format.
struct PostgresArguments {
  private var types: [UInt32] = []
  private var values: [[UInt8]?] = []

  init(_ arguments: [StoredValue]) {
    for argument in arguments {
      switch argument {
      case .null:
        // The statement says of what type it is.
        types.append(0)
        values.append(nil)
      case .integer(let value):
        types.append(20)
        let bits = UInt64(bitPattern: value)
        values.append((0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) })
      case .text(let value):
        types.append(25)
        values.append(Array(value.utf8))
      case .blob(let value):
        types.append(17)
        values.append(value)
      }
    }
  }

  /// Lends them as libpq takes them.
  @unsafe func lend<R>(
    _ body: (
      UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
      UnsafePointer<Int32>?
    ) -> R
  ) -> R {
    let lengths = values.map { Int32(clamping: $0?.count ?? 0) }
    let formats = [Int32](repeating: 1, count: values.count)
    // One block for all, in which each begins at its offset. An empty value is not a null one: it has an address.
    let block = values.reduce(into: []) { $0 += $1 ?? [] } + [0]
    return unsafe block.withUnsafeBytes { block in
      var offset = 0
      let pointers: [UnsafePointer<CChar>?] = unsafe values.map { value in
        guard let value else { return nil }
        defer { offset += value.count }
        return unsafe block.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
      }
      return unsafe types.withUnsafeBufferPointer { types in
        unsafe pointers.withUnsafeBufferPointer { pointers in
          unsafe lengths.withUnsafeBufferPointer { lengths in
            unsafe formats.withUnsafeBufferPointer { formats in
              unsafe body(types.baseAddress, pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
            }
          }
        }
      }
    }
  }
}

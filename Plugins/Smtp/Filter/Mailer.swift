internal import CCurl
internal import FilterKit

/// Sends a mail through libcurl, over TLS or not at all. [blocking]
struct Mailer {
  /// Milliseconds.
  private static let connectTimeout = 10_000
  private static let time = 60_000
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  let server: String
  let user: String?
  let password: String?
  /// A PEM file to trust in place of the system's; nil: the system's.
  let authorities: String?

  /// What curl has not fetched yet.
  private final class Rest {
    var bytes: ArraySlice<UInt8>
    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
  }

  func send(_ message: [UInt8], from: String, to: [String]) throws(FilterError) {
    guard Self.isReady, let handle = unsafe curl_easy_init() else {
      throw FilterError(.internal, "libcurl can't be used.")
    }
    defer { unsafe curl_easy_cleanup(handle) }
    func set(_ option: CURLoption, _ value: Int) { unsafe sluice_curl_set_long(handle, option, value) }
    func set(_ option: CURLoption, _ value: String) { unsafe sluice_curl_set_text(handle, option, value) }
    set(CURLOPT_URL, server)
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // A server that offers no STARTTLS gets no mail and no password.
    set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, Self.connectTimeout)
    set(CURLOPT_TIMEOUT_MS, Self.time)
    set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    if let authorities {
      set(CURLOPT_CAINFO, authorities)
      unsafe sluice_curl_set_pointer(handle, CURLOPT_CAPATH, nil)
    }
    if let user, let password {
      set(CURLOPT_USERNAME, user)
      set(CURLOPT_PASSWORD, password)
    }
    set(CURLOPT_MAIL_FROM, "<\(from)>")
    var recipients: UnsafeMutablePointer<curl_slist>? = nil
    defer { unsafe curl_slist_free_all(recipients) }
    for address in to { unsafe recipients = curl_slist_append(recipients, "<\(address)>") }
    unsafe sluice_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
    let rest = Rest(message)
    set(CURLOPT_UPLOAD, 1)
    unsafe sluice_curl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(rest).toOpaque())
    unsafe sluice_curl_set_receiver(handle, CURLOPT_READFUNCTION) { target, size, count, context in
      guard let target = unsafe target, let context = unsafe context else { return 0 }
      let rest = unsafe Unmanaged<Rest>.fromOpaque(context).takeUnretainedValue()
      let part = rest.bytes.prefix(size * count)
      unsafe UnsafeMutableRawBufferPointer(start: target, count: part.count).copyBytes(from: part)
      rest.bytes = rest.bytes.dropFirst(part.count)
      return part.count
    }
    let code = withExtendedLifetime(rest) { unsafe curl_easy_perform(handle) }
    unsafe try check(code, handle)
  }

  private func check(_ code: CURLcode, _ handle: UnsafeMutableRawPointer) throws(FilterError) {
    switch code {
    case CURLE_OK: return
    case CURLE_USE_SSL_FAILED:
      throw FilterError(
        .unavailable, "The mail server offers no TLS, and nothing is sent without it.", pointer: "/server")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
      throw FilterError(
        .unavailable, "The mail server's certificate is not trusted: name its authority with 'ca'.",
        pointer: "/ca")
    case CURLE_LOGIN_DENIED:
      throw FilterError(.unavailable, "The mail server refuses the user and the password.", pointer: "/user")
    default:
      var status = 0
      _ = unsafe sluice_curl_status(handle, &status)
      let reply = (500...599).contains(status) ? " It answered \(status)." : ""
      throw FilterError(
        .unavailable,
        "The mail server can't be used: \(unsafe String(cString: curl_easy_strerror(code))).\(reply)")
    }
  }
}

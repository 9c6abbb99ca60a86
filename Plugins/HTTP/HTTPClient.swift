internal import CCurl

/// HTTP through libcurl, on connections that are kept. One thread at a time.
///
/// Redirects are not followed, certificates are always checked, and what may be read is bounded.
@safe package final class HTTPClient {
  /// Bytes of header lines that an answer may have.
  static let headerLimit = 64 << 10
  /// Bytes a second below which a transfer counts as silent.
  private static let slowest = 1024
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let handle: UnsafeMutableRawPointer
  private let certificateAuthorities: String?
  /// Milliseconds.
  private let connectTimeout: Int
  private let silence: Int

  /// - Parameters:
  ///   - certificateAuthorities: a PEM file in place of the system's.
  ///   - silence: milliseconds that an answer may take to begin, or to go on.
  /// Nil where curl can't be used.
  package init?(certificateAuthorities: String?, connectTimeout: Int, silence: Int) {
    guard Self.isReady, let handle = unsafe curl_easy_init() else { return nil }
    unsafe self.handle = unsafe handle
    self.certificateAuthorities = certificateAuthorities
    self.connectTimeout = connectTimeout
    self.silence = silence
  }

  deinit { unsafe curl_easy_cleanup(handle) }

  /// What the callbacks of a transfer fill.
  private final class Receiver {
    var response = HTTPResponse()
    var headerBytes = 0
    let limit: Int
    var isTooLong = false

    init(limit: Int) { self.limit = limit }

    func take(header line: String) {
      headerBytes += line.utf8.count
      if headerBytes > HTTPClient.headerLimit { isTooLong = true }
      // A new status line, as after 100 Continue, begins a new answer.
      if line.hasPrefix("HTTP/") { response.headers.removeAll() }
      guard let colon = line.firstIndex(of: ":") else { return }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      response.headers.append((line[..<colon].lowercased(), String(value)))
    }
  }

  package func perform(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    let receiver = Receiver(limit: request.responseLimit)
    var list: UnsafeMutablePointer<curl_slist>? = nil
    defer { unsafe curl_slist_free_all(list) }
    // curl's own ideas of these headers are taken out.
    for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:", "Accept:"] {
      unsafe list = curl_slist_append(list, line)
    }
    unsafe configure(request, headers: list, receiver)
    let code = unsafe request.body.withUnsafeBytes { body in
      if ["PUT", "POST", "PATCH"].contains(request.method) {
        unsafe sluice_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, body.count)
        // An empty array may have no address, and then curl would wait for a body.
        if body.count > 0, let address = body.baseAddress {
          unsafe sluice_curl_set_pointer(handle, CURLOPT_POSTFIELDS, address)
        } else {
          unsafe sluice_curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, "")
        }
      }
      return unsafe curl_easy_perform(handle)
    }
    // The body and the receiver end with this call, and curl must not remember them.
    defer { unsafe curl_easy_reset(handle) }
    guard code == CURLE_OK else { throw Self.failure(code, isTooLong: receiver.isTooLong) }
    var status = 0
    guard unsafe sluice_curl_status(handle, &status) == CURLE_OK, (200...599).contains(status) else {
      throw TransportFailure(kind: .refused, message: "the answer is no HTTP")
    }
    receiver.response.status = status
    return receiver.response
  }

  private func configure(
    _ request: HTTPRequest, headers: UnsafeMutablePointer<curl_slist>?, _ receiver: Receiver
  ) {
    func set(_ option: CURLoption, _ value: Int) { unsafe sluice_curl_set_long(handle, option, value) }
    func set(_ option: CURLoption, _ value: String) { unsafe sluice_curl_set_text(handle, option, value) }
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let certificateAuthorities {
      set(CURLOPT_CAINFO, certificateAuthorities)
      unsafe sluice_curl_set_pointer(handle, CURLOPT_CAPATH, nil)
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout)
    set(CURLOPT_LOW_SPEED_LIMIT, Self.slowest)
    set(CURLOPT_LOW_SPEED_TIME, max(1, silence / 1000))
    set(CURLOPT_TIMEOUT_MS, connectTimeout + 2 * silence + (request.body.count + request.responseLimit) / 256)
    if !request.mayUseProxy { set(CURLOPT_NOPROXY, "*") }
    unsafe sluice_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    switch request.method {
    case "GET": set(CURLOPT_HTTPGET, 1)
    case "HEAD": set(CURLOPT_NOBODY, 1)
    default:
      set(CURLOPT_POST, 1)
      set(CURLOPT_CUSTOMREQUEST, request.method)
    }
    let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
    unsafe sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    unsafe sluice_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    unsafe sluice_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
      let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
      let room = receiver.limit - receiver.response.body.count
      guard size * count <= room, !receiver.isTooLong else {
        receiver.isTooLong = true
        return 0
      }
      unsafe receiver.response.body.append(
        contentsOf: UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
    unsafe sluice_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
      let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
      let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
      receiver.take(header: String(decoding: unsafe line.filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self))
      return receiver.isTooLong ? 0 : size * count
    }
  }

  private static func failure(_ code: CURLcode, isTooLong: Bool) -> TransportFailure {
    if isTooLong { return TransportFailure(kind: .refused, message: "the answer is longer than it may be") }
    let kind: TransportFailure.Kind =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .unreachable
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED:
        .untrusted
      case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
        CURLE_HTTP2_STREAM:
        .cut
      default: .refused
      }
    return TransportFailure(kind: kind, message: unsafe String(cString: curl_easy_strerror(code)))
  }
}

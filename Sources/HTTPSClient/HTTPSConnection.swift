internal import CCurl

/// Requests of one client, one after the other, on connections that are kept. [blocking] One thread at a time.
@safe package final class HTTPSConnection {
  /// Bytes of header lines that an answer may have.
  private static let longestHead = 64 << 10
  /// Bytes a second below which a transfer counts as silent.
  private static let slowest = 1024
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let handle: UnsafeMutableRawPointer
  private let client: HTTPSClient

  /// Nil where libcurl can't be used.
  package init?(_ client: HTTPSClient) {
    guard Self.isReady, let handle = unsafe curl_easy_init() else { return nil }
    unsafe self.handle = unsafe handle
    self.client = client
  }

  deinit { unsafe curl_easy_cleanup(handle) }

  /// - Parameter take: gets the bytes of a body as they come, in place of the answer; whether to go on.
  package func send(
    _ request: HTTPSClient.Request, handingTo take: ((_ status: Int, _ bytes: [UInt8]) -> Bool)? = nil
  ) throws(HTTPSClient.Failure) -> HTTPSClient.Answer {
    guard HTTPSClient.maySend(request) else { throw .notAllowed }
    let receiver = Receiver(
      limit: min(request.maximumSize ?? client.maximumSize, client.maximumSize), isStopped: client.isStopped,
      take: take)
    // The body and the receiver end with this call, and curl must not remember them.
    defer { unsafe curl_easy_reset(handle) }
    var list: UnsafeMutablePointer<curl_slist>? = nil
    defer { unsafe curl_slist_free_all(list) }
    // curl's own ideas of the last two are taken out.
    for line in request.fields.map({ "\($0.name): \($0.value)" }) + ["Expect:", "Accept:"] {
      guard let longer = unsafe curl_slist_append(list, line) else { throw .unreachable }
      unsafe list = unsafe longer
    }
    guard unsafe configure(request, list, receiver) else { throw .notAllowed }
    let code = unsafe request.body.withUnsafeBytes { body in
      if ![.get, .head].contains(request.method) {
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
    return try withExtendedLifetime(receiver) { () throws(HTTPSClient.Failure) in
      if receiver.isTooLong { throw .tooLarge }
      if receiver.hasEnough { return receiver.answer }
      if code != CURLE_OK, client.isStopped() { throw .stopped }
      try Self.check(code)
      var status = 0
      guard unsafe sluice_curl_status(handle, &status) == CURLE_OK, (200...599).contains(status) else {
        throw .strange
      }
      receiver.answer.status = status
      return receiver.answer
    }
  }

  private func configure(
    _ request: HTTPSClient.Request, _ fields: UnsafeMutablePointer<curl_slist>?, _ receiver: Receiver
  ) -> Bool {
    func set(_ option: CURLoption, _ value: Int) -> Bool {
      unsafe sluice_curl_set_long(handle, option, value) == CURLE_OK
    }
    func set(_ option: CURLoption, _ value: String) -> Bool {
      unsafe sluice_curl_set_text(handle, option, value) == CURLE_OK
    }
    let isPlain = request.reach == .machine || HTTPSClient.isLoopback(request.url)
    guard set(CURLOPT_URL, request.url), set(CURLOPT_PROTOCOLS_STR, isPlain ? "http,https" : "https"),
      // As it was signed.
      set(CURLOPT_PATH_AS_IS, 1),
      set(CURLOPT_FOLLOWLOCATION, 0), set(CURLOPT_NOSIGNAL, 1),
      set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), set(CURLOPT_SSL_VERIFYPEER, 1),
      set(CURLOPT_SSL_VERIFYHOST, 2), set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
      set(CURLOPT_USERAGENT, "sluice"), set(CURLOPT_CONNECTTIMEOUT_MS, client.patience.connect),
      set(CURLOPT_TIMEOUT_MS, receiver.isFollowed ? 0 : total(request))
    else { return false }
    if receiver.isFollowed {
      guard set(CURLOPT_LOW_SPEED_LIMIT, 1), set(CURLOPT_LOW_SPEED_TIME, HTTPSClient.followedSilence)
      else { return false }
    } else if let silence = client.patience.silence {
      guard set(CURLOPT_LOW_SPEED_LIMIT, Self.slowest), set(CURLOPT_LOW_SPEED_TIME, max(1, silence / 1000))
      else { return false }
    }
    // What goes to this machine does not go through another first, whatever the environment says of proxies.
    if isPlain || HTTPSClient.isThisMachine(request.url), !set(CURLOPT_NOPROXY, "*") { return false }
    if let authorities = client.authorities {
      guard set(CURLOPT_CAINFO, authorities),
        unsafe sluice_curl_set_pointer(handle, CURLOPT_CAPATH, nil) == CURLE_OK
      else { return false }
    }
    let isMethodSet =
      switch request.method {
      case .get: set(CURLOPT_HTTPGET, 1)
      case .head: set(CURLOPT_NOBODY, 1)
      case .post, .put, .patch, .delete:
        set(CURLOPT_POST, 1) && set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
      }
    let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
    return unsafe isMethodSet
      && sluice_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields) == CURLE_OK
      && sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, context) == CURLE_OK
      && sluice_curl_set_pointer(handle, CURLOPT_HEADERDATA, context) == CURLE_OK
      && sluice_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receiveBody) == CURLE_OK
      && sluice_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION, receiveHead) == CURLE_OK
  }

  /// Milliseconds. At four bits a microsecond nobody waits for ever, and the largest body has time enough.
  private func total(_ request: HTTPSClient.Request) -> Int {
    client.patience.total
      ?? client.patience.connect + 2 * (client.patience.silence ?? 0)
      + (request.body.count + (request.maximumSize ?? client.maximumSize)) / 256
  }

  private static func check(_ code: CURLcode) throws(HTTPSClient.Failure) {
    switch code {
    case CURLE_OK: return
    case CURLE_OPERATION_TIMEDOUT: throw .timedOut
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED:
      throw .untrusted
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
      CURLE_HTTP2_STREAM:
      throw .cut
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: throw .strange
    default: throw .unreachable
    }
  }

  /// Takes an answer as it comes, up to its limit.
  fileprivate final class Receiver {
    var answer = HTTPSClient.Answer()
    private(set) var isTooLong = false
    private var headBytes = 0
    private let limit: Int
    private let isStopped: @Sendable () -> Bool
    /// Gets what comes, in place of the answer's body.
    private let take: ((_ status: Int, _ bytes: [UInt8]) -> Bool)?
    private(set) var hasEnough = false

    var isFollowed: Bool { take != nil }

    init(
      limit: Int, isStopped: @escaping @Sendable () -> Bool,
      take: ((_ status: Int, _ bytes: [UInt8]) -> Bool)?
    ) {
      self.limit = limit
      self.isStopped = isStopped
      self.take = take
    }

    /// Whether it may go on.
    func take(head line: UnsafeRawBufferPointer) -> Bool {
      headBytes += line.count
      guard headBytes <= HTTPSConnection.longestHead else {
        isTooLong = true
        return false
      }
      let text = String(decoding: unsafe line.filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
      // A new status line, as after 100 Continue, begins a new answer.
      if text.hasPrefix("HTTP/") {
        answer.fields.removeAll()
        answer.status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      }
      if let colon = text.firstIndex(of: ":") {
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        answer.fields.append((text[..<colon].lowercased(), String(value)))
      }
      return !isStopped()
    }

    func take(body part: UnsafeRawBufferPointer) -> Bool {
      if let take {
        hasEnough = !take(answer.status, unsafe [UInt8](part))
        return !hasEnough && !isStopped()
      }
      guard part.count <= limit - answer.body.count else {
        isTooLong = true
        return false
      }
      unsafe answer.body.append(contentsOf: part)
      return !isStopped()
    }
  }
}

private func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let receiver = unsafe Unmanaged<HTTPSConnection.Receiver>.fromOpaque(context).takeUnretainedValue()
  let part = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe receiver.take(body: part) ? size * count : 0
}

private func receiveHead(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let receiver = unsafe Unmanaged<HTTPSConnection.Receiver>.fromOpaque(context).takeUnretainedValue()
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe receiver.take(head: line) ? size * count : 0
}

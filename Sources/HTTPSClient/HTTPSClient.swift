internal import CCurl

/// One request to a service that this installation is told of: an identity provider, a vault. [blocking]
///
/// HTTPS with certificates that are always checked, plain HTTP on loopback alone. No redirect is followed: where a
/// secret is sent is what the owner wrote into the configuration. Time and size are bounded.
package struct HTTPSClient: Sendable {
  package struct Request: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT" }

    package var method: Method
    package var url: String
    /// Names and values; their makers have to keep line ends out of them, and those that have one are not sent.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
      _ method: Method, _ url: String, fields: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
      self.method = method
      self.url = url
      self.fields = fields
      self.body = body
    }
  }

  package struct Answer: Sendable {
    package var status: Int
    package var body: [UInt8]
  }

  /// Why there is no answer. Its text names neither addresses nor values.
  package enum Failure: String, Error, Sendable {
    case unreachable = "it can't be reached"
    case untrusted = "its certificate is not trusted"
    case timedOut = "it did not answer in time"
    case tooLarge = "its answer is larger than it may be"
    case stopped = "this process is ending"
    case notAllowed = "its address or a field is not one that may be used"
  }

  /// A PEM file to trust in place of the system's; nil: the system's.
  package let authorities: String?
  /// Bytes of an answer.
  package let maximumSize: Int
  /// Milliseconds, in all.
  package let time: Int
  /// Asked while an answer comes: whether to give up.
  package let isStopped: @Sendable () -> Bool

  private static let connectTime = 3000
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  package init(
    authorities: String? = nil, maximumSize: Int = 256 << 10, time: Int = 5000,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.authorities = authorities
    self.maximumSize = maximumSize
    self.time = time
    self.isStopped = isStopped
  }

  /// Whether it is `https://HOST…`, or `http://` on loopback; without user, fragment or blanks.
  package static func isAllowed(_ url: String) -> Bool {
    let isPlain = url.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "#")
    }
    guard isPlain, url.utf8.count <= 2048 else { return false }
    if isLoopback(url) { return true }
    return url.hasPrefix("https://") && url.utf8.count > "https://".utf8.count
  }

  package static func isLoopback(_ url: String) -> Bool {
    for host in ["127.0.0.1", "[::1]", "localhost"] {
      let start = "http://" + host
      guard url.hasPrefix(start) else { continue }
      let next = url.dropFirst(start.count).first
      if next == nil || next == "/" || next == ":" { return true }
    }
    return false
  }

  package func send(_ request: Request) throws(Failure) -> Answer {
    try perform(request, Collector(limit: maximumSize, isStopped: isStopped))
  }

  /// Hands an answer over as it comes, for one that goes on: ``time`` is for connecting alone then, and what is silent for
  /// longer than ``silence`` has ended. [blocking]
  /// - Parameter take: gets the bytes as they come, with the status; whether to go on.
  /// - Returns: the status, once the answer has ended or `take` wants no more.
  package func follow(
    _ request: Request, _ take: @escaping (_ status: Int, _ bytes: [UInt8]) -> Bool
  ) throws(Failure) -> Int {
    try perform(request, Collector(limit: .max, isStopped: isStopped, take: take)).status
  }

  /// Seconds.
  private static let silence = 30

  private func perform(_ request: Request, _ collector: Collector) throws(Failure) -> Answer {
    let hasLineEnds = request.fields.contains {
      ($0.name + $0.value).utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
    guard Self.isReady, Self.isAllowed(request.url), !hasLineEnds else { throw .notAllowed }
    guard let handle = unsafe curl_easy_init() else { throw .unreachable }
    defer { unsafe curl_easy_cleanup(handle) }
    collector.readStatus = {
      var status = 0
      _ = unsafe sluice_curl_status(handle, &status)
      return status
    }
    var list: UnsafeMutablePointer<curl_slist>? = nil
    defer { unsafe curl_slist_free_all(list) }
    for line in request.fields.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
      unsafe list = curl_slist_append(list, line)
    }
    guard unsafe configure(handle, request, list, collector) else { throw .notAllowed }
    let result = unsafe request.body.withUnsafeBytes { body in
      if request.method != .get {
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
    if collector.isTooLong { throw .tooLarge }
    if collector.hasEnough { return Answer(status: collector.status, body: []) }
    if result != CURLE_OK, isStopped() { throw .stopped }
    switch result {
    case CURLE_OK: break
    case CURLE_OPERATION_TIMEDOUT: throw .timedOut
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: throw .untrusted
    default: throw .unreachable
    }
    var status = 0
    _ = unsafe sluice_curl_status(handle, &status)
    return withExtendedLifetime(collector) { Answer(status: status, body: collector.bytes) }
  }

  private func configure(
    _ handle: UnsafeMutableRawPointer, _ request: Request, _ fields: UnsafeMutablePointer<curl_slist>?,
    _ collector: Collector
  ) -> Bool {
    func set(_ option: CURLoption, _ value: Int) -> Bool {
      unsafe sluice_curl_set_long(handle, option, value) == CURLE_OK
    }
    func set(_ option: CURLoption, _ value: String) -> Bool {
      unsafe sluice_curl_set_text(handle, option, value) == CURLE_OK
    }
    guard set(CURLOPT_URL, request.url),
      set(CURLOPT_PROTOCOLS_STR, Self.isLoopback(request.url) ? "http,https" : "https"),
      set(CURLOPT_FOLLOWLOCATION, 0), set(CURLOPT_NOSIGNAL, 1),
      set(CURLOPT_TIMEOUT_MS, collector.take == nil ? time : 0),
      set(CURLOPT_CONNECTTIMEOUT_MS, min(Self.connectTime, time)),
      set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)), set(CURLOPT_USERAGENT, "sluice")
    else { return false }
    if collector.take != nil {
      guard set(CURLOPT_LOW_SPEED_LIMIT, 1), set(CURLOPT_LOW_SPEED_TIME, Self.silence) else { return false }
    }
    // What goes to this machine does not go through another first, whatever the environment says of proxies.
    if Self.isLoopback(request.url), !set(CURLOPT_NOPROXY, "*") { return false }
    if let authorities {
      guard set(CURLOPT_CAINFO, authorities),
        unsafe sluice_curl_set_pointer(handle, CURLOPT_CAPATH, nil) == CURLE_OK
      else { return false }
    }
    if request.method != .get {
      guard set(CURLOPT_POST, 1), set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) else { return false }
    }
    return unsafe sluice_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields) == CURLE_OK
      && sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(collector).toOpaque())
        == CURLE_OK
      && sluice_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK
  }
}

/// Takes an answer as it comes, up to its limit.
private final class Collector {
  var bytes: [UInt8] = []
  var isTooLong = false
  let limit: Int
  let isStopped: @Sendable () -> Bool
  /// Gets what comes, in place of ``bytes``.
  let take: ((_ status: Int, _ bytes: [UInt8]) -> Bool)?
  var hasEnough = false
  /// Of the request under way.
  var readStatus: () -> Int = { 0 }

  init(
    limit: Int, isStopped: @escaping @Sendable () -> Bool,
    take: ((_ status: Int, _ bytes: [UInt8]) -> Bool)? = nil
  ) {
    self.limit = limit
    self.isStopped = isStopped
    self.take = take
  }

  var status: Int { readStatus() }
}

private func receive(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let data = unsafe data, let context = unsafe context else { return 0 }
  let collector = unsafe Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
  let length = size * count
  guard collector.bytes.count + length <= collector.limit, !collector.isStopped() else {
    collector.isTooLong = collector.bytes.count + length > collector.limit
    return 0
  }
  if let take = collector.take {
    let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: UnsafeRawPointer(data), count: length))
    guard take(collector.status, bytes) else {
      collector.hasEnough = true
      return 0
    }
    return length
  }
  unsafe collector.bytes.append(
    contentsOf: UnsafeRawBufferPointer(start: UnsafeRawPointer(data), count: length))
  return length
}

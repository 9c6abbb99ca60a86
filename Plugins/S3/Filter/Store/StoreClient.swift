internal import FilterKit
internal import Glibc
internal import HTTPSClient

/// One bucket, spoken to: signs, sends, tries again. One thread at a time.
final class StoreClient {
  struct Request {
    var method: HTTPSClient.Request.Method
    /// Nil: the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var responseLimit = 1 << 20
    /// For messages: "listing the bucket".
    var purpose: String
  }

  /// How often, and how long, a request is tried.
  struct Patience {
    var attempts = 4
    /// Milliseconds; the longest wait before the second try, doubled with each.
    var firstWait: UInt64 = 200
    var longestWait: UInt64 = 5000
    var connectTimeout = 5000
    /// For a look at the settings before anything runs.
    static let none = Patience(attempts: 1, connectTimeout: 3000)
  }

  /// Seconds that this machine's clock may be wrong by before the sink gives up: a day.
  static let greatestSkew: Int64 = 86_400

  /// Bytes of any answer; each request says how many of them it expects.
  private static let longestAnswer = max(Bucket.objectLimit, Bucket.listLimit)

  let endpoint: Endpoint
  private let signature: SignatureV4
  private let credentials: CredentialStore
  private let transport: HTTPSConnection
  private let patience: Patience
  private let host: Host
  /// Seconds to add to this machine's clock.
  private(set) var clockOffset: Int64 = 0
  /// On ``WireTime/monotonic()``: the store asked to be left alone until then.
  private(set) var pausedUntil: UInt64 = 0
  /// Waits that many milliseconds. For tests, which need not wait.
  var sleep: (UInt64) -> Void = { StoreClient.wait($0) }

  init(_ options: S3Options, host: Host, patience: Patience = Patience(), credentials: CredentialStore? = nil)
    throws(StoreFailure)
  {
    guard
      let transport = HTTPSConnection(
        HTTPSClient(
          authorities: options.certificateAuthorities, maximumSize: Self.longestAnswer,
          patience: .whileItGoesOn(
            connect: patience.connectTimeout,
            silence: patience.attempts == 1 ? min(options.timeout, 5000) : options.timeout)))
    else { throw StoreFailure(.refused, "libcurl can't be used on this machine.") }
    self.transport = transport
    self.patience = patience
    self.host = host
    endpoint = options.endpoint
    signature = SignatureV4(region: options.endpoint.region)
    self.credentials = credentials ?? CredentialStore(options.credentials)
  }

  /// Seconds since 1970 as the store has them, as far as that is known.
  var now: Int64 { WireTime.now() + clockOffset }

  /// Sends the request until it is answered for good. Every request of this plugin may be sent twice.
  func send(_ request: Request) throws(StoreFailure) -> HTTPSClient.Answer {
    guard WireTime.monotonic() >= pausedUntil else {
      throw StoreFailure(.unavailable, "The object store asked to be left alone for a while.")
    }
    var attempt = 1
    var hasNewClock = false
    var hasNewKey = false
    while true {
      let failure: StoreFailure
      switch Result(catching: { () throws(StoreFailure) in try sendOnce(request) }) {
      case .success(let response) where (200..<300).contains(response.status): return response
      case .success(let response):
        failure = StoreFailure(response, asked: request.purpose)
        if failure.kind == .wrongTime, !hasNewClock, try setClock(by: response) {
          hasNewClock = true
          continue
        }
      case .failure(let error): failure = error
      }
      switch failure.kind {
      case .expired where !hasNewKey:
        hasNewKey = true
        credentials.forget()
      case .unavailable where attempt < patience.attempts, .conflict where attempt < patience.attempts:
        try pause(failure, attempt)
        attempt += 1
      default:
        // Keys may have been replaced meanwhile; the next try reads them again.
        if failure.kind == .denied || failure.kind == .expired { credentials.forget() }
        if let wait = failure.retryAfter { pausedUntil = WireTime.monotonic() + wait }
        throw failure
      }
    }
  }

  /// Full jitter: any time up to a bound that doubles, so that gateways which failed together do not come back
  /// together. What the store asks for goes first; what is too long to wait for here, the host waits.
  private func pause(_ failure: StoreFailure, _ attempt: Int) throws(StoreFailure) {
    let bound = min(patience.longestWait, patience.firstWait << UInt64(min(attempt - 1, 16)))
    let wait = max(failure.retryAfter ?? 0, UInt64.random(in: 0...bound))
    guard wait <= patience.longestWait else {
      pausedUntil = WireTime.monotonic() + wait
      throw failure
    }
    sleep(wait)
  }

  private func sendOnce(_ request: Request) throws(StoreFailure) -> HTTPSClient.Answer {
    let signed = try signed(request)
    do throws(HTTPSClient.Failure) { return try transport.send(signed) } catch { throw StoreFailure(error) }
  }

  private func signed(_ request: Request) throws(StoreFailure) -> HTTPSClient.Request {
    let time = WireTime.compact(now)
    let key = try credentials.key(now: now)
    let digest = Digests.hexadecimal(Digests.sha256(request.body))
    var headers =
      request.headers + [("x-amz-content-sha256", digest), ("x-amz-date", time)]
    if let token = key.token { headers.append(("x-amz-security-token", token)) }
    let path = endpoint.path(key: request.key)
    let authorization = signature.authorization(
      SignatureV4.Request(
        method: request.method.rawValue, path: path, query: request.query,
        headers: headers + [("host", endpoint.host)],
        payloadDigest: digest),
      access: key, time: time)
    let query = request.query.isEmpty ? "" : "?\(SignatureV4.queryText(request.query))"
    return HTTPSClient.Request(
      request.method, "\(endpoint.scheme)://\(endpoint.host)\(path)\(query)",
      fields: headers + [("authorization", authorization)], body: request.body,
      maximumSize: request.responseLimit)
  }

  /// The store's time is in the `Date` header of its refusal. It moves the times that are signed, and how long
  /// Object Lock keeps, and nothing else. Returns whether it was news.
  private func setClock(by response: HTTPSClient.Answer) throws(StoreFailure) -> Bool {
    guard let theirs = response.field("date").flatMap(WireTime.readHTTPDate) else { return false }
    let offset = theirs - WireTime.now()
    guard abs(offset) <= Self.greatestSkew else {
      throw StoreFailure(
        .wrongTime,
        "This machine's clock and the object store's are \(abs(offset) / 3600) hours apart, more than a day: set it, by NTP for example."
      )
    }
    guard offset != clockOffset else { return false }
    host.log(
      .warning, "this machine's clock is wrong by the object store's, which the s3 sink now goes by: set it",
      [("seconds", offset)])
    clockOffset = offset
    return true
  }

  private static func wait(_ milliseconds: UInt64) {
    var time = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var rest = timespec()
    while unsafe nanosleep(&time, &rest) != 0, errno == EINTR { time = rest }
  }
}

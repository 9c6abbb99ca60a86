internal import FilterKit
internal import HTTPSClient

/// Why the store did not do what it was asked. Everything in it may be shown: it holds no key and no record.
struct StoreFailure: Error {
  enum Kind: Equatable {
    /// No answer, or one that says "later": trying again may help.
    case unavailable
    /// Its certificate is not one that is trusted.
    case untrusted
    /// There are no keys to sign with.
    case noCredentials
    /// The keys, or the right to do this, are wrong.
    case denied
    /// The keys are of the past: new ones may be at hand.
    case expired
    case noBucket
    case wrongRegion
    case wrongTime
    /// The object is there already (412), or another request is about to put it there (409).
    case exists, conflict
    /// Another gateway writes the same log. Nothing but an operator mends it.
    case followed
    /// There is no such thing: an object, or a configuration of the bucket.
    case missing
    /// The store has no such feature (501).
    case unsupported
    /// The store refuses the request as it is.
    case refused
    /// What came is not what an S3 store answers.
    case strange
  }

  var kind: Kind
  var status = 0
  /// S3's word for it, letters, digits and dots alone; empty where the answer has none.
  var code = ""
  /// Milliseconds that the store asks for, at most an hour.
  var retryAfter: UInt64?
  /// The region that the store names, where the configured one is wrong.
  var region: String?
  var message: String

  /// The option that is most likely at fault, as a JSON Pointer.
  var pointer: String {
    switch kind {
    case .noCredentials, .denied, .expired: "/credentials"
    case .noBucket: "/bucket"
    case .wrongRegion: "/region"
    case .untrusted: "/ca"
    default: ""
    }
  }

  init(_ kind: Kind, _ message: String, status: Int = 0) {
    self.kind = kind
    self.message = message
    self.status = status
  }

  init(_ failure: HTTPSClient.Failure) {
    let text =
      switch failure {
      case .unreachable: "The object store can't be reached."
      case .timedOut: "The object store does not answer in time."
      case .cut: "The connection to the object store was cut."
      case .untrusted: "The object store's certificate is not trusted: look at `ca`."
      case .tooLarge, .strange, .stopped, .notAllowed:
        "The object store can't be used: \(failure.rawValue)."
      }
    self.init(failure == .untrusted ? .untrusted : .unavailable, text)
  }

  /// From an answer that is no success.
  init(_ response: HTTPSClient.Answer, asked: String) {
    let root = XMLElement.read(response.body)
    let error = root?.name == "Error" ? root : nil
    let word = error?["Code"]?.text ?? ""
    let isWord =
      (1...64).contains(word.utf8.count)
      && word.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: ".") }
    code = isWord ? word : ""
    status = response.status
    retryAfter = response.field("retry-after").flatMap(Self.milliseconds)
    region = (error?["Region"]?.text ?? response.field("x-amz-bucket-region")).flatMap {
      (1...32).contains($0.utf8.count)
        && $0.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") } ? $0 : nil
    }
    kind = Self.kind(status: response.status, code: code)
    let shown = code.isEmpty ? "status \(response.status)" : "\(code), status \(response.status)"
    message = Self.explain(kind, shown: shown, asked: asked, region: region)
  }

  private static func kind(status: Int, code: String) -> Kind {
    switch code {
    case "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "AllAccessDisabled", "AccountProblem",
      "NotSignedUp", "InvalidSecurity":
      return .denied
    case "ExpiredToken", "TokenRefreshRequired", "InvalidToken": return .expired
    case "NoSuchBucket": return .noBucket
    case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException":
      return .wrongRegion
    case "RequestTimeTooSkewed", "RequestExpired": return .wrongTime
    case "NotImplemented": return .unsupported
    case "RequestTimeout", "SlowDown", "Throttling", "ServiceUnavailable", "InternalError":
      return .unavailable
    case "OperationAborted", "ConditionalRequestConflict": return .conflict
    default: break
    }
    switch status {
    case 300..<400: return .wrongRegion
    case 401, 403: return .denied
    case 404: return .missing
    case 408, 425, 429: return .unavailable
    case 409: return .conflict
    case 412: return .exists
    case 501: return .unsupported
    case 500...: return .unavailable
    default: return .refused
    }
  }

  private static func explain(_ kind: Kind, shown: String, asked: String, region: String?) -> String {
    switch kind {
    case .denied:
      "The object store denies \(asked) (\(shown)): check the access key, its secret, and that its policy allows it (the plugin's README has one)."
    case .expired: "The object store says that the access key has expired (\(shown))."
    case .noBucket: "There is no such bucket at this store (\(shown)): make it first, the sink never does."
    case .wrongRegion:
      region.map { "The bucket is in the region \($0) (\(shown)): set `region: \($0)`." }
        ?? "The bucket is in another region, or at another endpoint (\(shown)): set `region` or `endpoint`."
    case .wrongTime:
      "The object store refuses this machine's time (\(shown)): set its clock, by NTP for example."
    case .exists: "The object is there already (\(shown))."
    case .conflict: "Another request for the same object is under way (\(shown))."
    case .missing: "There is no such thing at the object store (\(shown), \(asked))."
    case .unsupported: "The object store can't do that (\(shown), \(asked))."
    case .unavailable: "The object store can't do it now (\(shown), \(asked))."
    case .refused, .strange, .noCredentials, .untrusted, .followed:
      "The object store refuses \(asked) (\(shown))."
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
  private static func milliseconds(_ text: String) -> UInt64? {
    let seconds = Int64(text) ?? WireTime.readHTTPDate(text).map { $0 - WireTime.now() }
    return seconds.map { UInt64(max(0, min($0, 3600))) * 1000 }
  }

  /// For the host: everything that time or an operator may mend is "unavailable", so that the sink goes on by
  /// itself.
  var asFilterError: FilterError { FilterError(kind == .followed ? .internal : .unavailable, message) }
}

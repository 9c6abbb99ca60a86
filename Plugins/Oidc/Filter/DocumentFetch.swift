internal import CCurl
internal import Glibc
internal import Synchronization

/// Gets a small document over HTTPS with libcurl. [blocking]
///
/// No redirect is followed: what a provider's address leads to is what its owner wrote into the configuration. Plain
/// HTTP is for loopback alone.
struct DocumentFetch: Sendable {
  /// Bytes of a document.
  static let maximumSize = 256 << 10
  /// Milliseconds, in all and for connecting.
  private static let time = 5000
  private static let connectTime = 3000

  enum Failure: Error, Sendable {
    /// No answer: no connection, no trust in its certificate, too slow, or too much.
    case unreachable
    /// An answer with another status than 200; a redirect is one.
    case status(Int)
  }

  /// A PEM file to trust in place of the system's; nil: the system's.
  let authorities: String?
  /// Set: a fetch under way ends.
  let isStopped: StopFlag

  func get(_ url: String) throws(Failure) -> [UInt8] {
    guard let handle = unsafe curl_easy_init() else { throw .unreachable }
    defer { unsafe curl_easy_cleanup(handle) }
    let collector = Collector(isStopped)
    let isSet =
      unsafe sluice_curl_set_text(handle, CURLOPT_URL, url) == CURLE_OK
      && sluice_curl_set_text(
        handle, CURLOPT_PROTOCOLS_STR, ProviderAddress.isLoopback(url) ? "http,https" : "https") == CURLE_OK
      && sluice_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0) == CURLE_OK
      && sluice_curl_set_long(handle, CURLOPT_NOSIGNAL, 1) == CURLE_OK
      && sluice_curl_set_long(handle, CURLOPT_TIMEOUT_MS, Self.time) == CURLE_OK
      && sluice_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.connectTime) == CURLE_OK
      && sluice_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(Self.maximumSize)) == CURLE_OK
      && sluice_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)) == CURLE_OK
      && sluice_curl_set_text(handle, CURLOPT_USERAGENT, "sluice") == CURLE_OK
      && sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(collector).toOpaque())
        == CURLE_OK
      && sluice_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK
    guard isSet else { throw .unreachable }
    if let authorities, unsafe sluice_curl_set_text(handle, CURLOPT_CAINFO, authorities) != CURLE_OK {
      throw .unreachable
    }
    let result = unsafe curl_easy_perform(handle)
    var status = 0
    _ = unsafe sluice_curl_status(handle, &status)
    guard result == CURLE_OK else { throw .unreachable }
    guard status == 200 else { throw .status(status) }
    return withExtendedLifetime(collector) { collector.bytes }
  }
}

/// Set once, from any thread.
final class StopFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}

/// Takes a document as it comes, up to its limit.
private final class Collector {
  var bytes: [UInt8] = []
  let isStopped: StopFlag
  init(_ isStopped: StopFlag) { self.isStopped = isStopped }
}

private func receive(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let data = unsafe data, let context = unsafe context else { return 0 }
  let collector = unsafe Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
  let length = size * count
  guard collector.bytes.count + length <= DocumentFetch.maximumSize, !collector.isStopped.isSet else {
    return 0
  }
  unsafe collector.bytes.append(
    contentsOf: UnsafeRawBufferPointer(start: UnsafeRawPointer(data), count: length))
  return length
}

/// Which addresses a provider may have.
enum ProviderAddress {
  /// Whether it is `https://HOST…`, or `http://` on loopback; without user, query, fragment or blanks.
  static func isAllowed(_ url: String) -> Bool {
    let isPlain = url.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "#")
    }
    guard isPlain, url.utf8.count <= 2048 else { return false }
    if isLoopback(url) { return true }
    return url.hasPrefix("https://") && url.utf8.count > "https://".utf8.count
  }

  static func isLoopback(_ url: String) -> Bool {
    for host in ["127.0.0.1", "[::1]", "localhost"] {
      let start = "http://" + host
      guard url.hasPrefix(start) else { continue }
      let next = url.dropFirst(start.count).first
      if next == nil || next == "/" || next == ":" { return true }
    }
    return false
  }
}

internal import FilterABI

/// The head of a request as authenticate filters see it. Reusable; used by one thread at a time.
public struct HeadArena: Sendable {
  private var bytes: [UInt8] = []
  private var fields: [(name: Range<Int>, value: Range<Int>)] = []
  private var method = 0..<0
  private var path = 0..<0
  private var peer = 0..<0
  private var certificate = 0..<0

  public init() {}

  /// Begins another head.
  /// - Parameters:
  ///   - path: without the query, as it came.
  ///   - peerCertificate: DER, verified; empty where there is none.
  public mutating func begin(
    method: String, path: Substring, peerAddress: String, peerCertificate: [UInt8] = []
  ) {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    self.method = append(method.utf8)
    self.path = append(path.utf8)
    peer = append(peerAddress.utf8)
    certificate = append(peerCertificate)
  }

  /// Adds a header field, as it came.
  public mutating func add(name: String, value: String) {
    let name = append(name.utf8)
    fields.append((name, append(value.utf8)))
  }

  private mutating func append(_ text: some Sequence<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return start..<bytes.count
  }

  /// - Parameter token: for an answer that comes later; 0: none may.
  func withABI<R>(token: UInt64 = 0, _ body: (UnsafePointer<sluice_head>) -> R) -> R {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      func part(_ range: Range<Int>) -> sluice_bytes {
        unsafe sluice_bytes(UnsafeBufferPointer(rebasing: buffer[range]))
      }
      let headers = unsafe fields.map { field in
        unsafe sluice_header(
          size: UInt32(MemoryLayout<sluice_header>.size), reserved: 0, name: part(field.name),
          value: part(field.value))
      }
      return unsafe headers.withUnsafeBufferPointer { headers in
        let head = unsafe sluice_head(
          size: UInt32(MemoryLayout<sluice_head>.size), reserved: 0, token: token, method: part(method),
          path: part(path), headers: sluice_array(headers), peer_address: part(peer),
          peer_certificate: part(certificate))
        return unsafe withUnsafePointer(to: head, body)
      }
    }
  }
}

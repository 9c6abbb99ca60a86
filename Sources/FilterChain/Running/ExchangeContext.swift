internal import FilterABI

/// What the stages are told about an exchange, in the ABI's form. Not changed after it is made.
@safe public final class ExchangeContext {
  public enum Direction: UInt32, Sendable { case request, response }

  private let text: UnsafeMutableBufferPointer<UInt8>
  private let attributes: UnsafeMutableBufferPointer<sluice_attribute>
  private let principal: PrincipalImage
  /// One for each direction.
  private let raw: UnsafeMutablePointer<sluice_exchange>
  let subject: String
  /// Seconds since 1970.
  let time: Int64

  /// - Parameters:
  ///   - attributes: facts such as ("model", "gpt-5"); a name may recur.
  ///   - upstream: the host that the request goes to; empty: none.
  ///   - time: when the request came, in seconds since 1970; nil: now.
  public init(
    id: String, session: String, pipeline: String, principal: Principal,
    attributes: [(name: String, value: [UInt8])], upstream: String = "", time: Int64? = nil
  ) {
    subject = principal.subject
    self.time = time ?? WallClock.seconds()
    var attributes = attributes
    if !upstream.isEmpty { attributes.append(("upstream", Array(upstream.utf8))) }
    attributes.append(("time", Array(String(self.time).utf8)))
    let parts =
      [Array(id.utf8), Array(session.utf8), Array(pipeline.utf8)]
      + attributes.flatMap { [Array($0.name.utf8), $0.value] }
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: max(1, parts.reduce(0) { $0 + $1.count }))
    var images: [sluice_bytes] = unsafe []
    var end = 0
    for part in parts {
      let start = end
      for byte in part {
        unsafe buffer[end] = byte
        end += 1
      }
      unsafe images.append(sluice_bytes(UnsafeBufferPointer(rebasing: buffer[start..<end])))
    }
    unsafe text = buffer
    unsafe self.attributes = .allocate(capacity: max(1, attributes.count))
    for index in attributes.indices {
      unsafe self.attributes.initializeElement(
        at: index,
        to: sluice_attribute(
          size: UInt32(MemoryLayout<sluice_attribute>.size), reserved: 0, name: images[3 + 2 * index],
          value: images[4 + 2 * index]))
    }
    self.principal = PrincipalImage(principal)
    unsafe raw = .allocate(capacity: 2)
    for direction in [Direction.request, .response] {
      unsafe (raw + Int(direction.rawValue)).initialize(
        to: sluice_exchange(
          size: UInt32(MemoryLayout<sluice_exchange>.size), direction: direction.rawValue, id: images[0],
          session: images[1], pipeline: images[2], principal: UnsafePointer(self.principal.pointer),
          attributes: sluice_array(UnsafeBufferPointer(rebasing: self.attributes[..<attributes.count]))))
    }
  }

  deinit {
    unsafe text.deallocate()
    unsafe attributes.deallocate()
    unsafe raw.deallocate()
  }

  func pointer(_ direction: Direction) -> UnsafePointer<sluice_exchange> {
    unsafe UnsafePointer(raw + Int(direction.rawValue))
  }
}

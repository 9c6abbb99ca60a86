internal import FilterABI

extension Principal {
  init(_ raw: sluice_principal) {
    var groups: [String] = []
    for index in 0..<Int(clamping: min(unsafe raw.groups.count, 1024)) {
      guard let first = unsafe raw.groups.first else { break }
      let bytes = unsafe first.advanced(by: index * Int(clamping: raw.groups.stride))
        .assumingMemoryBound(to: sluice_bytes.self)
      groups.append(unsafe bytes.pointee.text)
    }
    unsafe self.init(
      subject: raw.subject.text, email: raw.email.text, groups: groups, established: raw.established.text,
      credential: raw.credential.text, expires: raw.expires)
  }
}

/// A principal in the ABI's form, whose texts stay where they are as long as it lives.
@safe final class PrincipalImage {
  private let text: UnsafeMutableBufferPointer<UInt8>
  private let groups: UnsafeMutableBufferPointer<sluice_bytes>
  let pointer: UnsafeMutablePointer<sluice_principal>

  init(_ principal: Principal) {
    let parts =
      [principal.subject, principal.email, principal.established, principal.credential] + principal.groups
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: max(1, parts.reduce(0) { $0 + $1.utf8.count }))
    var images: [sluice_bytes] = unsafe []
    var end = 0
    for part in parts {
      let start = end
      for byte in part.utf8 {
        unsafe buffer[end] = byte
        end += 1
      }
      unsafe images.append(sluice_bytes(UnsafeBufferPointer(rebasing: buffer[start..<end])))
    }
    unsafe text = buffer
    unsafe groups = .allocate(capacity: max(1, principal.groups.count))
    _ = unsafe groups.initialize(from: images[4...])
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(
      to: sluice_principal(
        size: UInt32(MemoryLayout<sluice_principal>.size), reserved: 0, subject: images[0], email: images[1],
        groups: sluice_array(UnsafeBufferPointer(rebasing: groups[..<principal.groups.count])),
        established: images[2], credential: images[3], expires: principal.expires))
  }

  deinit {
    unsafe text.deallocate()
    unsafe groups.deallocate()
    unsafe pointer.deallocate()
  }
}

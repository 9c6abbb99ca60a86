internal import FilterABI

extension Principal {
  /// Copies what a filter says; nil where a text is too long, or not UTF-8: repaired, it might be another's.
  init?(_ raw: sluice_principal) {
    guard let subject = unsafe raw.subject.exactText(upTo: 512), !subject.isEmpty,
      let email = unsafe raw.email.exactText(upTo: 512),
      let groups = unsafe raw.groups.texts(count: 1024, length: 256),
      let established = unsafe raw.established.exactText(upTo: 128),
      let credential = unsafe raw.credential.exactText(upTo: 256)
    else { return nil }
    unsafe self.init(
      subject: subject, email: email, groups: groups, established: established, credential: credential,
      expires: raw.expires)
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

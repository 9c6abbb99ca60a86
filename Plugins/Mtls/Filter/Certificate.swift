internal import COpenSSL

/// A client's certificate (RFC 5280), read with libcrypto. Used by one thread at a time.
@safe final class Certificate {
  let pointer: OpaquePointer

  /// Nil where the bytes are no certificate in DER, or more than one.
  init?(_ der: Span<UInt8>) {
    guard der.count <= Self.maximumSize else { return nil }
    var made: OpaquePointer?
    unsafe der.withUnsafeBufferPointer { bytes in
      var next = bytes.baseAddress
      unsafe made = unsafe d2i_X509(nil, &next, bytes.count)
      if let certificate = unsafe made, unsafe next != bytes.baseAddress.map({ unsafe $0 + bytes.count }) {
        unsafe X509_free(certificate)
        unsafe made = nil
      }
    }
    guard let made = unsafe made else {
      ERR_clear_error()
      return nil
    }
    unsafe pointer = unsafe made
  }

  /// Bytes of a certificate that is looked at.
  private static let maximumSize = 64 << 10
  /// Names of one kind that are looked at.
  private static let maximumNames = 64

  deinit { unsafe X509_free(pointer) }

  /// The subject's values of one kind, e.g. `NID_commonName`; nil where one is not plain text.
  func subject(_ kind: Int32) -> [String]? {
    guard let name = unsafe X509_get_subject_name(pointer) else { return nil }
    var values: [String] = []
    var index: Int32 = -1
    while true {
      index = unsafe X509_NAME_get_index_by_NID(name, kind, index)
      guard index >= 0 else { return values }
      guard values.count < Self.maximumNames, let entry = unsafe X509_NAME_get_entry(name, index),
        let text = unsafe Self.text(X509_NAME_ENTRY_get_data(entry))
      else { return nil }
      values.append(text)
    }
  }

  /// The alternative names of one kind, `GEN_EMAIL` or `GEN_URI`; nil where one is not plain text.
  func alternativeNames(_ kind: Int32) -> [String]? {
    guard let names = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
    let stack = OpaquePointer(names)
    defer { unsafe GENERAL_NAMES_free(stack) }
    var values: [String] = []
    let count = unsafe OPENSSL_sk_num(stack)
    for index in 0..<count {
      guard let value = unsafe OPENSSL_sk_value(stack, index) else { return nil }
      let name = unsafe value.assumingMemoryBound(to: GENERAL_NAME.self)
      guard unsafe name.pointee.type == kind else { continue }
      guard values.count < Self.maximumNames, let text = unsafe Self.text(name.pointee.d.ia5) else {
        return nil
      }
      values.append(text)
    }
    return values
  }

  /// The serial number in hexadecimal: what may be shown of the certificate.
  var serial: String {
    guard let number = unsafe ASN1_INTEGER_to_BN(X509_get0_serialNumber(pointer), nil) else { return "" }
    defer { unsafe BN_free(number) }
    guard let text = unsafe BN_bn2hex(number) else { return "" }
    defer { unsafe CRYPTO_free(text, nil, 0) }
    return unsafe String(cString: text).lowercased()
  }

  /// Seconds since 1970 UTC at which it ends; nil where it does not say.
  var end: Int64? {
    var time = unsafe tm()
    guard let end = unsafe X509_get0_notAfter(pointer), unsafe ASN1_TIME_to_tm(end, &time) == 1 else {
      return nil
    }
    return unsafe Int64(timegm(&time))
  }

  /// As UTF-8; nil where it is empty, long, or has a NUL or anything else that is not shown as it is.
  private static func text(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = unsafe ASN1_STRING_to_UTF8(&bytes, string)
    guard count > 0, count <= 512, let bytes = unsafe bytes else { return nil }
    defer { unsafe CRYPTO_free(bytes, nil, 0) }
    let text = unsafe String(
      validating: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    guard let text else { return nil }
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
      default: true
      }
    }
    return isPlain ? text : nil
  }
}

internal import FilterKit
internal import JSONTree

/// The configuration of an S3 sink.
struct S3Options: Sendable {
  /// How an object is written: what the store is asked to do with it.
  struct Storage: Sendable {
    enum Encryption: Sendable, Equatable {
      case aes256
      case kms(key: String?)
    }
    enum LockMode: String, Sendable { case governance, compliance }
    enum Checksum: String, Sendable { case sha256, md5 }

    var encryption: Encryption?
    var storageClass: String?
    /// Retention of the Object Lock; the days are counted from each object's writing.
    var lock: (mode: LockMode, days: Int64)?
    var hasLegalHold = false
    var checksum = Checksum.sha256

    /// Whether the bucket has to have Object Lock.
    var needsLock: Bool { lock != nil || hasLegalHold }
  }

  var endpoint: Endpoint
  var credentials: CredentialSource
  /// Without slashes at its ends; empty: none.
  var prefix = ""
  var storage = Storage()
  var compresses = true
  /// Bytes of lines, records and milliseconds at which an object is closed.
  var batchSize = 4 << 20
  var batchRecords = 10_000
  var batchAge: UInt64 = 2000
  /// Milliseconds that an answer may take to begin.
  var timeout = 30_000
  /// A PEM file in place of the system's certificates.
  var certificateAuthorities: String?
  /// What an answered put is worth.
  var level = DurabilityLevel.stable

  init(endpoint: Endpoint, credentials: CredentialSource) {
    self.endpoint = endpoint
    self.credentials = credentials
  }

  init(_ json: JSONValue) throws(FilterError) {
    endpoint = try Endpoint(json)
    credentials = try CredentialSource(json)
    prefix = try Self.prefix(json["prefix"]?.string ?? "")
    compresses = json["compress"]?.bool ?? true
    certificateAuthorities = json["ca"]?.string
    if let batch = json["batch"] {
      if let text = batch["size"]?.string {
        batchSize = Int(
          try Quantity.size(
            text, within: 65_536...67_108_864, said: "a size from 64KiB to 64MiB", at: "/batch/size"))
      }
      batchRecords = batch["records"]?.integer ?? batchRecords
      if let text = batch["age"]?.string {
        batchAge =
          UInt64(try Quantity.seconds(text, within: 0...60, said: "a time from 0s to 60s", at: "/batch/age"))
          * 1000
      }
    }
    if let text = json["timeout"]?.string {
      timeout =
        Int(try Quantity.seconds(text, within: 1...300, said: "a time from 1s to 300s", at: "/timeout"))
        * 1000
    }
    storage = try Storage(json)
    level = try Self.level(json, endpoint, storage)
  }

  /// Amazon's classes but the one-zone ones keep an object in three zones before they answer. What others do is
  /// theirs to know, and the configuration's to say.
  private static func level(
    _ json: JSONValue, _ endpoint: Endpoint, _ storage: Storage
  ) throws(FilterError) -> DurabilityLevel {
    let isOneZone = ["ONEZONE_IA", "EXPRESS_ONEZONE"].contains(storage.storageClass)
    switch json["durability"]?.string {
    case "replicated":
      if isOneZone {
        throw .configuration("This storage class keeps objects in one zone.", at: "/durability")
      }
      return .replicated
    case "stable": return .stable
    default: return endpoint.isAmazon && !isOneZone ? .replicated : .stable
    }
  }

  private static func prefix(_ text: String) throws(FilterError) -> String {
    var prefix = text[...]
    while prefix.last == "/" { prefix.removeLast() }
    let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
    let isGood = prefix.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "/"), UInt8(ascii: "="):
        true
      default: false
      }
    }
    guard isGood, prefix.isEmpty || parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw .configuration(
        "A prefix is letters, digits, '-', '_', '.' and '=', in parts with one slash between them.",
        at: "/prefix")
    }
    return String(prefix)
  }
}

extension S3Options.Storage {
  init(_ json: JSONValue) throws(FilterError) {
    if let text = json["encryption"]?["type"]?.string {
      let key = json["encryption"]?["key"]?.string
      if text == "AES256", key != nil {
        throw .configuration("A key goes with `type: aws:kms` alone.", at: "/encryption/key")
      }
      encryption = text == "AES256" ? .aes256 : .kms(key: key)
    }
    storageClass = json["storage-class"]?.string
    if let lock = json["object-lock"] {
      hasLegalHold = lock["legal-hold"]?.bool ?? false
      let mode = lock["mode"]?.string.flatMap(LockMode.init)
      let days = lock["days"]?.integer
      switch (mode, days) {
      case (let mode?, let days?): self.lock = (mode, Int64(days))
      case (nil, nil):
        if !hasLegalHold {
          throw .configuration("Say `mode` and `days`, or `legal-hold: true`.", at: "/object-lock")
        }
      default: throw .configuration("`mode` and `days` go together.", at: "/object-lock")
      }
    }
    checksum = json["checksum"]?.string.flatMap(Checksum.init) ?? .sha256
  }

  /// The headers of a put that is made now.
  func headers(for body: [UInt8], now: Int64) throws(StoreFailure) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    switch checksum {
    case .sha256:
      // Object Lock asks for the first, whatever the second says.
      headers.append(("x-amz-sdk-checksum-algorithm", "SHA256"))
      headers.append(("x-amz-checksum-sha256", Digests.base64(Digests.sha256(body))))
    case .md5:
      guard let digest = Digests.md5(body) else {
        throw StoreFailure(.refused, "OpenSSL refuses MD5 on this machine: leave `checksum: md5` out.")
      }
      headers.append(("content-md5", Digests.base64(digest)))
    }
    switch encryption {
    case .aes256: headers.append(("x-amz-server-side-encryption", "AES256"))
    case .kms(let key):
      headers.append(("x-amz-server-side-encryption", "aws:kms"))
      if let key { headers.append(("x-amz-server-side-encryption-aws-kms-key-id", key)) }
    case nil: break
    }
    if let storageClass { headers.append(("x-amz-storage-class", storageClass)) }
    if let lock {
      headers.append(("x-amz-object-lock-mode", lock.mode.rawValue.uppercased()))
      headers.append(("x-amz-object-lock-retain-until-date", WireTime.extended(now + lock.days * 86_400)))
    }
    if hasLegalHold { headers.append(("x-amz-object-lock-legal-hold", "ON")) }
    return headers
  }
}

/// Sizes and times as people write them.
enum Quantity {
  static func size(
    _ text: String, within bounds: ClosedRange<Int64>, said: String, at pointer: String
  ) throws(FilterError) -> Int64 {
    try read(
      text, units: [("KiB", 1 << 10), ("MiB", 1 << 20)], within: bounds, said: said, at: pointer)
  }

  static func seconds(
    _ text: String, within bounds: ClosedRange<Int64>, said: String, at pointer: String
  ) throws(FilterError) -> Int64 {
    try read(text, units: [("s", 1), ("m", 60)], within: bounds, said: said, at: pointer)
  }

  private static func read(
    _ text: String, units: [(suffix: String, factor: Int64)], within bounds: ClosedRange<Int64>, said: String,
    at pointer: String
  ) throws(FilterError) -> Int64 {
    for unit in units where text.hasSuffix(unit.suffix) {
      guard let number = Int64(text.dropLast(unit.suffix.utf8.count)) else { continue }
      let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
      if !overflow && bounds.contains(product) { return product }
    }
    throw .configuration("'\(text)' is not \(said).", at: pointer)
  }
}

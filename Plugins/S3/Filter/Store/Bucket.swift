internal import FilterKit
internal import HTTPSClient

/// What the sink does with its bucket: put once, get, list.
struct Bucket {
  let client: StoreClient
  let storage: S3Options.Storage

  /// Bytes of an object that are read: the largest that gzip can make of the largest record, and some.
  static let objectLimit = 300 << 20
  static let listLimit = 4 << 20

  /// Whether a put may replace an object.
  enum Replacing {
    /// The store refuses where the object is there.
    case never
    case always
  }

  func put(
    _ key: String, _ body: [UInt8], type: String, records: Int? = nil, replacing: Replacing
  ) throws(StoreFailure) {
    var headers: [(name: String, value: String)] = [("content-type", type)]
    headers += try storage.headers(for: body, now: client.now)
    if replacing == .never { headers.append(("if-none-match", "*")) }
    if let records { headers.append(("x-amz-meta-records", String(records))) }
    _ = try client.send(
      StoreClient.Request(method: .put, key: key, headers: headers, body: body, purpose: "putting an object")
    )
  }

  /// Nil where there is no such object.
  func get(_ key: String) throws(StoreFailure) -> [UInt8]? {
    try ifThere { () throws(StoreFailure) in
      try client.send(
        StoreClient.Request(
          method: .get, key: key, responseLimit: Self.objectLimit, purpose: "getting an object")
      ).body
    }
  }

  func has(_ key: String) throws(StoreFailure) -> Bool {
    try ifThere { () throws(StoreFailure) in
      _ = try client.send(StoreClient.Request(method: .head, key: key, purpose: "looking for an object"))
      return true
    } ?? false
  }

  private func ifThere<R>(_ body: () throws(StoreFailure) -> R) throws(StoreFailure) -> R? {
    do throws(StoreFailure) { return try body() } catch {
      if error.kind == .missing { return nil }
      throw error
    }
  }

  /// One page of keys below `prefix` and after `after`, in order; of folders, each with its slash, where it is asked
  /// for them.
  func list(
    prefix: String, after: String? = nil, limit: Int = 1000, folders: Bool = false
  ) throws(StoreFailure) -> (keys: [String], isLast: Bool) {
    var query = [(name: "list-type", value: "2"), ("max-keys", String(limit)), ("prefix", prefix)]
    if let after { query.append(("start-after", after)) }
    if folders { query.append(("delimiter", "/")) }
    let response = try client.send(
      StoreClient.Request(
        method: .get, query: query, responseLimit: Self.listLimit, purpose: "listing the bucket"))
    guard let root = XMLElement.read(response.body), root.name == "ListBucketResult",
      let truncated = root["IsTruncated"]?.text, ["true", "false"].contains(truncated)
    else { throw StoreFailure(.strange, "The object store answers a list with what is no S3 list.") }
    let keys =
      folders
      ? root.all("CommonPrefixes").compactMap { $0["Prefix"]?.text }
      : root.all("Contents").compactMap { $0["Key"]?.text }
    let floor = after ?? ""
    guard keys.allSatisfy({ $0.hasPrefix(prefix) && Self.isBefore(floor, $0) }),
      zip(keys, keys.dropFirst()).allSatisfy({ Self.isBefore($0, $1) }),
      truncated == "false" || folders || !keys.isEmpty
    else {
      throw StoreFailure(.strange, "The object store lists keys that were not asked for, or out of order.")
    }
    return (keys, truncated == "false")
  }

  static func isBefore(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// Whether the bucket has Object Lock.
  func hasObjectLock() throws(StoreFailure) -> Bool {
    do throws(StoreFailure) {
      let response = try client.send(
        StoreClient.Request(
          method: .get, query: [("object-lock", "")],
          purpose: "reading the bucket's Object Lock configuration"))
      let root = XMLElement.read(response.body)
      return root?.name == "ObjectLockConfiguration" && root?["ObjectLockEnabled"]?.text == "Enabled"
    } catch {
      switch error.kind {
      case .missing, .unsupported, .refused: return false
      default: throw error
      }
    }
  }
}

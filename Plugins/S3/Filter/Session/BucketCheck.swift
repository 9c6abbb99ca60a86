internal import FilterKit

/// A look at the bucket before anything runs: what is wrong with the settings is said at its place in the pipeline.
/// It only reads.
struct BucketCheck {
  private let options: S3Options
  private let host: Host

  init(_ options: S3Options, _ host: Host) {
    self.options = options
    self.host = host
  }

  func run() throws(FilterError) {
    let lacksLock: Bool
    do throws(StoreFailure) {
      let bucket = Bucket(
        client: try StoreClient(options, host: host, patience: .none), storage: options.storage)
      let folder = options.prefix.isEmpty ? "" : "\(options.prefix)/"
      _ = try bucket.list(prefix: folder, limit: 1)
      lacksLock = options.storage.needsLock ? try !bucket.hasObjectLock() : false
    } catch {
      if error.kind == .unavailable { throw error.asFilterError }
      var pointer = error.pointer
      if pointer == "/credentials", case .key = options.credentials { pointer = "/access-key-id" }
      throw .configuration(error.message, at: pointer)
    }
    guard !lacksLock else {
      throw .configuration(
        "The bucket has no Object Lock, so nothing would be kept from being deleted: make one with it, or leave `object-lock` out.",
        at: "/object-lock")
    }
  }
}

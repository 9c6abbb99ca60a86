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
      throw error.kind == .unavailable ? error.asFilterError : error.asConfigurationError
    }
    guard !lacksLock else {
      throw .configuration(
        "The bucket has no Object Lock, so nothing would be kept from being deleted: make one with it, or leave `object-lock` out.",
        at: "/object-lock")
    }
  }
}

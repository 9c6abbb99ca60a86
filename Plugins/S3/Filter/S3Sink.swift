public import FilterKit
public import JSONTree

/// `sink: s3`: keeps the evidence as objects in a bucket of Amazon S3, or of a store that speaks its language.
public final class S3Sink: ReadableSink {
  public static let name: StaticString = "s3"
  public static let summary: StaticString = "keeps records as objects in an S3 bucket"

  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["bucket"],
      "properties": {
        "bucket": {
          "type": "string", "minLength": 3, "maxLength": 63, "description": "the bucket; it has to be there"
        },
        "prefix": {
          "type": "string", "maxLength": 512, "description": "what all keys begin with, as gateways/east"
        },
        "region": {
          "type": "string", "pattern": "^[a-z0-9-]{1,32}$", "default": "us-east-1",
          "description": "the bucket's region, which is signed"
        },
        "endpoint": {
          "type": "string", "maxLength": 300,
          "description": "the store, as https://HOST:PORT; Amazon's own of the region where this is left out"
        },
        "addressing": {
          "enum": ["path", "virtual-host"],
          "description": "where the bucket's name goes; virtual-host at Amazon, path at an endpoint"
        },
        "ca": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "a PEM file of certificates to trust in place of the system's"
        },
        "credentials": {
          "type": "string", "pattern": "^(environment|instance-role|profile:[A-Za-z0-9_.@ -]{1,64})$",
          "default": "environment", "description": "where the access key is read from"
        },
        "access-key-id": {
          "type": "string", "minLength": 1, "maxLength": 128, "description": "an access key in place of credentials"
        },
        "secret-access-key": {
          "type": "string", "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$", "maxLength": 4096,
          "x-secret": true, "description": "where that key's secret is: env:NAME or file:PATH"
        },
        "compress": {
          "type": "boolean", "default": true, "description": "whether objects are compressed with gzip"
        },
        "batch": {
          "type": "object",
          "description": "when an object is closed and put: at whichever comes first, and when the host asks",
          "properties": {
            "size": {
              "type": "string", "pattern": "^[1-9][0-9]{0,8}(KiB|MiB)$", "default": "4MiB",
              "description": "bytes of records before compression, from 64KiB to 64MiB"
            },
            "records": { "type": "integer", "minimum": 1, "maximum": 1000000, "default": 10000 },
            "age": {
              "type": "string", "pattern": "^[0-9]{1,3}(s|m)$", "default": "2s",
              "description": "how long records wait for more, from 0s to 60s; they are safe in the gateway's log"
            }
          }
        },
        "timeout": {
          "type": "string", "pattern": "^[1-9][0-9]{0,2}(s|m)$", "default": "30s",
          "description": "how long the store may be silent, from 1s to 300s"
        },
        "encryption": {
          "type": "object", "required": ["type"],
          "description": "encryption by the store",
          "properties": {
            "type": { "enum": ["AES256", "aws:kms"] },
            "key": {
              "type": "string", "pattern": "^[A-Za-z0-9:/_-]{1,512}$",
              "description": "the KMS key's id, ARN or alias; the account's own where this is left out"
            }
          }
        },
        "object-lock": {
          "type": "object",
          "description": "what keeps objects from being deleted; the bucket must have Object Lock",
          "properties": {
            "mode": { "enum": ["governance", "compliance"] },
            "days": { "type": "integer", "minimum": 1, "maximum": 36500 },
            "legal-hold": { "type": "boolean", "default": false }
          }
        },
        "storage-class": {
          "type": "string", "pattern": "^[A-Z_]{1,32}$", "description": "as STANDARD_IA; the store's default otherwise"
        },
        "checksum": {
          "enum": ["sha256", "md5"], "default": "sha256",
          "description": "x-amz-checksum-sha256, or Content-MD5 for stores that know no other with Object Lock"
        },
        "durability": {
          "enum": ["stable", "replicated"],
          "description": "what an answered put is worth; replicated at Amazon, stable at an endpoint"
        }
      }
    }
    """

  private let options: S3Options
  private let host: Host

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    options = try S3Options(configuration)
    self.host = host
  }

  public var promises: DurabilityLevel { options.level }

  public func probe() throws(FilterError) { try BucketCheck(options, host).run() }

  public func open(log: String, acknowledger: Acknowledger) throws(FilterError) -> any SinkSession {
    let names = try ObjectNames(prefix: options.prefix, log: log, compresses: options.compresses)
    let client: StoreClient
    do throws(StoreFailure) { client = try StoreClient(options, host: host) } catch {
      throw error.asFilterError
    }
    return S3SinkSession(options: options, names: names, client: client, acknowledger: acknowledger)
  }

  // MARK: Reading

  public static func configuration(for location: String) throws(FilterError) -> JSONValue {
    try Place.configuration(location)
  }

  public func logs() throws(FilterError) -> [String] {
    let folder = options.prefix.isEmpty ? "" : "\(options.prefix)/"
    do throws(StoreFailure) {
      let bucket = try bucket()
      var logs: [String] = []
      var after: String?
      while true {
        let page = try bucket.list(prefix: folder, after: after, folders: true)
        for found in page.keys {
          guard let log = ObjectNames.log(folder: String(found.dropFirst(folder.count).dropLast())),
            let names = try? ObjectNames(prefix: options.prefix, log: log, compresses: true),
            try bucket.has(names.description)
          else { continue }
          logs.append(log)
        }
        guard !page.isLast, let last = page.keys.last else { return logs }
        after = last + "\u{7F}"
      }
    } catch { throw error.asFilterError }
  }

  public func openReader(log: String) throws(FilterError) -> any SinkReader {
    let names = try ObjectNames(prefix: options.prefix, log: log, compresses: true)
    do throws(StoreFailure) {
      let bucket = try bucket()
      guard try bucket.has(names.description) else {
        throw StoreFailure(.missing, "There is no log of that id below this prefix of the bucket.")
      }
      return S3SinkReader(bucket: bucket, names: names, host: host)
    } catch {
      if error.kind == .missing { throw FilterError(.input, error.message) }
      throw error.asFilterError
    }
  }

  private func bucket() throws(StoreFailure) -> Bucket {
    Bucket(client: try StoreClient(options, host: host), storage: options.storage)
  }
}

public import FilterKit
public import JSONTree

/// `sink: file`: keeps the evidence as lines of JSON in files of a directory.
///
/// A record is acknowledged as stable after `fdatasync`. A sequence number is kept once: what is given again after
/// a restart is recognised by its number. Files are closed by size and by time, compressed, and removed after the
/// time that the configuration gives.
public final class FileSink: ReadableSink {
  public static let name: StaticString = "file"
  public static let summary: StaticString = "keeps records as JSON lines in a directory"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["directory"],
      "properties": {
        "directory": {
          "type": "string", "minLength": 1, "maxLength": 1024,
          "description": "where the files go; made with mode 0700 where it is missing, its parent is not"
        },
        "max-size": {
          "type": "string", "pattern": "^[1-9][0-9]{0,8}(KiB|MiB|GiB)$", "default": "64MiB",
          "description": "the size at which a file is closed, from 64KiB to 16GiB"
        },
        "max-age": {
          "type": "string", "pattern": "^[1-9][0-9]{0,5}(m|h|d)$", "default": "1d",
          "description": "the span of time, counted from 1970 in UTC, that one file covers: from 1m to 366d"
        },
        "compress": {
          "type": "boolean", "default": true, "description": "whether closed files are compressed with gzip"
        },
        "retain": {
          "type": "string", "pattern": "^[1-9][0-9]{0,5}(h|d)$",
          "description": "how long closed files are kept, from 1h on; for ever where this is left out"
        }
      }
    }
    """

  private let options: FileSinkOptions
  private let host: Host
  private let system: SystemCalls

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    options = try FileSinkOptions(configuration)
    self.host = host
    system = SystemCalls()
  }

  /// With system calls that a test has a hand in.
  init(options: FileSinkOptions, host: Host, system: SystemCalls) {
    self.options = options
    self.host = host
    self.system = system
  }

  public var promises: DurabilityLevel { .stable }

  public func open(log: String, acknowledger: Acknowledger) throws(FilterError) -> any SinkSession {
    let names = try FileNames(log: log)
    let directory = try LogDirectory(path: options.directory, names: names, system: system)
    return FileSinkSession(options: options, directory: directory, acknowledger: acknowledger, host: host)
  }

  // MARK: Reading back

  /// `file:///var/lib/sluice/evidence`
  public static func configuration(for location: String) throws(FilterError) -> JSONValue {
    let path = location.hasPrefix("file://") ? String(location.dropFirst("file://".count)) : ""
    guard path.hasPrefix("/") else {
      throw FilterError(.input, "Say file:// and a path from the root: file:///var/lib/sluice/evidence.")
    }
    return .object([("directory", .string(path))])
  }

  public func logs() throws(FilterError) -> [String] {
    let folder = try EvidenceFolder(options.directory, system)
    do throws(SystemError) { return try folder.logs() } catch {
      throw FilterError(.unavailable, "The file sink's directory can't be read (\(error.message)).")
    }
  }

  public func openReader(log: String) throws(FilterError) -> any SinkReader {
    let (folder, names) = (try EvidenceFolder(options.directory, system), try FileNames(log: log))
    guard try folder.holds(names) else {
      throw FilterError(.input, "There is no log of that id in the file sink's directory.")
    }
    return FileSinkReader(folder, names)
  }
}

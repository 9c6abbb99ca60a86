/// How far a sink has what it was given: a file of one number, replaced as a whole.
struct SinkPosition: Sendable {
  private let directory: LogDirectory
  private let folder: OpenFile
  private let name: String

  init(_ directory: LogDirectory, name: String) throws(EvidenceError) {
    guard (1...64).contains(name.utf8.count),
      name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
    else { throw EvidenceError(.sink, "a sink's name is 1–64 characters of a–z, 0–9 and -") }
    self.directory = directory
    self.name = "\(name).position"
    do throws(SystemFailure) {
      try directory.fileSystem.makeDirectory(LogDirectory.sinks, in: directory.handle)
      folder = try directory.fileSystem.openDirectory(LogDirectory.sinks, in: directory.handle)
    } catch {
      throw EvidenceError(error)
    }
  }

  /// How many records were acknowledged; 0 where the file is missing.
  func load() throws(EvidenceError) -> UInt64 {
    do throws(EvidenceError) {
      let file = try directory.openOwn(name, .read, in: folder)
      var bytes = [UInt8](repeating: 0, count: 32)
      let count = try read(file, &bytes)
      guard bytes[..<count].last == 0x0A, let text = String(bytes[..<(count - 1)], isASCII: true),
        let number = UInt64(text)
      else {
        throw EvidenceError(.damaged, "sinks/\(name) is not a position; remove it to feed the sink anew")
      }
      return number
    } catch {
      if error.code == .notFound { return 0 }
      throw error
    }
  }

  /// The smallest position that any sink has left in a log's directory; nil where none has.
  static func smallest(in directory: LogDirectory) -> UInt64? {
    guard let folder = try? directory.fileSystem.openDirectory(LogDirectory.sinks, in: directory.handle),
      let names = try? directory.fileSystem.names(in: folder)
    else { return nil }
    let suffix = ".position"
    return names.filter { $0.hasSuffix(suffix) }.map { name in
      // One that can't be read may be anywhere.
      (try? SinkPosition(directory, name: String(name.dropLast(suffix.count))).load()) ?? 0
    }.min()
  }

  func store(_ size: UInt64) throws(EvidenceError) {
    let fileSystem = directory.fileSystem
    let temporaryName = "\(name).new"
    do throws(SystemFailure) {
      try fileSystem.remove(temporaryName, in: folder)
      let file = try fileSystem.open(temporaryName, in: folder, .create)
      try fileSystem.write(file, at: 0, Array("\(size)\n".utf8))
      try fileSystem.synchronizeData(file)
      try fileSystem.rename(temporaryName, to: name, in: folder)
    } catch {
      throw EvidenceError(error)
    }
  }

  private func read(_ file: OpenFile, _ bytes: inout [UInt8]) throws(EvidenceError) -> Int {
    do throws(SystemFailure) {
      return try directory.fileSystem.read(file, at: 0, into: &bytes, from: 0)
    } catch {
      throw EvidenceError(error)
    }
  }
}

extension String {
  /// Nil where a byte is beyond ASCII.
  init?(_ bytes: ArraySlice<UInt8>, isASCII: Bool) {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    self = String(decoding: bytes, as: UTF8.self)
  }
}

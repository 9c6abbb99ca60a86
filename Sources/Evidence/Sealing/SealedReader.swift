/// Opens sealed originals, for whoever has an identity that they were sealed to.
public struct SealedReader {
  private let directory: LogDirectory
  private let hasher: Hasher256
  private let identities: [AgeIdentity]

  /// `directory`: the data directory, or a copy of it. Throws `not-found` where it keeps no originals.
  public init(directory path: String, identities: [AgeIdentity]) throws(EvidenceError) {
    directory = try LogDirectory.forReading("\(path)/\(SealedName.folder)", PosixFileSystem())
    hasher = try Hasher256()
    self.identities = identities
  }

  /// The original, once the file is known to be the one that the record names. [blocking] Memory: twice the file.
  public func original(_ reference: SealedReference) throws(EvidenceError) -> [UInt8] {
    let sealed = try contents(reference)
    let original = try AgeOpener.open(sealed, with: identities)
    guard original.count == reference.originalSize else {
      throw EvidenceError(.damaged, "\(reference.path) holds not as much as its record says")
    }
    return original
  }

  /// The sealed bytes. Throws `not-found` where the file is gone, `damaged` where it isn't what the record names.
  public func contents(_ reference: SealedReference) throws(EvidenceError) -> [UInt8] {
    guard let name = SealedName(path: reference.path) else {
      throw EvidenceError(.damaged, "the record names no sealed file")
    }
    let sealed: [UInt8]
    do throws(SystemFailure) {
      let folder = try directory.fileSystem.openDirectory(name.day, in: directory.handle)
      sealed = try directory.fileSystem.contents(of: name.file, in: folder, limit: max(0, reference.size))
    } catch {
      switch error.code {
      case SystemFailure.missing:
        throw EvidenceError(.notFound, "\(reference.path) is not there any more")
      case SystemFailure.tooBig:
        throw EvidenceError(.damaged, "\(reference.path) was changed: it is larger than its record says")
      default: throw EvidenceError(error)
      }
    }
    guard sealed.count == reference.size, unsafe hasher.digest(sealed.span.bytes) == reference.digest else {
      throw EvidenceError(.damaged, "\(reference.path) was changed: it is not what its record names")
    }
    return sealed
  }
}

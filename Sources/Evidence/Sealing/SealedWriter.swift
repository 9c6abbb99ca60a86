/// The store's own side: seals what waits, writes each part, and makes all of a batch's names stable at once.
/// Confined to its thread once that runs.
final class SealedWriter: @unchecked Sendable {
  let directory: LogDirectory
  let options: SealedStore.Options
  private let queue: Monitor<SealedQueue>
  private let hasher: Hasher256
  private var day: (name: String, folder: OpenFile)?

  init(
    _ directory: LogDirectory, _ options: SealedStore.Options, _ queue: Monitor<SealedQueue>
  ) throws(EvidenceError) {
    self.directory = directory
    self.options = options
    self.queue = queue
    hasher = try Hasher256()
  }

  func run() {
    while true {
      let parts = queue.wait(until: nil) { queue -> [SealedQueue.Part]? in
        guard queue.parts.isEmpty else {
          defer { queue.parts = [] }
          return queue.parts
        }
        return queue.isClosing ? [] : nil
      }
      guard let parts, !parts.isEmpty else { return }
      process(parts)
    }
  }

  private func process(_ parts: [SealedQueue.Part]) {
    var written: [(part: SealedQueue.Part, reference: SealedReference)] = []
    var next = 0
    do throws(EvidenceError) {
      let folder = try today()
      while next < parts.count {
        written.append((parts[next], try write(parts[next], in: folder)))
        next += 1
      }
      try act { () throws(SystemFailure) in try directory.fileSystem.synchronize(folder) }
    } catch {
      // One bad write may stand for more: nothing is taken until the store is opened again.
      let refused = queue.update { queue in
        queue.failure = error
        defer { queue.parts = [] }
        return queue.parts
      }
      for part in written.map(\.part) + parts[next...] + refused { part.completion(.failure(error)) }
      return
    }
    queue.update { queue in
      for (part, reference) in written {
        queue.waitingBytes -= part.sizeBound
        queue.usedBytes += reference.size
      }
    }
    for (part, reference) in written { part.completion(.success(reference)) }
  }

  private func write(_ part: SealedQueue.Part, in folder: OpenFile) throws(EvidenceError) -> SealedReference {
    let sealed = try AgeSealer.seal(part.original, to: part.recipients)
    let digest = unsafe hasher.digest(sealed.span.bytes)
    let name = SealedName(day: day?.name ?? "", digest: "\(digest)")
    try act { () throws(SystemFailure) in
      let fileSystem = directory.fileSystem
      let file = try fileSystem.open(name.file, in: folder, .create)
      do throws(SystemFailure) {
        try fileSystem.write(file, at: 0, sealed)
        try fileSystem.synchronizeData(file)
      } catch {
        // Give the space back; nobody knows of the file.
        try? fileSystem.remove(name.file, in: folder)
        throw error
      }
    }
    return SealedReference(
      path: name.path, size: sealed.count, digest: digest, originalSize: part.original.count)
  }

  /// Today's folder, its own name stable.
  private func today() throws(EvidenceError) -> OpenFile {
    let name = SealedFiles.day(of: Timestamp.now())
    if let day, day.name == name { return day.folder }
    let folder = try act { () throws(SystemFailure) in
      let fileSystem = directory.fileSystem
      try fileSystem.makeDirectory(name, in: directory.handle)
      try fileSystem.synchronize(directory.handle)
      return try fileSystem.openDirectory(name, in: directory.handle)
    }
    day = (name, folder)
    return folder
  }

  private func act<Value>(_ body: () throws(SystemFailure) -> Value) throws(EvidenceError) -> Value {
    do throws(SystemFailure) {
      return try body()
    } catch {
      throw EvidenceError(error)
    }
  }
}

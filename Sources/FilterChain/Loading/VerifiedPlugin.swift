internal import FilterABI
internal import PipelineModel
internal import PluginTrust

/// A plugin of which nothing has run yet, and which may run: its file was read once, its note fits this host, the lock
/// file has nothing against it, and these bytes, and no others, are there to be loaded.
struct VerifiedPlugin: ~Copyable {
  let path: String
  let note: PluginNote
  /// SHA-256 of the file, in hexadecimal.
  let digest: String
  let grounds: TrustPolicy.Grounds
  let image: SealedImage

  /// Reads the file and judges it. May block.
  init(path: String, trust: TrustPolicy) throws(PluginError) {
    let file = try Self.read(path)
    let note = try Self.note(of: file)
    let grounds = try Self.judge(file, note, trust)
    let image = try Self.seal(file)
    self.path = path
    self.note = note
    digest = file.digest
    self.grounds = grounds
    self.image = image
  }

  private static func read(_ path: String) throws(PluginError) -> PluginFile {
    do throws(PluginFile.Failure) { return try PluginFile(reading: path) } catch {
      throw PluginError(.unreadable, error.description.printable)
    }
  }

  private static func judge(
    _ file: PluginFile, _ note: PluginNote, _ trust: TrustPolicy
  ) throws(PluginError) -> TrustPolicy.Grounds {
    do throws(TrustPolicy.Refusal) { return try trust.judge(file, note) } catch {
      throw PluginError(.untrusted, error.description.printable)
    }
  }

  private static func seal(_ file: PluginFile) throws(PluginError) -> SealedImage {
    do throws(PluginFile.Failure) { return try file.sealed() } catch {
      throw PluginError(.unreadable, error.description.printable)
    }
  }

  /// What it says of itself, where this host can work with that.
  private static func note(of file: PluginFile) throws(PluginError) -> PluginNote {
    guard let image = ELFImage(file.bytes) else {
      throw PluginError(
        .notAPlugin, "\(file.path) is no plugin: it is no 64-bit shared library of this machine")
    }
    let found: PluginNote?
    do throws(PluginNote.Failure) { found = try PluginNote(of: image) } catch {
      throw PluginError(.notAPlugin, "\(file.path) is no plugin: \(error.description)".printable)
    }
    guard let note = found else {
      throw PluginError(
        .notAPlugin,
        "\(file.path) is no plugin: it has no note. Write SLUICE_NOTE(id, extensions) in one of its files, and build "
          + "it with this release's header (sluice/note.h)")
    }
    guard note.major == Int(SLUICE_ABI_MAJOR) else {
      throw PluginError(
        .wrongABI,
        "\(file.path) was built for ABI \(note.abi), and this host has ABI \(SLUICE_ABI_MAJOR).\(SLUICE_ABI_MINOR). "
          + "Get a build for this major version")
    }
    return note
  }

  /// Whether it says that it has filters of the kind.
  func requireFilter(of kind: StageKind) throws(PluginError) {
    let name = "sluice.\(kind.rawValue)/1"
    guard !note.extensions.contains(name) else { return }
    throw PluginError(
      .noSuchFilter,
      "the plugin \(note.id) provides no '\(kind.rawValue)' filter: its note names "
        + "\(note.extensions.joined(separator: ", ")), not '\(name)'")
  }
}

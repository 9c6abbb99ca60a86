internal import Foundation
internal import PluginTrust

extension PluginCheck {
  /// Writes the digest of a plugin's schemas into its note, where the build has left zeros. The plugin is loaded for
  /// that, in a process of its own. Signatures and lock files are for afterwards: the file changes. [blocking]
  /// - Returns: the digest.
  public func stamp() throws(CheckFailure) -> String {
    let path = PluginFile.canonical(library)
    let file: PluginFile
    do throws(PluginFile.Failure) { file = try PluginFile(reading: path) } catch {
      throw CheckFailure(error.description)
    }
    let rules = try FileRules(file)
    guard let note = rules.note else {
      throw CheckFailure("\(path): \(rules.noteProblem ?? "it has no note")")
    }
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    var run = CheckRun(check: self, file: file, rules: rules, scratch: scratch)
    let digest = PluginNote.digest(ofSchemas: try run.readSchemas(in: note.extensions))
    guard note.schemas != digest else { return digest }
    try Self.write(digest, into: file, rules.image)
    return digest
  }

  private static func write(_ digest: String, into file: PluginFile, _ image: ELFImage) throws(CheckFailure) {
    let label = Array("\nschemas=sha256:".utf8)
    var bytes = file.bytes
    guard let place = image.notes(owner: PluginNote.owner, type: PluginNote.type).first,
      let start = place.first(where: { bytes[$0...].starts(with: label) }),
      start + label.count + digest.utf8.count <= place.upperBound
    else {
      throw CheckFailure(
        "\(file.path): its note has no place for the digest; a line 'schemas=sha256:' and 64 zeros is one")
    }
    let first = start + label.count
    bytes.replaceSubrange(first..<first + digest.utf8.count, with: digest.utf8)
    do {
      let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] ?? 0o755
      let new = file.path + ".stamped"
      try Data(bytes).write(to: URL(fileURLWithPath: new))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: new)
      guard unsafe rename(new, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch { throw CheckFailure("\(file.path) can't be written: \(error.localizedDescription)") }
  }
}

internal import Foundation
internal import PluginTrust

/// A plugin's file, looked at and not loaded.
struct InspectedPlugin {
  let file: PluginFile
  let note: PluginNote

  init(_ path: String) throws(CommandFailure) {
    do {
      file = try PluginFile(reading: PluginFile.canonical(path))
      guard let note = try file.note() else {
        throw CommandFailure(
          message:
            "\(path) is no plugin: it has no note. Write SLUICE_NOTE(id, extensions) in one of its files",
          code: 1)
      }
      self.note = note
    } catch let failure as CommandFailure {
      throw failure
    } catch { throw CommandFailure(message: "\(path): \(error)", code: 1) }
  }

  var entry: PluginLock.Entry { PluginLock.Entry(id: note.id, digest: file.digest, file: file.name) }
}

/// The plugins in the folders that are searched.
enum InstalledPlugins {
  static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix("libsluice-") && $0.hasSuffix(".so") }.sorted().map {
      "\(folder)/\($0)"
    }
  }

  /// All of them, each once.
  static var all: [String] {
    var seen: Set<String> = []
    return PluginFolder.all.flatMap { files(in: $0) }.map { PluginFile.canonical($0) }
      .filter { seen.insert($0).inserted }
  }
}

/// Writes a file whole or not at all.
enum WholeFile {
  static func write(_ bytes: [UInt8], to path: String, mode: Int = 0o644) throws(CommandFailure) {
    do {
      let new = path + ".new"
      try? FileManager.default.removeItem(atPath: new)
      try Data(bytes).write(to: URL(fileURLWithPath: new), options: .withoutOverwriting)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: new)
      guard unsafe rename(new, path) == 0 else {
        throw CommandFailure(
          message: "\(path) can't be written: \(unsafe String(cString: strerror(errno)))", code: 2)
      }
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(message: "\(path) can't be written: \(error.localizedDescription)", code: 2)
    }
  }
}

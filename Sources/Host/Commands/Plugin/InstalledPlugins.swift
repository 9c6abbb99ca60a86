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
      // A line of a lock file is words: a name with a blank or a line's end would be others.
      guard file.name.utf8.allSatisfy(Self.isPlain), !file.name.isEmpty else {
        throw CommandFailure(
          message:
            "a plugin's file in that folder has a name of other characters than A-Z a-z 0-9 . _ + -; rename it",
          code: 1)
      }
    } catch let failure as CommandFailure {
      throw failure
    } catch { throw CommandFailure(message: "\(path): \(error)", code: 1) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// What the linker called this build (GNU's note of type 3), in hexadecimal, by which its symbols are found; nil where
  /// it was linked without --build-id.
  var build: String? {
    guard let image = ELFImage(file.bytes), let place = image.notes(owner: "GNU", type: 3).first,
      (1...64).contains(place.count)
    else { return nil }
    let digits = Array("0123456789abcdef")
    return image.bytes(place).reduce(into: "") { $0 += [digits[Int($1 >> 4)], digits[Int($1 & 15)]] }
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

internal import PluginTrust

/// The rules that a plugin's file is held to before anything of it runs.
struct FileRules {
  let image: ELFImage
  let note: PluginNote?
  let noteProblem: String?

  init(_ file: PluginFile) throws(CheckFailure) {
    guard let image = ELFImage(file.bytes) else {
      throw CheckFailure("\(file.path) is no 64-bit shared library")
    }
    self.image = image
    do throws(PluginNote.Failure) {
      note = try PluginNote(of: image)
      noteProblem =
        note == nil
        ? "it has no note: write SLUICE_NOTE(id, extensions) in one of its files (sluice/note.h)" : nil
    } catch {
      note = nil
      noteProblem = error.description
    }
  }

  /// What the exports break, and what they are.
  var exports: (problems: [String], pass: String) {
    guard let names = image.exports else { return (["it has no table of symbols"], "") }
    let others = names.filter { $0 != "sluice_plugin_v1" }
    var problems: [String] = []
    if !names.contains("sluice_plugin_v1") { problems.append("it does not export sluice_plugin_v1") }
    if !others.isEmpty {
      problems.append(
        "it exports \(others.count) more symbols, \(others.prefix(5).joined(separator: ", ")): hide them with "
          + "-fvisibility=hidden or a version script (Plugins/exports.map)")
    }
    return (problems, "sluice_plugin_v1 and nothing else")
  }

  var dependencies: (problems: [String], pass: String) {
    let dynamic = image.dynamic
    var problems: [String] = []
    for path in dynamic.paths where !path.hasPrefix("/") && !path.hasPrefix("$ORIGIN") {
      problems.append("it looks for libraries in '\(path)', which depends on where the host was started")
    }
    if dynamic.paths.contains(where: { $0.hasPrefix("/tmp") || $0.hasPrefix("/var/tmp") }) {
      problems.append("it looks for libraries in a folder that anybody may write to")
    }
    if dynamic.hasTextRelocations {
      problems.append("its code would have to be written to while it is loaded: build with -fPIC")
    }
    if image.wantsExecutableStack {
      problems.append("it wants a stack that code may run on: link with -z noexecstack")
    }
    return (
      problems,
      dynamic.needed.isEmpty ? "needs no other library" : "needs \(dynamic.needed.joined(separator: ", "))"
    )
  }
}

internal import JSONTree

/// Files that an event would send, by what it names.
struct FileArguments {
  let paths: [String]

  init(_ paths: [String]) { self.paths = paths }

  /// Their texts. [blocking]
  /// - Parameter which: what they have in common, for people.
  func texts(_ which: String) throws(HookRefusal) -> [HookText] {
    var files = HookFiles()
    var texts: [HookText] = []
    for (index, path) in paths.enumerated() {
      let what = paths.count == 1 ? "the file \(which)" : "file \(index + 1) of those \(which)"
      texts.append(HookText(.tool, what, bytes: try files.text(of: path, what)))
    }
    return texts
  }

  /// Tools that write to the file that they name; what they answer is looked through afterwards.
  private static let writers: Set<String> = ["Write", "Edit", "MultiEdit", "NotebookEdit"]
  /// Members that name a file, or a list of files.
  private static let members: Set<String> = [
    "file_path", "filepath", "filename", "file", "notebook_path", "path", "paths", "files",
  ]

  /// What a tool would read, by its arguments.
  static func read(by tool: String, _ input: JSONValue, folder: String) throws(HookRefusal) -> FileArguments {
    if tool == "Bash" || tool == "Shell" {
      guard let command = input["command"]?.string else { throw HookRefusal("'command' is no text") }
      return FileArguments(ShellCommand.files(in: command, folder: folder))
    }
    if tool == "Read" {
      guard let path = input["file_path"]?.string else { throw HookRefusal("'file_path' is no text") }
      // Also where there is none: it might come between now and then.
      return FileArguments([HookFiles.resolve(path, in: folder)])
    }
    guard !writers.contains(tool) else { return FileArguments([]) }
    let named = (input.members ?? []).filter { members.contains($0.name.lowercased()) }
    let paths = named.flatMap { $0.value.strings ?? [$0.value.string].compactMap(\.self) }
    return FileArguments(
      paths.map { HookFiles.resolve($0, in: folder) }.filter { HookFiles.isFile($0) })
  }

  /// Files that a prompt mentions as `@path`, `@"path"` or `@path#L5-9`.
  static func mentioned(in prompt: String, folder: String) -> FileArguments {
    var paths: [String] = []
    var rest = prompt[...]
    while let at = rest.firstIndex(of: "@") {
      let isQuoted = rest[at...].hasPrefix("@\"")
      rest = rest[at...].dropFirst(isQuoted ? 2 : 1)
      let word = rest.prefix { isQuoted ? $0 != "\"" && $0 != "\n" : !$0.isWhitespace && $0 != "@" }
      if let path = file(String(word), in: folder), !paths.contains(path) { paths.append(path) }
    }
    return FileArguments(paths)
  }

  /// The file of that name, with or without what else may stand behind it in a sentence; nil where there is none.
  private static func file(_ word: String, in folder: String) -> String? {
    var names = [word]
    if let hash = word.lastIndex(of: "#") { names.append(String(word[..<hash])) }
    var trimmed = word[...]
    while let last = trimmed.last, ".,;:!?)]}'\">".contains(last) {
      trimmed.removeLast()
      names.append(String(trimmed))
    }
    return names.lazy.filter { !$0.isEmpty }.map { HookFiles.resolve($0, in: folder) }.first {
      HookFiles.isFile($0)
    }
  }
}

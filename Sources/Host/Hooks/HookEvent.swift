internal import Glibc
internal import JSONTree

/// Why an event is blocked although nothing was found in it. Its message holds nothing of the event's own text.
struct HookRefusal: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

/// What a tool tells its hook: one JSON object on standard input.
struct HookEvent {
  /// More than this is not read. A file's text is a string in it, whose escapes take room.
  static let largest = 16 << 20

  let name: String
  let members: [(name: String, value: JSONValue)]

  init(_ bytes: [UInt8]) throws(HookRefusal) {
    let value: JSONValue
    do { value = try JSONReader.read(bytes) } catch {
      throw HookRefusal("what the tool told its hook is no JSON: \(error)")
    }
    guard let members = value.members else { throw HookRefusal("the event is no JSON object") }
    // Readers differ in which of two members of one name they take: what is looked at must be what is sent.
    guard Set(members.map(\.name)).count == members.count else {
      throw HookRefusal("the event has two members of one name")
    }
    guard let name = value["hook_event_name"]?.string else {
      throw HookRefusal("the event has no 'hook_event_name'")
    }
    self.name = name
    self.members = members
  }

  subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

  func string(_ name: String) throws(HookRefusal) -> String {
    guard let text = self[name]?.string else { throw HookRefusal("the event has no text in '\(name)'") }
    return text
  }

  /// A member that may be left out, but must not be anything else than a text.
  func optionalString(_ name: String) throws(HookRefusal) -> String? {
    switch self[name] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw HookRefusal("'\(name)' is no text")
    }
  }

  /// The folder from which relative paths count.
  func folder() throws(HookRefusal) -> String {
    if let folder = try optionalString("cwd"), !folder.isEmpty { return folder }
    guard let roots = self["workspace_roots"] else { return "." }
    guard let folders = roots.strings else { throw HookRefusal("'workspace_roots' is no list of texts") }
    return folders.first ?? "."
  }

  /// All of standard input. [blocking]
  static func read() throws(HookRefusal) -> [UInt8] {
    guard isatty(0) == 0 else {
      throw HookRefusal("this command reads an event from the tool that runs it; see 'sluice hook --help'")
    }
    guard let bytes = HookFiles.read(0, upTo: largest) else {
      throw HookRefusal("the event can't be read from standard input")
    }
    guard bytes.count <= largest else {
      throw HookRefusal("the event has more than \(largest >> 20) MiB, which is not looked through")
    }
    return bytes
  }
}

internal import JSONTree

/// Cursor's hooks (https://cursor.com/docs/hooks).
///
/// A prompt is answered with `continue`, everything else with `permission`. Exit code 2 blocks whatever the answer
/// says, any other but 0 lets the event pass where `failClosed` isn't set.
enum CursorHook: HookDialect {
  static let events = [
    "beforeSubmitPrompt", "beforeReadFile", "beforeTabFileRead", "beforeShellExecution", "beforeMCPExecution",
  ]

  /// What describes a session or a server, and is not sent on account of the event.
  private static let known: Set<String> = [
    "hook_event_name", "conversation_id", "generation_id", "session_id", "model", "model_id",
    "cursor_version",
    "workspace_roots", "user_email", "transcript_path", "composer_mode", "is_background_agent", "tool_use_id",
    "cwd", "url", "timeout", "sandbox", "prompt", "attachments", "file_path", "content", "command",
    "tool_name",
    "tool_input",
  ]

  static func texts(of event: HookEvent) throws(HookRefusal) -> [HookText] {
    var texts = UnknownMembers.texts(of: event, besides: known)
    switch event.name {
    case "beforeSubmitPrompt":
      let prompt = try event.string("prompt")
      texts.append(HookText(.user, "the prompt", prompt))
      texts += try attachments(of: event)
      texts += try FileArguments.mentioned(in: prompt, folder: try event.folder()).texts(
        "that the prompt mentions")
    case "beforeReadFile", "beforeTabFileRead":
      let path = try event.string("file_path")
      texts.append(HookText(.metadata, "the file's name", path))
      texts += try content(of: event, path)
      texts += try attachments(of: event)
    case "beforeShellExecution":
      let command = try event.string("command")
      texts.append(HookText(.toolArguments, "the command", command))
      let files = FileArguments(ShellCommand.files(in: command, folder: try event.folder()))
      texts += try files.texts("that the command would show")
    case "beforeMCPExecution":
      let tool = try event.string("tool_name")
      let input = try input(of: event)
      texts += HookText.all(.toolArguments, "the tool's arguments", in: input)
      texts += try FileArguments.read(by: tool, input, folder: try event.folder()).texts(
        "that the tool would read")
    default: throw HookRefusal("this version of sluice doesn't know this event")
    }
    return texts
  }

  /// The text that Cursor is about to take; where it says none, what stands in the file.
  private static func content(of event: HookEvent, _ path: String) throws(HookRefusal) -> [HookText] {
    if let content = try event.optionalString("content"), !content.isEmpty {
      guard !content.utf8.contains(0) else { throw HookRefusal("the file is no text in UTF-8") }
      guard content.utf8.count <= HookFiles.largest else {
        throw HookRefusal(
          "the file has more than \(HookFiles.largest >> 20) MiB, which is not looked through")
      }
      return [HookText(.tool, "the file", content)]
    }
    var files = HookFiles()
    let text = try files.text(of: HookFiles.resolve(path, in: try event.folder()), "the file")
    return [HookText(.tool, "the file", bytes: text)]
  }

  private static func attachments(of event: HookEvent) throws(HookRefusal) -> [HookText] {
    guard let value = event["attachments"], value != .null else { return [] }
    guard let list = value.array else { throw HookRefusal("'attachments' is no array") }
    var paths: [String] = []
    for attachment in list {
      // It was renamed between versions.
      guard let path = (attachment["file_path"] ?? attachment["filePath"])?.string else {
        throw HookRefusal("an attachment has no path")
      }
      paths.append(HookFiles.resolve(path, in: try event.folder()))
    }
    return try FileArguments(paths).texts("that is attached")
  }

  /// The arguments of a server's tool: an object, or its text.
  private static func input(of event: HookEvent) throws(HookRefusal) -> JSONValue {
    switch event["tool_input"] {
    case .object(let members): return .object(members)
    case .string(let text):
      // A text that is no JSON is looked through as it is.
      return (try? JSONReader.read(Array(text.utf8))) ?? .string(text)
    default: throw HookRefusal("'tool_input' is neither an object nor a text")
    }
  }

  static func allow(_ event: HookEvent) -> HookAnswer {
    HookAnswer(
      output: event.name == "beforeSubmitPrompt"
        ? .fields(["continue": .bool(true)]) : .fields(["permission": .string("allow")]))
  }

  static func block(_ event: HookEvent, _: HookVerdict, reason: String) -> HookAnswer {
    let reason = JSONValue.string(reason)
    if event.name == "beforeSubmitPrompt" {
      // With exit code 2 the person would not be told why.
      return HookAnswer(output: .fields(["continue": .bool(false), "user_message": reason]))
    }
    return HookAnswer(
      output: .fields(["agent_message": reason, "permission": .string("deny"), "user_message": reason]),
      complaint: reason.string, code: 2)
  }

  static func refuse(_ event: HookEvent?, reason: String) -> HookAnswer {
    if let event, event.name == "beforeSubmitPrompt" { return block(event, HookVerdict(), reason: reason) }
    // Nobody knows what is asked: the answer says no to all of it.
    return HookAnswer(
      output: .fields([
        "agent_message": .string(reason), "continue": .bool(false), "permission": .string("deny"),
        "user_message": .string(reason),
      ]), complaint: reason, code: 2)
  }
}

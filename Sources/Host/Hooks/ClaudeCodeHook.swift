internal import JSONTree

/// Claude Code's hooks (https://code.claude.com/docs/en/hooks).
///
/// An answer in JSON counts with exit code 0 alone; exit code 2 blocks and shows standard error; any other lets the
/// event pass.
enum ClaudeCodeHook: HookDialect {
  static let events = ["UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure"]

  /// What describes a session, and is not sent on account of the event.
  private static let known: Set<String> = [
    "hook_event_name", "session_id", "prompt_id", "transcript_path", "cwd", "scratchpad_dir",
    "permission_mode",
    "effort", "agent_id", "agent_type", "tool_use_id", "duration_ms", "is_interrupt", "model", "prompt",
    "tool_name",
    "tool_input", "tool_response", "error",
  ]

  static func texts(of event: HookEvent) throws(HookRefusal) -> [HookText] {
    var texts = UnknownMembers.texts(of: event, besides: known)
    switch event.name {
    case "UserPromptSubmit":
      let prompt = try event.string("prompt")
      texts.append(HookText(.user, "the prompt", prompt))
      // Claude Code reads those itself, and no PreToolUse comes before it does.
      texts += try FileArguments.mentioned(in: prompt, folder: try event.folder()).texts(
        "that the prompt mentions")
    case "PreToolUse":
      let tool = try event.string("tool_name")
      guard let input = event["tool_input"], input.members != nil else {
        throw HookRefusal("'tool_input' is no object")
      }
      texts += HookText.all(.toolArguments, "the tool's arguments", in: input)
      texts += try FileArguments.read(by: tool, input, folder: try event.folder()).texts(
        "that the tool would read")
    case "PostToolUse":
      _ = try event.string("tool_name")
      guard let response = event["tool_response"] else { throw HookRefusal("there is no 'tool_response'") }
      texts += HookText.all(.tool, "the tool's answer", in: response)
    case "PostToolUseFailure":
      texts.append(HookText(.tool, "the tool's error message", try event.string("error")))
    default: throw HookRefusal("this version of sluice doesn't know this event")
    }
    return texts
  }

  /// No decision: an "allow" would also stand for the permission that the user may still have to give.
  static func allow(_: HookEvent) -> HookAnswer { HookAnswer(output: .object([])) }

  static func block(_ event: HookEvent, _ verdict: HookVerdict, reason: String) -> HookAnswer {
    let reason = JSONValue.string(reason)
    switch event.name {
    case "PreToolUse":
      return HookAnswer(
        output: .fields([
          "hookSpecificOutput": .fields([
            "hookEventName": .string(event.name), "permissionDecision": .string("deny"),
            "permissionDecisionReason": reason,
          ])
        ]))
    case "PostToolUse": return HookAnswer(output: afterwards(event, verdict, reason))
    case "PostToolUseFailure":
      return HookAnswer(output: .fields(["continue": .bool(false), "stopReason": reason]))
    default: return HookAnswer(output: .fields(["decision": .string("block"), "reason": reason]))
    }
  }

  /// The tool has run. "block" alone leaves its answer to be sent with the reason beside it; so the answer is
  /// replaced, and as not every version heeds that for every tool, the turn ends, too.
  private static func afterwards(_ event: HookEvent, _ verdict: HookVerdict, _ reason: JSONValue) -> JSONValue
  {
    var members: [(name: String, value: JSONValue)] = [
      ("continue", .bool(false)),
      ("stopReason", .string("\(reason.string ?? "") Go back with /rewind, or begin anew with /clear.")),
      ("decision", .string("block")), ("reason", reason),
    ]
    if let response = event["tool_response"], !verdict.found.isEmpty {
      let replacement = response.withholding(verdict.found)
      let isServer = event["tool_name"]?.string?.hasPrefix("mcp__") ?? false
      members.append(
        (
          "hookSpecificOutput",
          .object(
            [("hookEventName", .string(event.name)), ("updatedToolOutput", replacement)]
              + (isServer ? [("updatedMCPToolOutput", replacement)] : []))
        ))
    }
    return .object(members)
  }

  /// Exit code 2 blocks each of the events, whatever the version makes of JSON.
  static func refuse(_ event: HookEvent?, reason: String) -> HookAnswer {
    HookAnswer(
      output: event.map { block($0, HookVerdict(), reason: reason).output }
        ?? .fields(["continue": .bool(false), "stopReason": .string(reason)]),
      complaint: reason, code: 2)
  }
}

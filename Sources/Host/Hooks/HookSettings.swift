internal import Foundation
internal import JSONTree

/// What to paste into a tool's settings, so that it runs a hook.
enum HookSettings {
  /// How long a tool waits, in seconds. A hook that is late has not blocked anything, so it gives up before.
  static let patience = 30

  /// For `.claude/settings.json`.
  static func claudeCode(pipeline: String?) -> String {
    // Claude Code takes every exit code but 2 for a mishap and goes on: also where sluice is not there any more.
    let hook = """
      { "type": "command", "command": \(quoted(command("claude-code", pipeline) + " || exit 2")), "timeout": \(patience) }
      """
    let entries = ClaudeCodeHook.events.map { event in
      let matcher = event == "UserPromptSubmit" ? "" : "\"matcher\": \"*\", "
      return "    \"\(event)\": [{ \(matcher)\"hooks\": [\(hook)] }]"
    }
    return "{\n  \"hooks\": {\n\(entries.joined(separator: ",\n"))\n  }\n}"
  }

  /// For `.cursor/hooks.json`.
  static func cursor(pipeline: String?) -> String {
    let hook = """
      { "command": \(quoted(command("cursor", pipeline))), "timeout": \(patience), "failClosed": true }
      """
    let entries = CursorHook.events.map { "    \"\($0)\": [\(hook)]" }
    return "{\n  \"version\": 1,\n  \"hooks\": {\n\(entries.joined(separator: ",\n"))\n  }\n}"
  }

  private static func command(_ tool: String, _ pipeline: String?) -> String {
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "sluice"
    let option = pipeline.map { " --pipeline \(shellQuoted(URL(fileURLWithPath: $0).path))" } ?? ""
    return "\(shellQuoted(executable)) hook \(tool)\(option)"
  }

  private static func shellQuoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        || "/._-".utf8.contains($0)
    }
    return plain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).line }
}

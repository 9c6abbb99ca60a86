internal import ArgumentParser
internal import Glibc
internal import JSONTree

/// Commands that coding tools run by themselves, on the laptop, before anything leaves it.
struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Stop PHI on the laptop, as a local hook of Cursor or Claude Code.",
    discussion: """
      The tool writes an event to standard input and reads the answer, both in JSON. Prompts, files, commands, \
      tools' arguments and answers pass the pipeline's guard, detect, score and gate stages; whatever is found \
      blocks, and so does whatever can't be looked through. The answer names kinds, counts and lines, never a value.

      Set it up once in a project, or in the home folder for all projects: paste what this prints into \
      .claude/settings.json or .cursor/hooks.json.
        sluice hook claude-code --pipeline hooks.yaml --print-settings
        sluice hook cursor --pipeline hooks.yaml --print-settings

      Try it:
        echo '{"hook_event_name":"UserPromptSubmit","prompt":"hello"}' | sluice hook claude-code

      Exit codes: 0 answered on standard output; 2 blocked, with the reason on standard error, too; 64 the command \
      line can't be understood, which the printed settings turn into a block.
      """,
    subcommands: [ClaudeCode.self, Cursor.self])

  struct Options: ParsableArguments {
    @Option(
      help: "The pipeline whose stages are used; a built-in one where it is left out.",
      completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String?
    @Flag(help: "Print what to paste into the tool's settings, and end.") var printSettings = false
  }

  struct ClaudeCode: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "claude-code",
      abstract: "Answer a hook of Claude Code.",
      discussion: """
        Events: \(ClaudeCodeHook.events.joined(separator: ", ")). For .claude/settings.json:

        { "hooks": {
          "UserPromptSubmit": [{ "hooks": [
            { "type": "command", "command": "sluice hook claude-code || exit 2", "timeout": 30 }] }],
          "PreToolUse": [{ "matcher": "*", "hooks": [
            { "type": "command", "command": "sluice hook claude-code || exit 2", "timeout": 30 }] }],
          "PostToolUse": [{ "matcher": "*", "hooks": [
            { "type": "command", "command": "sluice hook claude-code || exit 2", "timeout": 30 }] }]
        } }

        Exit codes: 0 the answer is on standard output, be it yes or no; 2 blocked, as the event or the pipeline \
        can't be used. Claude Code lets an event pass at any other, hence "|| exit 2".
        """)

    @OptionGroup var options: Options

    func run() throws {
      try HookCommand.run(
        options, settings: HookSettings.claudeCode,
        answer: { HookRun.answer(ClaudeCodeHook.self, pipeline: $0) })
    }
  }

  struct Cursor: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cursor",
      abstract: "Answer a hook of Cursor.",
      discussion: """
        Events: \(CursorHook.events.joined(separator: ", ")). For .cursor/hooks.json:

        { "version": 1, "hooks": {
          "beforeSubmitPrompt": [{ "command": "sluice hook cursor", "timeout": 30, "failClosed": true }],
          "beforeReadFile": [{ "command": "sluice hook cursor", "timeout": 30, "failClosed": true }],
          "beforeTabFileRead": [{ "command": "sluice hook cursor", "timeout": 30, "failClosed": true }],
          "beforeShellExecution": [{ "command": "sluice hook cursor", "timeout": 30, "failClosed": true }],
          "beforeMCPExecution": [{ "command": "sluice hook cursor", "timeout": 30, "failClosed": true }]
        } }

        Exit codes: 0 allowed, or a prompt was answered, be it yes or no; 2 blocked. Cursor lets an event pass at any \
        other, hence "failClosed".
        """)

    @OptionGroup var options: Options

    func run() throws {
      try HookCommand.run(
        options, settings: HookSettings.cursor, answer: { HookRun.answer(CursorHook.self, pipeline: $0) })
    }
  }

  private static func run(
    _ options: Options, settings: (String?) -> String, answer: (String?) -> HookAnswer
  ) throws {
    if options.printSettings { return Terminal.print(settings(options.pipeline)) }
    signal(SIGPIPE, SIG_IGN)
    HookDeadline.start()
    let answer = answer(options.pipeline)
    Terminal.print(answer.output.line)
    if let complaint = answer.complaint { Terminal.complain(complaint) }
    guard answer.code == 0 else { throw ExitCode(answer.code) }
  }
}

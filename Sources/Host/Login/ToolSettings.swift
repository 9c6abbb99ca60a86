internal import JSONTree

/// What to put into tools, so that they go through a gateway with the key of whoever is logged in.
enum ToolSettings {
  /// - Parameter pipelines: what the gateway says of its pipelines.
  static func text(gateway: String, pipelines: [JSONValue]) -> String {
    var parts: [String] = []
    for pipeline in pipelines {
      guard let listen = pipeline["listen"]?.string, let speaks = pipeline["protocol"]?.string else {
        continue
      }
      let base = gateway + (listen == "/" ? "" : listen)
      switch speaks {
      case "openai": parts.append(openAI("\(base)/v1"))
      case "anthropic": parts.append(anthropic(base))
      default: continue
      }
    }
    return parts.map(Terminal.plain).joined(separator: "\n\n")
  }

  private static func openAI(_ base: String) -> String {
    """
    OpenAI SDK, and tools that read its variables:
      export OPENAI_BASE_URL=\(base)
      export OPENAI_API_KEY="$(sluice login --print-key)"
    Cursor: Settings > Models > API Keys
      Override OpenAI Base URL: \(base)
      OpenAI API Key: what `sluice login --print-key` prints
    """
  }

  private static func anthropic(_ base: String) -> String {
    """
    Anthropic SDK:
      export ANTHROPIC_BASE_URL=\(base)
      export ANTHROPIC_API_KEY="$(sluice login --print-key)"
    Claude Code, in ~/.claude/settings.json; it asks for the key again by itself:
      { "apiKeyHelper": "sluice login --print-key", "env": { "ANTHROPIC_BASE_URL": "\(base)" } }
    """
  }
}

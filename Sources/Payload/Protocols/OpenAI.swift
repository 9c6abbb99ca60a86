extension ProtocolDescription {
  /// OpenAI's API, as far as coding tools use it: chat completions, legacy completions, embeddings, models.
  /// An endpoint that is not here is refused.
  public static let openAI = ProtocolDescription(
    name: "openai",
    endpoints: [
      Endpoint(
        "POST", "/v1/chat/completions", request: chatRequest, response: chatResponse, stream: chatEvent),
      Endpoint("POST", "/v1/completions", request: plainRequest, response: chatResponse, stream: chatEvent),
      Endpoint("POST", "/v1/embeddings", request: plainRequest, response: embeddings, stream: nil),
      Endpoint("GET", "/v1/models", request: nil, response: models, stream: nil),
      Endpoint("GET", "/v1/models/*", request: nil, response: models, stream: nil),
    ])

  private static let logprobs: Treatment = .forbidden(
    "log probabilities repeat the answer token by token, past the mask; leave `logprobs` out")

  private static let chatRequest = RuleTable([
    ("/model", .attribute(.model)),
    ("/stream", .attribute(.stream)),
    ("/user", .attribute(.user)),
    ("/logprobs", logprobs),
    ("/top_logprobs", logprobs),
    ("/messages/*/role", .role),
    ("/messages/*/content", .text(.unknown)),
    ("/messages/*/content/*/type", .token),
    ("/messages/*/content/*/image_url", .media),
    ("/messages/*/content/*/input_audio", .media),
    ("/messages/*/content/*/file", .media),
    ("/messages/*/tool_call_id", .token),
    ("/messages/*/tool_calls/*/id", .token),
    ("/messages/*/tool_calls/*/type", .token),
    ("/messages/*/tool_calls/*/function/name", .text(.toolName)),
    ("/messages/*/tool_calls/*/function/arguments", .text(.toolArguments)),
    ("/messages/*/function_call/name", .text(.toolName)),
    ("/messages/*/function_call/arguments", .text(.toolArguments)),
    ("/messages/*/audio", .media),
    ("/tools", .text(.schema)),
    ("/tools/*/type", .token),
    ("/tools/*/function/name", .text(.toolName)),
    ("/functions", .text(.schema)),
    ("/functions/*/name", .text(.toolName)),
    ("/tool_choice", .token),
    ("/tool_choice/type", .token),
    ("/tool_choice/function/name", .token),
    ("/response_format", .text(.schema)),
    ("/response_format/type", .token),
    ("/metadata", .text(.metadata)),
    ("/service_tier", .token),
    ("/reasoning_effort", .token),
    ("/verbosity", .token),
    ("/modalities/*", .token),
    ("/audio", .media),
    ("/stream_options", .text(.unknown)),
    ("/seed", .number),
  ])

  private static let plainRequest = RuleTable([
    ("/model", .attribute(.model)),
    ("/stream", .attribute(.stream)),
    ("/user", .attribute(.user)),
    ("/logprobs", logprobs),
    ("/prompt", .text(.user)),
    ("/input", .text(.user)),
    ("/encoding_format", .token),
    ("/seed", .number),
  ])

  private static let chatResponse = RuleTable([
    ("/id", .token),
    ("/object", .token),
    ("/created", .number),
    ("/model", .attribute(.model)),
    ("/system_fingerprint", .token),
    ("/service_tier", .token),
    ("/choices/*/index", .index),
    ("/choices/*/finish_reason", .token),
    ("/choices/*/logprobs", logprobs),
    ("/choices/*/text", .text(.assistant)),
    ("/choices/*/message", .text(.assistant)),
    ("/choices/*/message/role", .token),
    ("/choices/*/message/tool_calls/*/id", .token),
    ("/choices/*/message/tool_calls/*/type", .token),
    ("/choices/*/message/tool_calls/*/function/name", .text(.toolName)),
    ("/choices/*/message/tool_calls/*/function/arguments", .text(.toolArguments)),
    ("/choices/*/message/audio", .media),
    ("/usage/prompt_tokens", .usage(.input)),
    ("/usage/completion_tokens", .usage(.output)),
    ("/error/type", .token),
    ("/error/code", .token),
  ])

  private static let chatEvent = RuleTable([
    ("/id", .token),
    ("/object", .token),
    ("/created", .number),
    ("/model", .attribute(.model)),
    ("/system_fingerprint", .token),
    ("/service_tier", .token),
    ("/obfuscation", .token),
    ("/choices/*/index", .index),
    ("/choices/*/finish_reason", .finish),
    ("/choices/*/logprobs", logprobs),
    ("/choices/*/text", .channel(.assistant)),
    ("/choices/*/delta", .text(.assistant)),
    ("/choices/*/delta/role", .token),
    ("/choices/*/delta/content", .channel(.assistant)),
    ("/choices/*/delta/refusal", .channel(.assistant)),
    ("/choices/*/delta/reasoning_content", .channel(.assistant)),
    ("/choices/*/delta/reasoning", .channel(.assistant)),
    ("/choices/*/delta/tool_calls/*/index", .index),
    ("/choices/*/delta/tool_calls/*/id", .token),
    ("/choices/*/delta/tool_calls/*/type", .token),
    ("/choices/*/delta/tool_calls/*/function/name", .text(.toolName)),
    ("/choices/*/delta/tool_calls/*/function/arguments", .channel(.toolArguments)),
    ("/choices/*/delta/function_call/name", .text(.toolName)),
    ("/choices/*/delta/function_call/arguments", .channel(.toolArguments)),
    ("/choices/*/delta/audio", .media),
    ("/usage/prompt_tokens", .usage(.input)),
    ("/usage/completion_tokens", .usage(.output)),
    ("/error/type", .token),
    ("/error/code", .token),
  ])

  private static let embeddings = RuleTable([
    ("/object", .token),
    ("/model", .attribute(.model)),
    ("/data/*/object", .token),
    ("/data/*/embedding/*", .number),
    ("/usage/prompt_tokens", .usage(.input)),
    ("/error/type", .token),
    ("/error/code", .token),
  ])

  private static let models = RuleTable([
    ("/object", .token),
    ("/id", .token),
    ("/created", .number),
    ("/owned_by", .token),
    ("/data/*/id", .token),
    ("/data/*/object", .token),
    ("/data/*/created", .number),
    ("/data/*/owned_by", .token),
    ("/error/type", .token),
    ("/error/code", .token),
  ])
}

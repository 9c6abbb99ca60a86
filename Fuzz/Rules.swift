/// Rules of every sort, so that each treatment is reached. They are shaped as those of `protocols/` are: those files
/// are read by a room that isn't compiled in here.
let fuzzRules = RuleTable(
  [
    ("/model", .attribute(.model)), ("/stream", .attribute(.stream)), ("/logprobs", .forbidden(reason: 0)),
    ("/messages/*/role", .role), ("/messages/*/content", .text(.unknown)),
    ("/messages/*/content/*/type", .token), ("/messages/*/content/*/image_url", .media),
    ("/messages/*/source/type", .source), ("/input/*", .textOnly(.user)), ("/data/*/embedding", .opaque),
    ("/usage/input_tokens", .usage(.input)), ("/seed", .number),
  ], reasons: ["for the fuzzer"])

let fuzzEvents = RuleTable(
  [
    ("/id", .token), ("/choices/*/index", .index), ("/choices/*/finish_reason", .finish),
    ("/choices/*/delta", .channel(.assistant)), ("/choices/*/delta/role", .token),
    ("/choices/*/delta/tool_calls/*/index", .index), ("/choices/*/delta/tool_calls/*/id", .identity),
    ("/choices/*/delta/tool_calls/*/function/arguments", .jsonChannel(.toolArguments)),
    ("/choices/*/parts/*/thought", .variant), ("/choices/*/parts/*/text", .channel(.assistant)),
  ])

let fuzzBlocks = RuleTable([
  ("/type", .token), ("/index", .index), ("/delta/type", .label), ("/delta/text", .channel(.assistant)),
  ("/delta/partial_json", .jsonChannel(.toolArguments)), ("/delta/signature", .opaque),
])

let fuzzStream = StreamRules(
  discriminator: "type",
  kinds: [
    StreamRules.Kind(name: "content_block_delta", rules: fuzzBlocks, endsChannels: false, isLast: false),
    StreamRules.Kind(name: "content_block_stop", rules: fuzzBlocks, endsChannels: true, isLast: false),
    StreamRules.Kind(name: "message_stop", rules: fuzzBlocks, endsChannels: false, isLast: true),
  ], otherwise: fuzzEvents)

/// Anthropic's Messages: an index at the top, kinds by `type`.
let fuzzMessages: StreamRules = {
  let start = RuleTable(
    [
      ("/type", .token), ("/message/id", .token), ("/message/model", .attribute(.model)),
      ("/message/content", .forbidden(reason: 0)), ("/message/usage/input_tokens", .usage(.input)),
    ], reasons: ["for the fuzzer"])
  let blockStart = RuleTable(
    [
      ("/type", .token), ("/index", .index), ("/content_block/type", .token), ("/content_block/id", .token),
      ("/content_block/name", .text(.toolName)), ("/content_block/text", .forbidden(reason: 0)),
      ("/content_block/input", .text(.toolArguments)),
    ], reasons: ["for the fuzzer"])
  let delta = RuleTable([
    ("/type", .token), ("/index", .index), ("/delta", .channel(.assistant)), ("/delta/type", .label),
    ("/delta/text", .channel(.assistant)), ("/delta/thinking", .channel(.assistant)),
    ("/delta/partial_json", .jsonChannel(.toolArguments)), ("/delta/signature", .seal),
    ("/delta/citation", .text(.assistant)),
  ])
  let end = RuleTable([
    ("/type", .token), ("/delta/stop_reason", .token), ("/delta/stop_sequence", .text(.assistant)),
    ("/usage/output_tokens", .usage(.output)), ("/usage/*", .number),
  ])
  let bare = RuleTable([("/type", .token), ("/index", .index)])
  func kind(_ name: String, _ rules: RuleTable, ends: Bool = false, last: Bool = false) -> StreamRules.Kind {
    StreamRules.Kind(name: name, rules: rules, endsChannels: ends, isLast: last)
  }
  return StreamRules(
    discriminator: "type",
    kinds: [
      kind("message_start", start), kind("content_block_start", blockStart),
      kind("content_block_delta", delta), kind("content_block_stop", bare, ends: true),
      kind("message_delta", end, ends: true), kind("message_stop", bare, last: true), kind("ping", bare),
    ],
    otherwise: RuleTable([
      ("/type", .token), ("/index", .index), ("/delta", .channel(.assistant)), ("/delta/type", .label),
    ]))
}()

/// OpenAI's Responses: several indices at the top, the whole text again at its end.
let fuzzResponses: StreamRules = {
  let indices: [(pattern: String, treatment: Treatment)] = [
    ("/type", .token), ("/sequence_number", .number), ("/output_index", .index), ("/content_index", .index),
    ("/item_id", .token), ("/obfuscation", .token), ("/logprobs", .forbidden(reason: 0)),
  ]
  func kind(
    _ name: String, _ rules: [(pattern: String, treatment: Treatment)], ends: Bool = false, last: Bool = false
  ) -> StreamRules.Kind {
    StreamRules.Kind(
      name: name, rules: RuleTable(indices + rules, reasons: ["for the fuzzer"]), endsChannels: ends,
      isLast: last)
  }
  let item: [(pattern: String, treatment: Treatment)] = [
    ("/item", .text(.assistant)), ("/item/type", .token), ("/item/arguments", .text(.toolArguments)),
    ("/item/encrypted_content", .opaque), ("/item/result", .media),
  ]
  let whole: [(pattern: String, treatment: Treatment)] = [
    ("/response/id", .token), ("/response/created_at", .number), ("/response/model", .attribute(.model)),
    ("/response/output", .text(.assistant)), ("/response/output/*/type", .token),
    ("/response/usage/output_tokens", .usage(.output)),
  ]
  return StreamRules(
    discriminator: "type",
    kinds: [
      kind("response.created", whole), kind("response.completed", whole, last: true),
      kind("response.output_item.added", item), kind("response.output_item.done", item, ends: true),
      kind("response.output_text.delta", [("/delta", .channel(.assistant))]),
      kind("response.output_text.done", [("/text", .text(.assistant))], ends: true),
      kind("response.function_call_arguments.delta", [("/delta", .jsonChannel(.toolArguments))]),
      kind(
        "response.function_call_arguments.done", [("/arguments", .text(.toolArguments))], ends: true),
    ], otherwise: RuleTable(indices + [("/delta", .channel(.assistant))], reasons: ["for the fuzzer"]))
}()

/// Gemini's: no kinds, thoughts and answers at one place.
let fuzzCandidates = StreamRules(
  otherwise: RuleTable([
    ("/modelVersion", .attribute(.model)), ("/responseId", .token), ("/createTime", .timestamp),
    ("/candidates/*/index", .index), ("/candidates/*/finishReason", .finish),
    ("/candidates/*/content/role", .label), ("/candidates/*/content/parts/*/thought", .variant),
    ("/candidates/*/content/parts/*/text", .channel(.assistant)),
    ("/candidates/*/content/parts/*/inlineData", .media),
    ("/candidates/*/content/parts/*/thoughtSignature", .opaque),
    ("/candidates/*/content/parts/*/functionCall", .text(.toolArguments)),
    ("/usageMetadata/promptTokenCount", .usage(.input)), ("/usageMetadata/*", .number),
  ]))

let fuzzStreams = [fuzzStream, fuzzMessages, fuzzResponses, fuzzCandidates]

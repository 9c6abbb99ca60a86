/// Rules of every sort, so that each treatment is reached.
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

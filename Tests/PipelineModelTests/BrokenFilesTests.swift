import PipelineModel
import Testing

/// Broken files, and the exact words for each.
@Suite struct BrokenFilesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let text: String
    let complaints: [String]
    var testDescription: String { what }

    init(_ what: String, _ text: String, _ complaints: [String]) {
      self.what = what
      self.text = text
      self.complaints = complaints
    }
  }

  @Test(arguments: yamlCases + keyCases + valueCases + stageCases) func saysWhatIsWrong(_ broken: Case) {
    #expect(complaints(broken.text) == broken.complaints)
  }

  static let yamlCases: [Case] = [
    Case(
      "empty", "",
      [
        "1:1: error: there is no pipeline in this file; expected 'pipeline: NAME' and more [empty]"
      ]),
    Case(
      "only a comment", "# nothing\n",
      [
        "2:1: error: there is no pipeline in this file; expected 'pipeline: NAME' and more [empty]"
      ]),
    Case(
      "a list", "- a\n",
      [
        "1:1: error: a pipeline file is a list; expected a mapping [wrong-type]"
      ]),
    Case(
      "tabs", "pipeline: a\n\tlisten: /a\n",
      [
        "2:1: error: this is not valid YAML: found a tab character that violates indentation "
          + "[yaml-syntax]"
      ]),
    Case(
      "unclosed", "pipeline: [a\n",
      [
        "2:1: error: this is not valid YAML: did not find expected ',' or ']' [yaml-syntax]"
      ]),
    Case(
      "control character", "pipeline: a\nlisten: é\u{1}\n",
      [
        "2:10: error: this is not valid YAML: control characters are not allowed [yaml-syntax]"
      ]),
    Case(
      "key twice", pipeline(more: "listen: /b"),
      [
        "5:1: error: 'listen' stands here for the second time, after line 2 [duplicate-key]"
      ]),
    Case(
      "key twice, deep", pipeline(more: "limits: { hold: 1s, hold: 2s }"),
      [
        "5:21: error: 'hold' stands here for the second time, after line 5 [duplicate-key]"
      ]),
    Case(
      "anchor", pipeline(upstream: "upstream: &u { url: https://example.com }"),
      [
        "4:11: error: anchors and aliases (& and *) are not accepted; expected the value itself "
          + "[anchor]"
      ]),
    Case(
      "alias", pipeline(more: "limits: *u"),
      [
        "5:9: error: anchors and aliases (& and *) are not accepted; expected the value itself "
          + "[anchor]"
      ]),
    Case(
      "merge key", pipeline(more: "limits: { <<: { hold: 1s } }"),
      [
        "5:11: error: merge keys (<<) are not accepted; expected the members themselves [anchor]"
      ]),
    Case(
      "tag", pipeline(more: "limits: !limits { hold: !!int 1s }"),
      [
        "5:9: error: the tag '!limits' is not accepted; expected the value without a tag [tag]",
        "5:25: error: the tag 'tag:yaml.org,2002:int' is not accepted; expected the value "
          + "without a tag [tag]",
      ]),
    Case(
      "two documents", pipeline() + "---\n" + pipeline(),
      [
        "12:1: error: a second document begins here: a file holds one pipeline [several-documents]"
      ]),
    Case(
      "key that is a list", pipeline(more: "[a, b]: c"),
      [
        "5:1: error: this is no key; expected text before the colon [key]"
      ]),
    Case(
      "unknown alias in a list", pipeline(stages: ["*a"]),
      [
        "6:5: error: anchors and aliases (& and *) are not accepted; expected the value itself "
          + "[anchor]"
      ]),
  ]

  private static let recipients =
    "age recipients, as '- age1…', which `sluice evidence keygen` or `age-keygen` prints"
  private static let recipient = "age1" + String(repeating: "q", count: 58)

  static let keyCases: [Case] = [
    Case(
      "unknown key", pipeline(more: "limts: {}"),
      [
        "5:1: error: 'limts' is not known here; expected one of pipeline, listen, host, "
          + "protocol, upstream, limits, evidence, media, restore, stages; did you mean 'limits'? [unknown-key]"
      ]),
    Case(
      "misspelt and so missing", pipeline(listen: "lissten: /a"),
      [
        "2:1: error: 'lissten' is not known here; expected one of pipeline, listen, host, "
          + "protocol, upstream, limits, evidence, media, restore, stages; did you mean 'listen'? [unknown-key]"
      ]),
    Case(
      "unknown keys inside", pipeline(more: "limits: { hol: 1s }\nevidence: { transcrpt: none, zebra: 1 }"),
      [
        "5:11: error: 'hol' is not known here; expected one of request, response, request-time, "
          + "hold, waiting, response-time, stream-idle; did you mean 'hold'? [unknown-key]",
        "6:13: error: 'transcrpt' is not known here; expected one of before-upstream, "
          + "before-response, transcript, originals, recipients; did you mean 'transcript'? [unknown-key]",
        "6:30: error: 'zebra' is not known here; expected one of before-upstream, "
          + "before-response, transcript, originals, recipients [unknown-key]",
      ]),
    Case(
      "missing keys", "host: a\n",
      [
        "1:1: error: 'pipeline' is missing; expected the pipeline's name [missing-key]",
        "1:1: error: 'listen' is missing; expected the path that clients use, as /openai [missing-key]",
        "1:1: error: 'protocol' is missing; expected one of anthropic, azure-openai, fhir, gemini, json, mcp, openai [missing-key]",
        "1:1: error: 'upstream' is missing; expected where requests go, as 'upstream: { url: "
          + "https://api.openai.com }' [missing-key]",
        "1:1: error: 'stages' is missing; expected a list of stages, beginning with "
          + "'authenticate' [missing-key]",
      ]),
    Case(
      "wrong types", "pipeline: [a]\nlisten: {}\nprotocol:\nupstream: x\nlimits: []\nstages: a\n",
      [
        "1:11: error: 'pipeline' is a list; expected text [wrong-type]",
        "2:9: error: 'listen' is a mapping; expected text [wrong-type]",
        "3:10: error: 'protocol' is empty; expected text [wrong-type]",
        "4:11: error: 'upstream' is a single value; expected a mapping [wrong-type]",
        "5:9: error: 'limits' is a list; expected a mapping [wrong-type]",
        "6:9: error: 'stages' is a single value; expected a list, as '- detect: phi' [wrong-type]",
      ]),
    Case(
      "escape sequence in a key", pipeline(more: #""\e[31mred": 1"#),
      [
        "5:1: error: '\\u{1b}[31mred' is not known here; expected one of pipeline, listen, host, "
          + "protocol, upstream, limits, evidence, media, restore, stages [unknown-key]"
      ]),
  ]

  static let valueCases: [Case] = [
    Case(
      "name", pipeline(name: "pipeline: -Cursor"),
      [
        "1:11: error: '-Cursor' is no name for a pipeline; expected lower-case letters, digits "
          + "and hyphens, at most 64 [not-allowed]"
      ]),
    Case(
      "listen without slash", pipeline(listen: "listen: openai"),
      [
        "2:9: error: 'openai' is no path to listen on; expected a path of letters, digits, '-', "
          + "'_' and '.', as /openai [not-allowed]"
      ]),
    Case(
      "listen with dots", pipeline(listen: "listen: /a/../b"),
      [
        "2:9: error: '/a/../b' is no path to listen on; expected a path of letters, digits, '-', "
          + "'_' and '.', as /openai [not-allowed]"
      ]),
    Case(
      "listen on the gateway's own", pipeline(listen: "listen: /metrics/"),
      [
        "2:9: error: '/metrics' is the gateway's own; expected another path [not-allowed]"
      ]),
    Case(
      "host with a port", pipeline(more: "host: example.com:443"),
      [
        "5:7: error: 'example.com:443' is no name of a host; expected the name alone, as "
          + "gateway.example.com [not-allowed]"
      ]),
    Case(
      "protocol", pipeline(protocol: "protocol: opnai"),
      [
        "3:11: error: the protocol 'opnai' is not known; expected one of anthropic, azure-openai, fhir, gemini, json, mcp, openai, or a protocol file as ./my-api.yaml; did you mean "
          + "'openai'? [not-allowed]"
      ]),
    Case(
      "size", pipeline(more: "limits: { request: 16mb, response: 5 }"),
      [
        "5:20: error: '16mb' is no size for 'request'; expected a size from 1B to 1GiB, as 64KiB "
          + "or 16MiB; did you mean '16MB'? [not-allowed]",
        "5:36: error: '5' is no size for 'response'; expected a size from 1B to 1GiB, as 64KiB "
          + "or 16MiB [not-allowed]",
      ]),
    Case(
      "duration", pipeline(more: "limits: { hold: 12:30, stream-idle: 1.5h, request-time: 1ms }"),
      [
        "5:17: error: '12:30' is no duration for 'hold'; expected a duration from 0ms to 1h, as "
          + "500ms, 90s, 15m or 1h [not-allowed]",
        "5:37: error: '1.5h' is no duration for 'stream-idle'; expected a duration from 100ms to "
          + "1h, as 500ms, 90s, 15m or 1h [not-allowed]",
        "5:57: error: '1ms' is too little for 'request-time'; expected a duration from 100ms to "
          + "1h [out-of-range]",
      ]),
    Case(
      "count", pipeline(more: "limits: { waiting: 0 }"),
      [
        "5:20: error: 0 is too little for 'waiting'; expected a whole number from 1 to 10000 [out-of-range]"
      ]),
    Case(
      "no count", pipeline(more: "limits: { waiting: 1.5 }"),
      [
        "5:20: error: 'waiting' is '1.5'; expected a whole number from 1 to 10000 [wrong-type]"
      ]),
    Case(
      "too much", pipeline(more: "limits: { request: 2GiB, hold: 99999999999999999999h }"),
      [
        "5:20: error: '2GiB' is too much for 'request'; expected a size from 1B to 1GiB [out-of-range]",
        "5:32: error: '99999999999999999999h' is no duration for 'hold'; expected a duration "
          + "from 0ms to 1h, as 500ms, 90s, 15m or 1h [not-allowed]",
      ]),
    Case(
      "level", pipeline(more: "evidence: { before-upstream: stabel, transcript: no }"),
      [
        "5:30: error: 'stabel' is not known for 'before-upstream'; expected one of received, "
          + "written, stable; did you mean 'stable'? [not-allowed]",
        "5:50: error: 'no' is not known for 'transcript'; expected one of masked, none [not-allowed]",
      ]),
    Case(
      "sealed to nobody", pipeline(more: "evidence: { originals: sealed }"),
      [
        "5:24: error: originals are sealed to nobody: 'recipients' is missing; expected \(recipients) [missing-key]"
      ]),
    Case(
      "recipients of nothing", pipeline(more: "evidence: { recipients: [] }"),
      [
        "5:25: error: 'recipients' means nothing where originals are not kept; expected 'originals: sealed' "
          + "beside it [not-allowed]"
      ]),
    Case(
      "no list of recipients", pipeline(more: "evidence: { originals: sealed, recipients: age1 }"),
      ["5:44: error: 'recipients' is a single value; expected a list of \(recipients) [wrong-type]"]),
    Case(
      "no recipient", pipeline(more: "evidence: { originals: sealed, recipients: [] }"),
      ["5:44: error: there are 0 recipients; expected 1 to 16 \(recipients) [out-of-range]"]),
    Case(
      "wrong recipients",
      pipeline(
        more: "evidence:\n  originals: sealed\n  recipients:\n    - age1abc\n    - AGE-SECRET-KEY-1QQ\n"
          + "    - \(recipient)\n    - \(recipient)\n    - [a]"),
      [
        "8:7: error: this is no age recipient; expected \(recipients) [not-allowed]",
        "9:7: error: this is a private key, which has no place here; make a new pair; expected \(recipients) "
          + "[not-allowed]",
        "11:7: error: this recipient stands here twice; expected each once [duplicate]",
        "12:7: error: this is no age recipient; expected \(recipients) [not-allowed]",
      ]),
    Case(
      "old truth", pipeline(upstream: "upstream: { url: http://10.0.0.1, allow-plaintext: yes }"),
      [
        "4:18: error: the credential and all text would cross the network unencrypted; expected "
          + "https, a loopback address, or 'allow-plaintext: true' beside it [plaintext]",
        "4:52: error: 'allow-plaintext' is neither true nor false; expected true or false; did "
          + "you mean 'true'? [wrong-type]",
      ]),
    Case(
      "plaintext", pipeline(upstream: "upstream: { url: http://example.com }"),
      [
        "4:18: error: the credential and all text would cross the network unencrypted; expected "
          + "https, a loopback address, or 'allow-plaintext: true' beside it [plaintext]"
      ]),
    Case(
      "user in url", pipeline(upstream: "upstream: { url: \"https://me:canary@example.com\" }"),
      [
        "4:18: error: 'url' is no address of a provider: it has a user in it; expected "
          + "https://HOST, with a port or a path where it has one [not-allowed]"
      ]),
    Case(
      "url without scheme", pipeline(upstream: "upstream: { url: api.openai.com }"),
      [
        "4:18: error: 'url' is no address of a provider: it has no scheme; expected "
          + "https://HOST, with a port or a path where it has one [not-allowed]"
      ]),
    Case(
      "url with query", pipeline(upstream: "upstream: { url: \"https://example.com/v1?a=b\" }"),
      [
        "4:18: error: 'url' is no address of a provider: it has a query or a fragment; expected "
          + "https://HOST, with a port or a path where it has one [not-allowed]"
      ]),
    Case(
      "port", pipeline(upstream: "upstream: { url: https://example.com:70000 }"),
      [
        "4:18: error: 'url' is no address of a provider: its port is no number from 1 to 65535; "
          + "expected https://HOST, with a port or a path where it has one [not-allowed]"
      ]),
    Case(
      "line break in url", pipeline(upstream: "upstream: { url: \"https://example.com/\\r\\nx\" }"),
      [
        "4:18: error: 'url' has a control character in it; expected text [wrong-type]"
      ]),
    Case(
      "credential itself", pipeline(upstream: "upstream: { url: https://a, credential: sk-canary }"),
      [
        "4:41: error: this names no place to read a credential from; expected secret:NAME, "
          + "env:NAME or file:PATH, never the credential itself [not-allowed]"
      ]),
    Case(
      "secret", pipeline(upstream: "upstream: { url: https://a, credential: secret:OpenAI }"),
      [
        "4:41: error: this names no place to read a credential from; expected secret:NAME, "
          + "env:NAME or file:PATH, never the credential itself [not-allowed]"
      ]),
    Case(
      "header alone", pipeline(upstream: "upstream: { url: https://a, header: x-api-key }"),
      [
        "4:29: error: 'header' says where a credential goes, and there is no 'credential'; "
          + "expected credential: secret:NAME, env:NAME or file:PATH [missing-key]"
      ]),
    Case(
      "header that frames",
      pipeline(upstream: "upstream: { url: https://a, credential: env:K, header: Content-Length }"),
      [
        "4:56: error: 'Content-Length' is set by the gateway; expected a name, as x-api-key "
          + "[not-allowed]"
      ]),
    Case(
      "header with a line break",
      pipeline(upstream: "upstream: { url: https://a, credential: env:K, header: \"a\\r\\nb\" }"),
      [
        "4:56: error: 'header' has a control character in it; expected text [wrong-type]"
      ]),
  ]

  static let stageCases: [Case] = [
    Case(
      "no stages", pipeline(stages: []),
      [
        "5:8: error: 'stages' is empty; expected a list, as '- detect: phi' [wrong-type]"
      ]),
    Case(
      "nobody asked", pipeline(stages: ["detect: phi", "mask: phi", "sink: file"]),
      [
        "6:3: error: a pipeline without an 'authenticate' stage would serve anybody; expected an "
          + "'authenticate' stage in front, as '- authenticate: keys' [no-authenticate]"
      ]),
    Case(
      "authenticate late", pipeline(stages: ["guard: rules", "authenticate: keys", "sink: file"]),
      [
        "7:5: error: an 'authenticate' stage comes first: nothing is read before it is known who "
          + "asks [stage-order]"
      ]),
    Case(
      "no sink", pipeline(stages: ["authenticate: keys"]),
      [
        "6:3: error: a pipeline without a 'sink' stage would leave no evidence behind; expected "
          + "a 'sink' stage at the end, as '- sink: file' [no-sink]"
      ]),
    Case(
      "sink before gate",
      pipeline(stages: [
        "authenticate: keys", "detect: phi", "mask: phi", "score: phi", "sink: file", "gate: threshold",
      ]),
      [
        "11:5: error: a 'sink' stage before a 'gate' stage: sinks come last [stage-order]"
      ]),
    Case(
      "gate alone", pipeline(stages: ["authenticate: keys", "gate: threshold", "sink: file"]),
      [
        "7:5: error: a 'gate' stage needs a 'score' stage before it [stage-order]"
      ]),
    Case(
      "mask alone", pipeline(stages: ["authenticate: keys", "mask: phi", "sink: file"]),
      [
        "7:5: error: a 'mask' stage needs a 'detect' stage before it [stage-order]"
      ]),
    Case(
      "score alone", pipeline(stages: ["authenticate: keys", "score: phi", "sink: file"]),
      [
        "7:5: error: a 'score' stage needs a 'detect' stage before it [stage-order]"
      ]),
    Case(
      "never masked", pipeline(stages: ["authenticate: keys", "detect: phi", "sink: file"]),
      [
        "7:5: error: what this stage finds is never masked; expected a 'mask' stage after it, as "
          + "'- mask: phi' [no-mask]"
      ]),
    Case(
      "detect after mask",
      pipeline(stages: ["authenticate: keys", "detect: phi", "mask: phi", "detect: more", "sink: file"]),
      [
        "9:5: error: what a 'detect' stage after a 'mask' stage finds is never masked [stage-order]"
      ]),
    Case(
      "mask after gate",
      pipeline(stages: [
        "authenticate: keys", "detect: phi", "score: phi", "gate: threshold", "mask: phi", "sink: file",
      ]),
      [
        "10:5: error: a 'mask' stage after a 'gate' stage would change what was approved: masks "
          + "come before gates [stage-order]"
      ]),
    Case(
      "misspelt stage", pipeline(stages: ["authenticate: keys", "detct: phi", "mask: phi", "sink: file"]),
      [
        "7:5: error: 'detct' is no kind of stage; expected one of authenticate, guard, detect, "
          + "mask, score, gate, notify, sink; did you mean 'detect'? [unknown-stage]"
      ]),
    Case(
      "unknown stage", pipeline(stages: ["authenticate: keys", "zebra: phi", "mask: phi"]),
      [
        "7:5: error: 'zebra' is no kind of stage; expected one of authenticate, guard, detect, "
          + "mask, score, gate, notify, sink [unknown-stage]"
      ]),
    Case(
      "two in one", pipeline(stages: ["{ authenticate: keys, sink: file }"]),
      [
        "6:5: error: this is 2 stages in one; expected one of authenticate, sink, and a '-' "
          + "before each [unknown-stage]"
      ]),
    Case(
      "no kind", pipeline(stages: ["authenticate: keys", "with: {}", "sink: file"]),
      [
        "7:5: error: this stage has no kind; expected one of authenticate, guard, detect, mask, "
          + "score, gate, notify, sink [unknown-stage]"
      ]),
    Case(
      "text as a stage", pipeline(stages: ["authenticate", "sink: file"]),
      [
        "6:5: error: a stage is a single value; expected a mapping [wrong-type]"
      ]),
    Case(
      "way out of the folder", pipeline(stages: ["authenticate: ../keys", "sink: file"]),
      [
        "6:19: error: '../keys' is no name of a filter; expected lower-case letters, digits and "
          + "hyphens, at most 64; a file goes to 'plugin' [not-allowed]"
      ]),
    Case(
      "not in this build",
      pipeline(stages: [
        "{ authenticate: keys, isolation: proces }", "{ sink: file, shadow: true }",
        "{ guard: rules, on-error: allow }", "sink: file",
      ]),
      [
        "6:38: error: 'proces' is not known for 'isolation'; expected one of none, process; "
          + "did you mean 'process'? [not-allowed]",
        "7:27: error: only a stage that looks at texts can be a shadow; expected a 'guard', 'detect', "
          + "'mask', 'score' or 'gate' stage [not-allowed]",
        "8:31: error: this build denies what a stage can't handle; expected on-error: deny "
          + "[not-supported]",
      ]),
    Case(
      "budgets",
      pipeline(stages: [
        "{ authenticate: keys, budget: 90s }", "{ guard: rules, budget: fast }",
        "{ guard: rules, budget: 5ms }",
        "{ sink: file, budget: 5s }",
      ]),
      [
        "6:35: error: '90s' is too much for 'budget'; expected a duration from 1ms to 1m [out-of-range]",
        "7:29: error: 'fast' is no duration for 'budget'; expected a duration from 1ms to 1m, as 500ms, 90s, 15m or 1h [not-allowed]",
        "9:27: error: a sink has no budget: no exchange waits for its calls; expected 'budget' at the other stages [not-allowed]",
      ]),
  ]
}

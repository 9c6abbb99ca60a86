/// The JSON Schema (2020-12) of a pipeline file, for editors; `sluice check --schema` prints it.
///
/// It says what each key may hold. What holds between stages, and what a plugin's configuration may hold, only
/// ``PipelineLoader`` knows.
public enum PipelineSchema {
  /// The schema's text.
  public static let text = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Sluice pipeline",
      "description": "One route: who may use it, where it leads, and the stages that its exchanges pass.",
      "type": "object",
      "required": ["pipeline", "listen", "protocol", "upstream", "stages"],
      "additionalProperties": false,
      "properties": {
        "pipeline": \(name("The pipeline's name: lower-case letters, digits and hyphens.")),
        "listen": {
          "description": "The path prefix that clients use, as /openai.",
          "type": "string", "maxLength": 256, "pattern": "^/[A-Za-z0-9._/-]*$"
        },
        "host": {
          "description": "The host that this pipeline answers to, as gateway.example.com; without it, any.",
          "type": "string", "maxLength": 253, "pattern": "^[A-Za-z0-9._-]+$"
        },
        "protocol": {
          "description": "The API that clients speak: one that comes with the gateway, or a protocol file.",
          "oneOf": [{"enum": [\(quoted(PipelineLoader.protocols))]}, {"type": "string", "pattern": "[.]yaml$"}]
        },
        "upstream": \(upstream),
        "limits": \(limits),
        "evidence": \(evidence),
        "media": {
          "description": "Images, sounds and files, which nothing can look into: refuse the exchange, leave them out of it, or let them through unread.",
          "enum": ["refuse", "strip", "pass"]
        },
        "restore": {
          "description": "own: a client's own values take the place of their placeholders in its answers.",
          "enum": ["none", "own"]
        },
        "stages": {
          "description": "What each exchange passes, in this order.",
          "type": "array", "minItems": 1,
          "items": {
            "oneOf": [
              \(StageKind.allCases.map(stage).joined(separator: ",\n          "))
            ]
          }
        }
      }
    }

    """

  private static func quoted(_ words: [String]) -> String {
    words.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  private static func name(_ description: String) -> String {
    """
    { "description": "\(description)", "type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": 64 }
    """
  }

  private static let upstream = """
    {
          "description": "Where requests go.",
          "type": "object", "required": ["url"], "additionalProperties": false,
          "properties": {
            "url": {
              "description": "The provider's address, as https://api.openai.com, with no user, query or fragment.",
              "type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+(/[^?#]*)?$"
            },
            "credential": {
              "description": "Where the provider's credential is read from, secret:NAME, env:NAME or file:PATH; never itself.",
              "type": "string", "pattern": "^(secret:[a-z0-9-]{1,64}|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$", "x-secret": true
            },
            "header": {
              "description": "The header field that carries the credential; without it, a bearer token.",
              "type": "string", "pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", "maxLength": 128
            },
            "ca": {
              "description": "A PEM file of certificates to trust in place of the system's.", "type": "string"
            },
            "allow-plaintext": {
              "description": "Lets http go beyond this machine: credential and text cross the network unencrypted.",
              "type": "boolean", "default": false
            }
          }
        }
    """

  private static func size(_ description: String, _ bytes: Int) -> String {
    """
    {
              "description": "\(description) A size, as 64KiB or 16MiB.",
              "type": "string", "pattern": "^[0-9]+([KMG]i?)?B$", "default": "\(Quantity.size.text(bytes))"
            }
    """
  }

  private static func duration(_ description: String, _ milliseconds: Int) -> String {
    """
    {
              "description": "\(description) A duration, as 500ms, 90s or 15m.",
              "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$", "default": "\(Quantity.duration.text(milliseconds))"
            }
    """
  }

  private static var limits: String {
    let standard = Limits()
    return """
      {
            "description": "What an exchange may take.",
            "type": "object", "additionalProperties": false,
            "properties": {
              "request": \(size("A request's body.", standard.request)),
              "response": \(size("A response's body where it is not a stream.", standard.response)),
              "request-time": \(duration("How long a request may take to arrive.", standard.requestTime)),
              "hold": \(duration("How long a connection is held while people decide.", standard.hold)),
              "waiting": {
                "description": "How many requests of one person may wait for people at once, on all pipelines together.",
                "type": "integer", "minimum": \(Limits.waitings.lowerBound), "maximum": \(Limits.waitings.upperBound), "default": \(standard.waiting)
              },
              "response-time": \(duration("How long the upstream may take to begin.", standard.responseTime)),
              "stream-idle": \(duration("How long a stream may be silent.", standard.streamIdle))
            }
          }
      """
  }

  private static var evidence: String {
    let levels = quoted(EvidencePolicy.Level.allCases.map(\.rawValue))
    let transcripts = quoted(EvidencePolicy.Transcript.allCases.map(\.rawValue))
    let originals = quoted(EvidencePolicy.Originals.allCases.map(\.rawValue))
    return """
      {
            "description": "What is kept, and how safely, before an exchange goes on.",
            "type": "object", "additionalProperties": false,
            "properties": {
              "before-upstream": {
                "description": "What the request's record has reached before a byte goes upstream.",
                "enum": [\(levels)], "default": "stable"
              },
              "before-response": {
                "description": "What the response's record has reached before its last byte is released.",
                "enum": [\(levels)], "default": "stable"
              },
              "transcript": {
                "description": "Whether the masked texts are kept.", "enum": [\(transcripts)], "default": "masked"
              },
              "originals": {
                "description": "Whether the unmasked bytes are kept, sealed to the recipients.",
                "enum": [\(originals)], "default": "none"
              },
              "recipients": {
                "description": "Whom originals are sealed to: age recipients, whose private keys are kept elsewhere.",
                "type": "array", "minItems": 1, "maxItems": \(EvidencePolicy.maximumRecipients),
                "items": { "type": "string", "pattern": "^age1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{58}$" }
              }
            }
          }
      """
  }

  private static func stage(_ kind: StageKind) -> String {
    """
    {
                "type": "object", "required": ["\(kind.rawValue)"], "additionalProperties": false,
                "properties": {
                  "\(kind.rawValue)": \(name("\(summary(kind)) The filter's name.")),
                  "with": {
                    "description": "The filter's configuration.", "type": "object", "additionalProperties": true
                  },
                  "plugin": {
                    "description": "The shared library, where it is not the one of the filter's name.",
                    "type": "string"
                  },
                  "isolation": {
                    "description": "Where the filter runs: in the gateway, or in a process of its own.",
                    "enum": ["none", "process"]
                  },
                  "allow": {
                    "description": "What an isolated filter may do beyond computing.",
                    "type": "object", "additionalProperties": false,
                    "properties": {
                      "read": {
                        "description": "Absolute paths that it may read, with all below them.",
                        "type": "array", "items": { "type": "string" }, "maxItems": 32
                      },
                      "write": {
                        "description": "Absolute paths that it may read and write, with all below them.",
                        "type": "array", "items": { "type": "string" }, "maxItems": 32
                      },
                      "network": {
                        "description": "TCP ports that it may connect to.",
                        "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 65535 },
                        "maxItems": 32
                      }
                    }
                  },
                  "budget": \(duration("How long a call may take; an exchange that has to wait longer is denied.", Stage.defaultBudget)),
                  "shadow": {
                    "description": "Whether it only says what it would change: nothing is changed.",
                    "type": "boolean", "default": false
                  },
                  "on-error": {
                    "description": "What happens to an exchange that the filter can't handle.",
                    "enum": ["deny"], "default": "deny"
                  }
                }
              }
    """
  }

  private static func summary(_ kind: StageKind) -> String {
    switch kind {
    case .authenticate: "Says who is asking."
    case .guard: "Denies what policy forbids."
    case .detect: "Finds what is to be protected."
    case .mask: "Replaces what was found."
    case .score: "Says how risky a request is, from 0 to 100."
    case .gate: "Allows, denies, or waits for people."
    case .notify: "Tells people where they are that a request waits for them."
    case .sink: "Keeps the evidence."
    }
  }
}

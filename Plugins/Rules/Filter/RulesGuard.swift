public import FilterKit
public import JSONTree

/// `guard: rules`: denies requests by what they say, which tools they offer or call, and which model they ask for.
///
/// All patterns of a configuration are one automaton (Vectorscan), so that the cost is linear in the text and
/// nearly flat in the number of rules, and no pattern can be made to backtrack.
public final class RulesGuard: GuardFilter {
  public static let name: StaticString = "rules"
  public static let summary: StaticString = "denies requests by text, tool and model"
  public static let schema: StaticString = """
    {
      "type": "object",
      "properties": {
        "deny": {
          "type": "array", "maxItems": 1024,
          "description": "rules; the first one that fits denies the request",
          "items": {
            "type": "object", "required": ["name"],
            "properties": {
              "name": {
                "type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$",
                "description": "how the client and the record name the rule: lower-case letters, digits and -"
              },
              "text": {
                "type": "string", "minLength": 1, "maxLength": 4096,
                "description": "a regular expression, found anywhere in a text; (?i) ignores case"
              },
              "roles": {
                "type": "array", "minItems": 1, "maxItems": 16,
                "description": "whose texts a text rule looks at; all of them where this is left out",
                "items": {
                  "type": "string",
                  "enum": ["system", "developer", "user", "assistant", "tool", "tool-name", "tool-arguments",
                    "schema", "metadata", "key", "unknown"]
                }
              },
              "tools": {
                "type": "array", "minItems": 1, "maxItems": 256,
                "items": {"type": "string", "minLength": 1, "maxLength": 256},
                "description": "names of tools that may be neither offered nor called; * stands for anything"
              },
              "models": {
                "type": "array", "minItems": 1, "maxItems": 256,
                "items": {"type": "string", "minLength": 1, "maxLength": 256},
                "description": "names of models that may not be asked; * stands for anything"
              },
              "message": {
                "type": "string", "minLength": 1, "maxLength": 500,
                "description": "what the client is told: what is forbidden, and what to do instead"
              }
            }
          }
        },
        "allow-models": {
          "type": "array", "minItems": 1, "maxItems": 256,
          "items": {"type": "string", "minLength": 1, "maxLength": 256},
          "description": "the only models that may be asked; * stands for anything"
        }
      }
    }
    """

  let rules: RuleSet
  let patterns: PatternDatabase?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    rules = try RuleSet(configuration)
    patterns = try PatternDatabase(rules.texts)
  }

  public var wantsText: Bool { patterns != nil || rules.hasTools }

  public func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any GuardSession {
    let session = RulesSession(self)
    session.begin(exchange)
    return session
  }
}

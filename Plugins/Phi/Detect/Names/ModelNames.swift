/// Names of models and assistants that are names of people, too: prompts, paths and settings of AI tools are full of them.
enum ModelNames {
  private static let models = WordSet(
    words: "ada alexa babbage claude curie davinci gemini grok jamba llama mistral siri")
  /// What stands behind a model's name, and behind nobody's.
  private static let versions = WordSet(
    words: "code desktop flash haiku instant large nano opus pro sonnet ultra")

  /// Whether a word in lower case is a model's name.
  static func isModel(_ hash: UInt64) -> Bool { models.contains(hash) }

  /// Whether one word is a model's name: in lower case by itself, else by the version behind it (`Claude Sonnet 4.5`).
  static func isModel(_ words: [Word], _ index: Int, _ count: Int) -> Bool {
    guard count == 1, models.contains(words[index].hash) else { return false }
    if words[index].shape == .lower { return true }
    guard index + 1 < words.count, words[index + 1].followsClosely else { return false }
    return versions.contains(words[index + 1].hash)
  }
}

internal import FilterKit

/// Names that nobody has: given names that say nothing of a gender, and family names made of syllables, which are in no
/// census and so can be told from real ones when they come back.
enum SurrogateNames {
  static let given = """
    Addison Alex Ari Ashton Aubrey Avery Bailey Blake Cameron Casey Charlie Dakota Devon Drew Eden Elliot \
    Emerson Finley Frankie Harley Hayden Jamie Jesse Jordan Jules Kai Kendall Kerry Lane Logan Marley Micah \
    Morgan Noel Parker Peyton Phoenix Quinn Reese Remy Riley River Robin Rory Rowan Sage Sasha Shannon Shawn \
    Sidney Skyler Spencer Stevie Sydney Tatum Taylor Terry Toby Tracy Val Wren Yael Zephyr Zion
    """.split(separator: " ").map(String.init)

  private static let starts = [
    "Vel", "Ost", "Quen", "Bram", "Thal", "Mor", "Fen", "Gar", "Hal", "Jor", "Kel", "Lor", "Nar", "Pel",
    "Rav",
    "Tor",
  ]
  private static let middles = [
    "ma", "dri", "lo", "vi", "sta", "re", "nu", "go", "ti", "pe", "ka", "bo", "li", "ze", "fa", "du",
  ]
  private static let ends = [
    "drick", "velle", "thorn", "wick", "mark", "quist", "lund", "grave", "holt", "bourne", "stead", "croft",
    "mere", "vant", "dell", "shaw",
  ]

  static let familyCount = UInt64(starts.count * middles.count * ends.count)

  static func family(_ seed: UInt64) -> String {
    let index = Int(seed % familyCount)
    return starts[index / 256] + middles[index / 16 % 16] + ends[index % 16]
  }

  static func given(_ seed: UInt64) -> String { given[Int(seed % UInt64(given.count))] }

  private static let families = Set((0..<familyCount).map { family($0).lowercased() })
  private static let givens = Set(given.map { $0.lowercased() })

  static func isFamily(_ word: String) -> Bool { families.contains(word) }
  static func isGiven(_ word: String) -> Bool { givens.contains(word) }
}

/// Which files a shell command shows, as far as its words tell. A help and no fence: what a command prints can't be
/// known before it runs, so Claude Code's hook looks through what it printed, too.
enum ShellCommand {
  /// Programs that print what stands in files.
  private static let printers: Set<String> = [
    "ag", "awk", "base64", "bat", "batcat", "cat", "column", "comm", "csvlook", "cut", "diff", "egrep",
    "fgrep",
    "fold", "gawk", "grep", "head", "hexdump", "join", "jq", "less", "mawk", "more", "nl", "od", "paste",
    "rg",
    "sed", "sort", "strings", "tac", "tail", "tr", "uniq", "view", "xxd", "yq", "zcat", "zgrep", "zless",
  ]

  static func files(in command: String, folder: String) -> [String] {
    var folder = folder
    var found: [String] = []
    for words in split(command) {
      if words.first?.text == "cd", words.count == 2 {
        folder = HookFiles.resolve(words[1].text, in: folder)
        continue
      }
      if let script = script(in: words) { found += files(in: script, folder: folder) }
      // `sudo cat f` and `xargs cat` print as well.
      let printer = words.firstIndex { printers.contains(Self.program($0.text)) }
      for (index, word) in words.enumerated() {
        guard word.isInput || printer.map({ index > $0 }) ?? false else { continue }
        let path = HookFiles.resolve(word.text, in: folder)
        for path in HookFiles.expand(path) where HookFiles.isFile(path) && !found.contains(path) {
          found.append(path)
        }
      }
    }
    return found
  }

  private static func program(_ word: String) -> String {
    String(word.split(separator: "/").last ?? "")
  }

  /// What stands behind `bash -c`. A script in it is a shorter text each time.
  private static func script(in words: [Word]) -> String? {
    guard let shell = words.firstIndex(where: { shells.contains(program($0.text)) }),
      let option = words[shell...].firstIndex(where: { $0.text.hasPrefix("-") && $0.text.hasSuffix("c") }),
      option + 1 < words.count
    else { return nil }
    return words[option + 1].text
  }

  private static let shells: Set<String> = ["bash", "dash", "ksh", "sh", "zsh"]

  private struct Word {
    var text: String
    /// It stands behind `<`.
    var isInput: Bool
  }

  /// The words of each simple command (POSIX.1-2024, Shell Command Language, 2.3); variables are left as they are.
  private static func split(_ command: String) -> [[Word]] {
    var commands: [[Word]] = [[]]
    var word: String?
    var quote: Character?
    var isEscaped = false
    var isInput = false
    func end() {
      if let text = word { commands[commands.count - 1].append(Word(text: text, isInput: isInput)) }
      if word != nil { isInput = false }
      word = nil
    }
    for character in command {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if quote == "\"", character == "`" || character == "(" && word?.last == "$" {
        // A command within a quoted word; what stands behind it is read as unquoted.
        end()
        quote = nil
        commands.append([])
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else {
        switch character {
        case "'", "\"":
          quote = character
          word = word ?? ""
        case " ", "\t": end()
        case "<":
          end()
          isInput = true
        case ">": end()
        case "|", ";", "&", "(", ")", "`", "\n", "\r\n":
          end()
          isInput = false
          commands.append([])
        default: word = (word ?? "") + String(character)
        }
      }
    }
    end()
    return commands
  }
}

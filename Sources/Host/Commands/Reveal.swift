internal import ArgumentParser
internal import Control
internal import Glibc
internal import PhiCrypto

struct RevealCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reveal",
    abstract: "Turn encrypted values back into what they stand for, with an installation's key.",
    discussion: """
      For text that `mask: phi` has treated with `encrypt`: each token such as [SSN_ENC_MFRGG…] that this installation \
      made becomes its value again; everything else, and every token that was changed, stays as it is. Whoever can read \
      the data folder's secrets can do this, and nobody else can.

        sluice reveal --data ./data answer.txt
        printf '813-90-2217\\n' | sluice reveal --data ./data --format-preserving SSN

      Exit code 1 where a value can't be turned back.
      """)

  @Option(help: "The installation's data folder.", completion: .directory) var data: String
  @Option(
    help: ArgumentHelp(
      "Each line is one value of this kind that `format-preserving` made; print what it was.",
      valueName: "KIND"))
  var formatPreserving: String?
  @Argument(help: "The file to read; standard input where there is none.", completion: .file()) var file:
    String?

  func run() throws {
    try running {
      let key = "\(data)/secrets/fingerprint.key"
      guard unsafe access(key, F_OK) == 0 else {
        throw CommandFailure(message: "there is no installation at \(data): \(key) is missing", code: 2)
      }
      let secret = try DataDirectory(data).secret(named: "fingerprint")
      let keys: PhiKeys
      do { keys = try PhiKeys(installationKey: secret) } catch {
        throw CommandFailure(message: "libcrypto offers no HMAC-SHA-256", code: 2)
      }
      let input = try InputLines(file)
      if let kind = formatPreserving { return try lines(input, FormatToken(keys: keys), kind) }
      let text = input.rest()
      var revealed = Self.revealed(text.span, SealedToken(keys: keys))
      if revealed.last == 0x0A { revealed.removeLast() }  // print puts one behind
      Terminal.print(String(decoding: revealed, as: UTF8.self))
    }
  }

  private func lines(_ input: InputLines, _ token: FormatToken, _ kind: String) throws {
    var number = 0
    while let line = input.next() {
      number += 1
      do throws(CryptoError) {
        Terminal.print(String(decoding: try token.decrypt(line, kind: Array(kind.utf8)), as: UTF8.self))
      } catch {
        throw CommandFailure(
          message:
            "line \(number) holds no value that 'format-preserving' can have made: it has too few signs, or "
            + "signs of no such value", code: 1)
      }
    }
  }

  private static func revealed(_ text: Span<UInt8>, _ token: SealedToken) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    while position < text.count {
      if let found = token.read(text, at: position) {
        output += found.value
        position = found.end
      } else {
        output.append(text[position])
        position += 1
      }
    }
    return output
  }
}

internal import ArgumentParser
internal import Control
internal import FilterChain
internal import Foundation
internal import Glibc
internal import JSONTree
internal import PipelineModel

struct FilterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter",
    abstract: "Pass files or standard input through a pipeline's detect, mask and score stages.",
    discussion: """
      Try a policy on text before it meets traffic. It needs no secret, no network and no store; placeholders mean \
      nothing outside the run that made them. With --data they are those of that installation, and what was encrypted \
      can be turned back by `sluice reveal`.

        sluice filter --pipeline pipelines/cursor.yaml note.txt
        sluice filter --pipeline pipelines/cursor.yaml --format jsonl --text-field text --findings notes.jsonl
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

  @Option(help: "The pipeline whose stages are used.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String
  @Option(help: "text: the whole input is one text; jsonl: a JSON object on each line.") var format = Format
    .text
  @Option(help: "The member of each object that holds the text.") var textField = "text"
  @Flag(
    help: "Print what was found, as JSON lines, instead of the masked text. Offsets are in bytes of UTF-8.")
  var findings = false
  @Option(help: "An installation's data folder, whose key is used.", completion: .directory) var data: String?
  @OptionGroup var lock: LockOption
  @Argument(help: "The file to read; standard input where there is none.", completion: .file()) var file:
    String?

  func run() throws {
    try running {
      let key = try data.map { try DataDirectory($0).secret(named: "fingerprint") }
      let library = PluginLibrary(
        directories: PluginFolder.all, services: Services.offline(fingerprintKey: key), trust: lock.policy)
      let pipelines = try Loading.pipelines([pipeline], library: library)
      guard let first = pipelines.first else {
        throw CommandFailure(message: "\(pipeline) holds no pipeline", code: 1)
      }
      let offline = first.keeping([.detect, .mask, .score])
      let work = FilterWork(chain: try Loading.chain(offline, library: library), name: first.name)
      let input = try InputLines(file)
      switch format {
      case .text: try whole(work, input)
      case .jsonl: try lines(work, input)
      }
    }
  }

  private func whole(_ work: FilterWork, _ input: InputLines) throws {
    let text = input.rest()
    let result = try work.run(text)
    if findings {
      Terminal.print(JSONValue.fields(["findings": FilterWork.findings(result), "id": .null]).line)
    } else {
      Terminal.print(String(decoding: FilterWork.masked(text, result), as: UTF8.self))
    }
  }

  private func lines(_ work: FilterWork, _ input: InputLines) throws {
    var number = 0
    let progress = ProgressLine(what: "texts")
    while let line = input.next() {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
      let object: JSONValue
      do { object = try JSONReader.read(line) } catch {
        throw CommandFailure(message: "line \(number) is no JSON: \(error)", code: 1)
      }
      guard let text = object[textField]?.string else {
        throw CommandFailure(
          message: "line \(number) has no text in '\(textField)'; name the member with --text-field", code: 1)
      }
      let bytes = Array(text.utf8)
      let result = try work.run(bytes)
      let answer: JSONValue =
        findings
        ? .fields(["findings": FilterWork.findings(result), "id": object["id"] ?? .null])
        : .object(
          (object.members ?? []).map { member in
            member.name == textField
              ? (member.name, .string(String(decoding: FilterWork.masked(bytes, result), as: UTF8.self)))
              : member
          })
      Terminal.print(answer.line)
      progress.advance()
    }
    progress.finish()
  }
}

/// A chain that works on texts outside any exchange.
struct FilterWork {
  let chain: Chain
  let name: String

  func run(_ text: [UInt8]) throws -> RunResult {
    let exchange = ExchangeContext(
      id: "offline", session: "offline", pipeline: name,
      principal: Principal(subject: "offline", established: "offline"),
      attributes: [])
    do { return try chain.run(OneText(text: text), exchange: exchange, direction: .request) } catch {
      throw CommandFailure(message: "\(error)", code: 2)
    }
  }

  static func masked(_ text: [UInt8], _ result: RunResult) -> [UInt8] {
    var masked: [UInt8] = []
    var copied = 0
    for edit in result.edits {
      masked += text[copied..<max(copied, edit.range.lowerBound)]
      masked += result.arena[edit.replacement]
      copied = max(copied, edit.range.upperBound)
    }
    return masked + text[copied...]
  }

  static func findings(_ result: RunResult) -> JSONValue {
    .array(
      result.findings.map { finding in
        .fields([
          "confidence": .number(Double(finding.confidence) / 10_000),
          "detector": .string(finding.detector.text),
          "end": .integer(finding.end), "kind": .string(finding.kind.text), "start": .integer(finding.start),
        ])
      })
  }
}

/// One text as a source of segments.
private struct OneText: SegmentSource {
  let text: [UInt8]
  var segmentCount: Int { 1 }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    let nothing: [UInt8] = []
    use(3, nothing.span, nothing.span, text.span)
  }
}

/// Reads a file, or standard input, line by line.
@safe final class InputLines {
  private let handle: UnsafeMutablePointer<FILE>

  init(_ file: String?) throws {
    guard let opened = unsafe file.map({ unsafe fopen($0, "rb") }) ?? fdopen(0, "rb") else {
      throw CommandFailure(message: "\(file ?? "standard input") can't be read", code: 2)
    }
    unsafe handle = opened
  }

  deinit { unsafe fclose(handle) }

  /// The next line without its end; nil at the end.
  func next() -> [UInt8]? {
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { unsafe free(line) }
    let count = unsafe getline(&line, &capacity, handle)
    guard count > 0, let line = unsafe line else { return nil }
    var bytes = (0..<count).map { unsafe UInt8(bitPattern: line[$0]) }
    if bytes.last == 0x0A { bytes.removeLast() }
    return bytes
  }

  /// All that is left.
  func rest() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, handle)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// Says on a terminal how far long work is.
final class ProgressLine {
  private let what: String
  private let isShown = isatty(2) == 1 && isatty(1) == 0
  private var count = 0

  init(what: String) { self.what = what }

  func advance() {
    count += 1
    if isShown, count % 200 == 0 { Terminal.progress("\(count) \(what)") }
  }

  func finish() { if isShown { Terminal.progress("\(count) \(what)\n") } }
}

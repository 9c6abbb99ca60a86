internal import FilterChain
internal import Payload
internal import PipelineModel

extension Inspection {
  /// Passes a form with files (`multipart/form-data`): what is text is scanned and masked, names of fields and files
  /// too; what is no text is media.
  static func upload(
    _ body: [UInt8], contentType: [UInt8], chain: Chain, handling: Handling, fields: [HeadText],
    context: ExchangeContext
  ) throws(GatewayError) -> Inspection {
    let form: MultipartBody
    do {
      form = try MultipartBody(
        parsing: body.span, boundary: try MultipartBoundary(contentType: contentType.span))
    } catch {
      throw .client(
        error.code.rawValue, 400, "The form can't be accepted: \(error.message) (byte \(error.offset))")
    }
    let source = try UploadSource(body, form, passesMedia: handling.media == .pass, fields: fields)
    let result: RunResult
    do { result = try chain.run(source, exchange: context, direction: .request) } catch {
      throw failure(of: error)
    }
    if let refusal = refusal(of: result, fields, from: source.texts.count) { throw refusal }
    return Inspection(
      result: result, masked: try source.masked(result), model: [], isStreamed: false, inputTokens: nil,
      outputTokens: nil,
      findings: result.findings.map { finding in
        guard finding.segment < source.texts.count else {
          return (fields[finding.segment - source.texts.count].pointer, finding)
        }
        return (source.texts[finding.segment].pointer, finding)
      }, withheld: withheldFields(result, fields, from: source.texts.count))
  }
}

/// A form's texts, as the chain of filters sees them.
struct UploadSource: SegmentSource {
  enum Place { case name, filename, extendedFilename, content }

  struct Text {
    let part: Int
    let place: Place
    let bytes: [UInt8]

    var pointer: [UInt8] { Array("/parts/\(part)/\(place)".utf8) }
  }

  private let body: [UInt8]
  private let form: MultipartBody
  private let fields: [HeadText]
  private(set) var texts: [Text] = []

  init(_ body: [UInt8], _ form: MultipartBody, passesMedia: Bool, fields: [HeadText]) throws(GatewayError) {
    self.body = body
    self.form = form
    self.fields = fields
    for part in form.parts.indices {
      texts.append(Text(part: part, place: .name, bytes: form.withName(part) { Array(copyOf: $0) }))
      if let name = form.withFilename(part, { Array(copyOf: $0) }) {
        texts.append(Text(part: part, place: .filename, bytes: name))
      }
      if let name = form.withExtendedFilename(part, { Array(copyOf: $0) }) {
        texts.append(Text(part: part, place: .extendedFilename, bytes: name))
      }
      let content = Array(body[form.parts[part].content])
      switch MediaSniff.kind(of: content.span, window: .max) {
      case .empty: continue
      case .text(.utf8): texts.append(Text(part: part, place: .content, bytes: content))
      case .text, .binary:
        guard passesMedia else {
          throw .client(
            "media_refused", 400,
            "A file of the form is no text in UTF-8, so that this gateway can't look into it and does not let it through. Send text."
          )
        }
      }
    }
  }

  var segmentCount: Int { texts.count + fields.count }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    guard index < texts.count else { return fields[index - texts.count].lend(use) }
    let text = texts[index]
    let name = text.place == .content ? form.withName(text.part) { Array(copyOf: $0) } : []
    use(UInt32(Role.user.rawValue), text.pointer.span, name.span, text.bytes.span)
  }

  /// The form with all edits made.
  func masked(_ result: RunResult) throws(GatewayError) -> [UInt8] {
    guard result.edits.contains(where: { $0.segment < texts.count }) else { return body }
    var splicer = MultipartSplicer()
    for (index, text) in texts.enumerated() {
      let edits = result.edits.filter { $0.segment == index }
      guard !edits.isEmpty else { continue }
      if text.place == .content {
        for edit in edits {
          splicer.replaceContent(
            part: text.part, range: edit.range, with: result.arena.span.extracting(edit.replacement))
        }
        continue
      }
      var changed: [UInt8] = []
      var copied = 0
      for edit in edits {
        changed += text.bytes[copied..<max(copied, edit.range.lowerBound)] + result.arena[edit.replacement]
        copied = max(copied, edit.range.upperBound)
      }
      changed += text.bytes[copied...]
      switch text.place {
      case .name: splicer.replaceName(part: text.part, with: changed.span)
      case .filename: splicer.replaceFilename(part: text.part, with: changed.span)
      // The splicer replaces both forms of a file's name at once.
      case .extendedFilename where form.withFilename(text.part, { _ in true }) == nil:
        splicer.replaceFilename(part: text.part, with: changed.span)
      case .extendedFilename:
        throw .client(
          "media_refused", 400,
          "A file of the form has two names, of which one holds what is protected. Give it one name.")
      case .content: break
      }
    }
    var output: [UInt8] = []
    do { try splicer.splice(body.span, parsed: form, into: &output) } catch {
      throw .client(error.code.rawValue, 400, "The form can't be masked: \(error.message)")
    }
    return output
  }
}

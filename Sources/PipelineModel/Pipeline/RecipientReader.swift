/// Reads whom originals are sealed to. The letters' checksum is whoever seals' to check.
enum RecipientReader {
  private static let expected =
    "age recipients, as '- age1…', which `sluice evidence keygen` or `age-keygen` prints"

  static func read(_ reader: inout MappingReader, isSealed: Bool) -> [EvidencePolicy.Recipient] {
    guard let node = reader.take("recipients") else {
      if isSealed {
        let position = reader.node.member("originals")?.value.position ?? reader.node.position
        reader.complain(
          "missing-key", at: position, "originals are sealed to nobody: 'recipients' is missing",
          expected: expected)
      }
      return []
    }
    guard isSealed else {
      reader.complain(
        "not-allowed", at: node.position, "'recipients' means nothing where originals are not kept",
        expected: "'originals: sealed' beside it")
      return []
    }
    guard case .sequence(let nodes) = node.content else {
      if case .refused = node.content { return [] }
      reader.complain(
        "wrong-type", at: node.position, "'recipients' is \(node.kindName)", expected: "a list of \(expected)"
      )
      return []
    }
    guard (1...EvidencePolicy.maximumRecipients).contains(nodes.count) else {
      reader.complain(
        "out-of-range", at: node.position, "there are \(nodes.count) recipients",
        expected: "1 to \(EvidencePolicy.maximumRecipients) \(expected)")
      return []
    }
    var recipients: [EvidencePolicy.Recipient] = []
    for node in nodes {
      guard let recipient = read(node, &reader) else { continue }
      if recipients.contains(where: { $0.text == recipient.text }) {
        reader.complain(
          "duplicate", at: node.position, "this recipient stands here twice", expected: "each once")
        continue
      }
      recipients.append(recipient)
    }
    return recipients
  }

  private static func read(_ node: YAMLNode, _ reader: inout MappingReader) -> EvidencePolicy.Recipient? {
    switch node.content {
    case .scalar(let text, _) where isRecipient(text):
      return EvidencePolicy.Recipient(text: text, position: node.position)
    case .scalar(let text, _) where text.lowercased().hasPrefix("age-secret-key-"):
      // Not repeated anywhere: it opens everything.
      reader.complain(
        "not-allowed", at: node.position, "this is a private key, which has no place here; make a new pair",
        expected: expected, shown: .before)
    case .refused: break
    case .scalar, .sequence, .mapping:
      reader.complain(
        "not-allowed", at: node.position, "this is no age recipient", expected: expected, shown: .before)
    }
    return nil
  }

  private static func isRecipient(_ text: String) -> Bool {
    text.utf8.count == 62 && text.hasPrefix("age1")
      && text.utf8.dropFirst(4).allSatisfy { "qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8.contains($0) }
  }
}

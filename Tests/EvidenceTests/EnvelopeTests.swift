import Testing

@testable import Evidence

@Suite struct EnvelopeTests {
  private let log = Array("000102030405060708090a0b0c0d0e0f".utf8)

  private func envelope(_ draft: RecordDraft, _ sequence: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    Envelope.append(draft, log: log, sequence: sequence, to: &bytes)
    return bytes
  }

  @Test func theFormIsCanonical() {
    let draft = RecordDraft(
      type: .approvalAsked, session: Array("ses_1".utf8), exchange: Array("exc_2".utf8),
      data: Array("{\"a\":1}".utf8),
      time: 1_764_102_706_123_456_789)
    #expect(
      String(decoding: envelope(draft, 17), as: UTF8.self)
        == #"{"data":{"a":1},"exchange":"exc_2","log":"000102030405060708090a0b0c0d0e0f","sequence":17,"#
        + #""session":"ses_1","time":"2025-11-25T20:31:46.123456789Z","type":"approval.asked","v":1}"#)
  }

  @Test func whatIsWrittenIsRead() throws {
    for number in 0..<40 {
      let draft = draft(number)
      let record = try #require(StoredRecord(envelope(draft, UInt64(number) * 999)))
      #expect(record.sequence == UInt64(number) * 999)
      #expect(record.type == draft.type.rawValue)
      #expect(record.session == draft.session.map { String(decoding: $0, as: UTF8.self) })
      #expect(record.exchange == draft.exchange.map { String(decoding: $0, as: UTF8.self) })
      #expect(record.time == draft.time)
      #expect(record.data == draft.data)
    }
  }

  /// Nothing but that exact form is taken, so no byte outside the data can change without notice.
  @Test func changesOfTheFrameAreNoticed() {
    let bytes = envelope(
      RecordDraft(type: .request, session: nil, exchange: Array("e".utf8), data: Array("{}".utf8), time: 7), 3
    )
    #expect(EnvelopeFields(bytes.span) != nil)
    for index in bytes.indices {
      var cut = bytes
      cut.remove(at: index)
      if let fields = EnvelopeFields(cut.span) {
        // A shorter value of a string is a value of a string.
        #expect(
          fields.log.contains(index) || fields.type.contains(index)
            || fields.exchange?.contains(index) == true || fields.type.upperBound == index
            || fields.log.upperBound == index || fields.exchange?.upperBound == index)
      }
    }
    #expect(EnvelopeFields((bytes + [0x20]).span) == nil)
    #expect(EnvelopeFields(Array("{\"data\":[],\"log\":\"l\"}".utf8).span) == nil)
  }

  @Test func malformedDraftsAreRefused() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    defer { log.close() }
    for (session, data) in [
      ("a b", "{}"), ("", "{}"), ("a\"b", "{}"), ("é", "{}"), (String(repeating: "x", count: 129), "{}"),
      ("ok", "[]"), ("ok", ""),
    ] {
      let draft = RecordDraft(
        type: .request, session: Array(session.utf8), exchange: nil, data: Array(data.utf8))
      #expect { try log.appendAndWait([draft]) } throws: { ($0 as? EvidenceError)?.code == .invalidRecord }
    }
    #expect { try log.appendAndWait([]) } throws: { ($0 as? EvidenceError)?.code == .invalidRecord }
    #expect(log.status.size == 0)
  }
}

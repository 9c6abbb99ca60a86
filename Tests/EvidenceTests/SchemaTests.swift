import Foundation
import JSONTree
import Testing

@testable import Evidence

/// The published schemas, and the record types, must not drift apart.
@Suite struct SchemaTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs/schema/evidence")

  private func schema(_ name: String) throws -> JSONValue {
    try JSONReader.read([UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("\(name).json"))))
  }

  @Test(arguments: RecordType.allCases) func everyTypeHasOne(type: RecordType) throws {
    let schema = try schema(type.rawValue)
    let properties = try #require(schema["properties"]?.members)
    for name in try #require(schema["required"]?.strings) {
      #expect(properties.contains { $0.name == name }, "\(name)")
    }
    for (name, property) in properties {
      #expect(property["description"]?.string?.isEmpty == false, "\(name)")
    }
  }

  @Test func theEnvelopeNamesThemAll() throws {
    let record = try schema("record")
    #expect(record["properties"]?["type"]?["enum"]?.strings == RecordType.allCases.map(\.rawValue))
    #expect(record["allOf"]?.array?.count == RecordType.allCases.count)
    let bytes = draft(0)
    var envelope: [UInt8] = []
    Envelope.append(bytes, log: Array(repeating: 0x30, count: 32), sequence: 1, to: &envelope)
    let members = try #require(JSONReader.read(envelope).members)
    #expect(record["properties"]?.members?.map(\.name) == members.map(\.name))
    #expect(members.map(\.name) == members.map(\.name).sorted())
  }
}

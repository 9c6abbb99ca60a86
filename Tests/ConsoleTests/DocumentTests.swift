import AdminDocument
import Control
import HTTPTypes
import JSONTree
import Testing

@testable import Console

/// The served document against the one table that the router is made from.
struct DocumentTests {
  private let document: JSONValue

  init() throws { document = try JSONReader.read(AdminDocument.text) }

  @Test func describesEveryRouteAndNoOther() {
    let described = (document["paths"]?.members ?? []).flatMap { path in
      (path.value.members ?? []).map { "\($0.name.uppercased()) \(path.name)" }
    }
    #expect(described.sorted() == Routes.all.map { "\($0.method.rawValue) \($0.path)" }.sorted())
  }

  @Test(arguments: Routes.all.map { "\($0.method.rawValue) \($0.path)" })
  func saysWhoMayCall(_ name: String) throws {
    let route = try #require(Routes.all.first { "\($0.method.rawValue) \($0.path)" == name })
    let operation = try #require(document["paths"]?[route.path]?[route.method.rawValue.lowercased()])
    guard let roles = route.roles else {
      #expect(operation["description"]?.string == "Everybody, without a key.")
      #expect(operation["security"]?.array?.isEmpty == true)
      return
    }
    #expect(!roles.isEmpty)
    let said = try #require(operation["description"]?.string)
    let words = said.dropFirst("Any of the roles ".count).dropLast().split(separator: ", ")
    #expect(Set(words.compactMap { Role(rawValue: String($0)) }) == roles && words.count == roles.count)
    #expect(operation["security"] == nil)
  }
}

/// What comes with a call is taken by its name and within its limits, or refused.
struct FieldsTests {
  @Test(arguments: [
    "", "null", "[]", "{", #"{"a":"x","a":"y"}"#, #"{"b":"x"}"#, #"{"a":1}"#, #"{"a":""}"#, #"{"a":"x\n"}"#,
    #"{"a":"\u007f"}"#, #"{"a":null}"#, #"{"a":"123456"}"#,
  ])
  func refusesBodies(_ body: String) {
    #expect(throws: Problem.self) {
      _ = try Fields(body: Array(body.utf8), ["a"]).text("a", maximum: 5)
    }
  }

  @Test func refusesWhatIsNoUTF8() {
    #expect(throws: Problem.self) {
      _ = try Fields(body: Array("{\"a\":\"".utf8) + [0xFF, 0x22, 0x7D], ["a"])
    }
  }

  @Test(arguments: [
    "a=1&a=2", "b=1", "a=%FF", "a=x", "a=-1", "a=11", "a=", "a=1e1", "a=99999999999999999999",
  ])
  func refusesQueries(_ query: String) {
    #expect(throws: Problem.self) { _ = try Fields(query: query, ["a"]).integer("a", 0...10) }
  }

  @Test func takesWhatIsMeant() throws {
    let fields = try Fields(query: "a=7&t=two+words%21", ["a", "t"])
    #expect(try fields.integer("a", 0...10) == 7)
    #expect(try fields.text("t") == "two words!")
    #expect(try Fields(query: "", ["a"]).integer("a", 0...10, or: 3) == 3)
  }
}

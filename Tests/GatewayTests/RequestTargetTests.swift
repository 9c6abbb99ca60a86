import Testing

@testable import Gateway

@Suite struct RequestTargetTests {
  @Test(arguments: ["/openai/v1/models", "/", "/a?b=c", "/a/"])
  func plainTargetsAreRead(_ uri: String) { #expect(RequestTarget(uri) != nil) }

  @Test(arguments: [
    "http://x/a", "*", "", "a", "/a/../b", "/a/./b", "/a//b", "/a%2fb", "/a b", "/a\\b", "/a#b", "/é", "/..",
  ])
  func whatCouldBeReadInTwoWaysIsNot(_ uri: String) { #expect(RequestTarget(uri) == nil) }

  @Test func theQueryIsApart() {
    let target = RequestTarget("/a/b?c=d")
    #expect(target?.path == "/a/b")
    #expect(target?.query == "c=d")
  }
}

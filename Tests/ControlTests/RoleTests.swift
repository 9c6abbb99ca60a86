import Testing

@testable import Control

@Suite struct RoleTests {
  private let map = RoleMap([.approver: ["officers"], .auditor: ["audit", "officers"], .admin: ["platform"]])

  @Test func groupsHaveRoles() {
    #expect(map.roles(of: ["officers"]) == [.developer, .approver, .auditor])
    #expect(map.roles(of: ["platform"]) == [.developer, .admin])
    #expect(map.roles(of: []) == [.developer])
  }

  /// No role contains another: an administrator does not decide about requests.
  @Test(arguments: Role.allCases) func noRoleContainsAnother(_ role: Role) {
    let all = RoleMap(Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, [$0.rawValue]) }))
    #expect(all.roles(of: [role.rawValue]) == [role])
  }

  @Test(arguments: ["Officers", "officers ", "office\u{301}rs", ""]) func namesAreComparedByteForByte(
    _ group: String
  ) {
    #expect(map.roles(of: [group]) == [.developer])
  }

  /// Swift takes two spellings of a letter for one; a provider doesn't.
  @Test func spellingsAreDifferentGroups() {
    let composed = RoleMap([.admin: ["caf\u{E9}"]])
    #expect(composed.roles(of: ["cafe\u{301}"]) == [.developer])
    #expect(composed.roles(of: ["caf\u{E9}"]) == [.developer, .admin])
  }

  @Test func developersMayBeNamedToo() {
    let strict = RoleMap([.developer: ["clinicians"]])
    #expect(strict.roles(of: ["visitors"]).isEmpty)
    #expect(strict.roles(of: ["clinicians"]) == [.developer])
  }
}

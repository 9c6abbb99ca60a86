/// The steps from one form of the tables to the next, in their order. A step that was ever released is never changed.
struct Migrator {
  struct Migration: Sendable {
    let name: String
    let body: @Sendable (Database) throws -> Void
  }

  private(set) var migrations: [Migration] = []

  mutating func registerMigration(_ name: String, _ body: @escaping @Sendable (Database) throws -> Void) {
    migrations.append(Migration(name: name, body: body))
  }
}

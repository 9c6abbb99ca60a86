internal import ArgumentParser
internal import Control
internal import Glibc

/// Where the store is, for every command that uses it.
struct StoreOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A store that several gateways share: postgres://USER@HOST/DATABASE, or file:PATH of a file that holds it.",
      discussion: """
        By default $SLUICE_STORE, else what the data directory was served with last, else a file in it. A password is \
        never in it: ?password=file:PATH or ?password=env:NAME, or ~/.pgpass. See docs/store.md.
        """, valueName: "place"))
  var store: String?

  /// Nil: not said here.
  var location: StoreLocation? {
    get throws {
      if let store { return try StoreLocation(store) }
      guard let text = unsafe getenv("SLUICE_STORE") else { return nil }
      return try StoreLocation(unsafe String(cString: text))
    }
  }
}

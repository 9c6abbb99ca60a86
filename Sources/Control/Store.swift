/// What an installation knows: keys, approvals, policies, and events on their way to the log. One file in its data
/// directory, or a Postgres that several gateways share; the same on both.
///
/// All functions block [blocking], unless they say otherwise; none is to be called from an event loop.
public final class Store: Sendable {
  let backend: any Backend
  public let address: StoreAddress

  /// Opens the installation's store, making it where it is missing, and brings it up to this version.
  public convenience init(_ directory: DataDirectory) throws(ControlError) {
    try self.init(directory, at: try StoreAddress.read(in: directory))
  }

  /// Opens one store or the other.
  public init(_ directory: DataDirectory, at address: StoreAddress) throws(ControlError) {
    self.address = address
    do {
      switch address {
      case .local: backend = try SQLiteBackend(path: "\(directory.path)/sluice.db")
      case .shared(let url): backend = try PostgresBackend(url)
      }
    } catch {
      let place = address == .local ? "in \(directory.path)" : "at \(address.printable)"
      throw ControlError(.unavailable, "the store \(place) can't be opened: \(error)")
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws(ControlError) -> T {
    do { return try backend.read(body) } catch { throw Self.explain(error) }
  }

  func write<T>(_ body: (Database) throws -> T) throws(ControlError) -> T {
    do { return try backend.write(body) } catch { throw Self.explain(error) }
  }

  private static func explain(_ error: any Error) -> ControlError {
    error as? ControlError ?? ControlError(.unavailable, "the store can't be used at the moment: \(error)")
  }
}

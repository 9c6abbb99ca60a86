/// The connections of one event loop to one upstream: who gets which, when to open one, who waits.
/// It does no I/O; its functions answer what to do, and ``UpstreamPool`` does it.
struct UpstreamPoolMachine {
  typealias ConnectionID = Int
  typealias WaiterID = Int

  enum CheckOut: Equatable {
    /// The connection is idle and now this waiter's.
    case use(ConnectionID)
    /// Open one; ``opened(_:)`` or ``failedToOpen(_:)`` follows, with this id.
    case open(ConnectionID)
    /// One of those in use will come free.
    case wait
    /// As many are waiting as may.
    case refuse
  }

  enum CheckIn: Equatable {
    /// It goes on to this waiter.
    case hand(WaiterID)
    case park
    /// Close it. Where somebody waits, open another for them.
    case close(openFor: WaiterID?, as: ConnectionID)
  }

  private let maximumConnections: Int
  private let maximumWaiters: Int
  private var idle: [ConnectionID] = []
  private var inUse: Set<ConnectionID> = []
  private var waiters: [WaiterID] = []
  private var nextID = 0

  init(maximumConnections: Int, maximumWaiters: Int) {
    self.maximumConnections = maximumConnections
    self.maximumWaiters = maximumWaiters
  }

  var connections: Int { idle.count + inUse.count }

  /// Someone needs a connection. The one used last is taken first: it is the least likely to have been
  /// closed by the other side, and those not needed grow old and go.
  mutating func checkOut(_ waiter: WaiterID) -> CheckOut {
    if let connection = idle.popLast() {
      inUse.insert(connection)
      return .use(connection)
    }
    if inUse.count < maximumConnections { return .open(makeConnection()) }
    guard waiters.count < maximumWaiters else { return .refuse }
    waiters.append(waiter)
    return .wait
  }

  /// The waiter no longer waits.
  mutating func giveUp(_ waiter: WaiterID) { waiters.removeAll { $0 == waiter } }

  /// Someone is done with a connection.
  mutating func checkIn(_ connection: ConnectionID, reusable: Bool) -> CheckIn {
    inUse.remove(connection)
    guard reusable else {
      guard let waiter = takeWaiter() else { return .close(openFor: nil, as: -1) }
      return .close(openFor: waiter, as: makeConnection())
    }
    if let waiter = takeWaiter() {
      inUse.insert(connection)
      return .hand(waiter)
    }
    idle.append(connection)
    return .park
  }

  /// A connection could not be opened, or was closed while nobody used it.
  mutating func lost(_ connection: ConnectionID) {
    inUse.remove(connection)
    idle.removeAll { $0 == connection }
  }

  private mutating func makeConnection() -> ConnectionID {
    nextID += 1
    inUse.insert(nextID)
    return nextID
  }

  private mutating func takeWaiter() -> WaiterID? { waiters.isEmpty ? nil : waiters.removeFirst() }
}

/// The connections of one event loop to one upstream: who gets which, when to open one, who waits.
/// It does no I/O; its functions answer what to do, and ``UpstreamPool`` does it.
///
/// An HTTP/1.1 connection is one exchange's at a time; an HTTP/2 connection is shared, a stream for each. Which of
/// them an upstream speaks is learned from the first connection: until then one is opened and the others wait.
struct UpstreamPoolMachine {
  typealias ConnectionID = Int
  typealias WaiterID = Int

  enum Kind: Equatable {
    /// The handshake will tell.
    case unknown
    case exclusive
    case shared
  }

  enum CheckOut: Equatable {
    /// The connection is idle and now this waiter's.
    case use(ConnectionID)
    /// The connection is shared, and has room for a stream of this waiter's.
    case share(ConnectionID)
    /// Open one for this waiter; ``openedExclusive(_:)``, ``openedShared(_:streams:)`` or ``failedToOpen(_:)``
    /// follows, with this id.
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

  enum StreamEnd: Equatable {
    case busy
    /// No stream is left: it may be closed when nobody wants it for a while.
    case idle
    /// No stream is left, and none may come.
    case close
  }

  struct Limits {
    var connections: Int
    var waiters: Int
    /// Shared connections: a second is opened only where the first has no room.
    var shared = 4
  }

  private struct Shared {
    let id: ConnectionID
    var streams: Int
    var capacity: Int
    var isLeaving = false
    var hasRoom: Bool { !isLeaving && streams < capacity }
  }

  private let limits: Limits
  private(set) var kind: Kind
  private var idle: [ConnectionID] = []
  private var inUse: Set<ConnectionID> = []
  private var opening: Set<ConnectionID> = []
  private var shared: [Shared] = []
  private var waiters: [WaiterID] = []
  private var nextID = 0

  /// - Parameter kind: `unknown` where connections negotiate what they speak.
  init(limits: Limits, kind: Kind) {
    self.limits = limits
    self.kind = kind
  }

  /// Those of HTTP/1.1 and those being opened.
  var connections: Int { idle.count + inUse.count + opening.count }
  var sharedConnections: Int { shared.count }

  /// Someone needs a connection. Of the idle ones, the one used last is taken first: it is the least likely to have
  /// been closed by the other side, and those not needed grow old and go.
  mutating func checkOut(_ waiter: WaiterID) -> CheckOut {
    if let index = shared.firstIndex(where: \.hasRoom) {
      shared[index].streams += 1
      return .share(shared[index].id)
    }
    if let connection = idle.popLast() {
      inUse.insert(connection)
      return .use(connection)
    }
    if mayOpen { return .open(makeConnection()) }
    guard waiters.count < limits.waiters else { return .refuse }
    waiters.append(waiter)
    return .wait
  }

  private var mayOpen: Bool {
    switch kind {
    case .unknown: opening.isEmpty
    case .exclusive: inUse.count + opening.count < limits.connections
    case .shared: opening.isEmpty && shared.count < limits.shared
    }
  }

  /// The waiter no longer waits.
  mutating func giveUp(_ waiter: WaiterID) { waiters.removeAll { $0 == waiter } }

  /// A connection was opened, speaks HTTP/1.1, and belongs to who had it opened.
  mutating func openedExclusive(_ connection: ConnectionID) {
    opening.remove(connection)
    inUse.insert(connection)
    kind = .exclusive
  }

  /// A connection was opened and speaks HTTP/2. One stream belongs to who had it opened.
  mutating func openedShared(_ connection: ConnectionID, streams: Int) {
    opening.remove(connection)
    shared.append(Shared(id: connection, streams: 1, capacity: max(1, streams)))
    kind = .shared
  }

  /// A connection could not be opened. Those who waited for it in ``nextFailed()`` wait in vain.
  mutating func failedToOpen(_ connection: ConnectionID) { opening.remove(connection) }

  /// Someone is done with an HTTP/1.1 connection.
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

  /// A stream of a shared connection has ended. ``nextShare()`` follows.
  mutating func streamEnded(_ connection: ConnectionID) -> StreamEnd {
    guard let index = shared.firstIndex(where: { $0.id == connection }) else { return .busy }
    shared[index].streams -= 1
    guard shared[index].streams == 0 else { return .busy }
    guard shared[index].isLeaving else { return .idle }
    shared.remove(at: index)
    return .close
  }

  /// Whether nobody has a stream of a shared connection.
  func isIdle(_ connection: ConnectionID) -> Bool {
    shared.first { $0.id == connection }.map { $0.streams == 0 } ?? false
  }

  /// The upstream has said how many streams it takes. ``nextShare()`` follows.
  mutating func capacityChanged(_ connection: ConnectionID, streams: Int) {
    guard let index = shared.firstIndex(where: { $0.id == connection }) else { return }
    shared[index].capacity = streams
  }

  /// The upstream takes no more streams on this connection (GOAWAY); those it has go on. Answers whether it is to
  /// be closed now. ``nextOpening()`` follows.
  mutating func leaving(_ connection: ConnectionID) -> Bool {
    guard let index = shared.firstIndex(where: { $0.id == connection }) else { return true }
    shared[index].isLeaving = true
    guard shared[index].streams == 0 else { return false }
    shared.remove(at: index)
    return true
  }

  /// A connection was closed. ``nextOpening()`` follows.
  mutating func lost(_ connection: ConnectionID) {
    opening.remove(connection)
    inUse.remove(connection)
    idle.removeAll { $0 == connection }
    shared.removeAll { $0.id == connection }
  }

  /// Who gets a stream of a shared connection now; asked until there is nobody.
  mutating func nextShare() -> (waiter: WaiterID, connection: ConnectionID)? {
    guard !waiters.isEmpty, let index = shared.firstIndex(where: \.hasRoom) else { return nil }
    shared[index].streams += 1
    return (waiters.removeFirst(), shared[index].id)
  }

  /// For whom to open a connection now; asked until there is nobody.
  mutating func nextOpening() -> (waiter: WaiterID, connection: ConnectionID)? {
    guard !waiters.isEmpty, mayOpen, !shared.contains(where: \.hasRoom) else { return nil }
    return (waiters.removeFirst(), makeConnection())
  }

  /// Who waited for a connection that could not be opened, and for nothing else; asked until there is nobody.
  mutating func nextFailed() -> WaiterID? {
    guard kind != .exclusive, opening.isEmpty, shared.isEmpty else { return nil }
    return takeWaiter()
  }

  private mutating func makeConnection() -> ConnectionID {
    nextID += 1
    opening.insert(nextID)
    return nextID
  }

  private mutating func takeWaiter() -> WaiterID? { waiters.isEmpty ? nil : waiters.removeFirst() }
}

internal import FilterChain
internal import NIOCore
internal import Payload

/// What the connections of one event loop share: only ever touched on that loop, so nothing in it is locked.
final class LoopContext: @unchecked Sendable {  // confined to its event loop
  let eventLoop: any EventLoop
  let services: GatewayServices
  var head = HeadArena()
  var walker = JSONWalker()
  var splicer = Splicer()
  private var spareBodies: [WalkedBody] = []
  /// The policy that a new exchange on this loop begins on.
  private(set) var routes: Routes
  /// By the pipeline whose connections they are. It is kept as long as its pool, so that no other can have its name.
  private var pools: [ObjectIdentifier: (runtime: PipelineRuntime, pool: UpstreamPool)] = [:]

  init(eventLoop: any EventLoop, services: GatewayServices) {
    self.eventLoop = eventLoop
    self.services = services
    routes = services.routes
  }

  /// From now on new exchanges begin on these; those in flight end on what they began with.
  func adopt(_ routes: Routes) {
    self.routes = routes
    for entry in pools.values where !isCurrent(entry.runtime) { entry.pool.retire() }
    sweep()
  }

  /// Lets go of earlier policies whose connections upstream have ended.
  func sweep() {
    for (key, entry) in pools where !isCurrent(entry.runtime) && entry.pool.isUnused { pools[key] = nil }
  }

  private func isCurrent(_ runtime: PipelineRuntime) -> Bool { routes.pipelines.contains { $0 === runtime } }

  /// This loop's connections to a pipeline's upstream.
  func pool(for runtime: PipelineRuntime) -> UpstreamPool {
    let key = ObjectIdentifier(runtime)
    if let entry = pools[key] { return entry.pool }
    let pool = UpstreamPool(target: runtime.target, eventLoop: eventLoop)
    if !isCurrent(runtime) { pool.retire() }
    pools[key] = (runtime, pool)
    return pool
  }

  /// Closes all connections to upstreams: the loop is about to end.
  func closePools() {
    for entry in pools.values { entry.pool.close() }
    pools = [:]
  }

  func takeWalkedBody() -> WalkedBody { spareBodies.popLast() ?? WalkedBody() }

  /// Keeps the memory of a body that was not large.
  func giveBack(_ body: WalkedBody) {
    if spareBodies.count < 8, body.segments.count < 4096 { spareBodies.append(body) }
  }
}

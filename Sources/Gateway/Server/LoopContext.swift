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
  private var pools: [ObjectIdentifier: UpstreamPool] = [:]

  init(eventLoop: any EventLoop, services: GatewayServices) {
    self.eventLoop = eventLoop
    self.services = services
  }

  /// This loop's connections to a pipeline's upstream.
  func pool(for runtime: PipelineRuntime) -> UpstreamPool {
    let key = ObjectIdentifier(runtime)
    if let pool = pools[key] { return pool }
    let pool = UpstreamPool(target: runtime.target, eventLoop: eventLoop)
    pools[key] = pool
    return pool
  }

  /// Closes all connections to upstreams: the loop is about to end.
  func closePools() {
    for pool in pools.values { pool.close() }
    pools = [:]
  }

  func takeWalkedBody() -> WalkedBody { spareBodies.popLast() ?? WalkedBody() }

  /// Keeps the memory of a body that was not large.
  func giveBack(_ body: WalkedBody) {
    if spareBodies.count < 8, body.segments.count < 4096 { spareBodies.append(body) }
  }
}

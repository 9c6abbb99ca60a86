public import FilterABI
internal import FilterKit

private let plugin = Plugin(id: "org.sluice.test-swift", version: "2.0.0")
  .detect(ShoutDetector.self)
  .guard(WaitingGuard.self)

// swift-format-ignore: AlwaysUseLowerCamelCase
@c @implementation
public func sluice_plugin_v1(_ host: UnsafePointer<sluice_host>!) -> UnsafePointer<sluice_plugin>! {
  unsafe plugin.export(to: host)
}

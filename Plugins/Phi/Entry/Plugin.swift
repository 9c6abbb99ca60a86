public import FilterABI
internal import FilterKit
internal import PhiFilter

private let plugin = Plugin(id: "org.sluice.phi", version: "0.1.0")
  .detect(PhiDetector.self)
  .mask(PhiMask.self)
  .score(PhiScore.self)

/// The plugin's one exported symbol.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c @implementation
public func sluice_plugin_v1(_ host: UnsafePointer<sluice_host>!) -> UnsafePointer<sluice_plugin>! {
  unsafe plugin.export(to: host)
}

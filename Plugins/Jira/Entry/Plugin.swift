public import FilterABI
internal import FilterKit
internal import JiraFilter

private let plugin = Plugin(id: "org.sluice.jira", version: "0.1.0")
  .notify(JiraNotifier.self)

/// The plugin's one exported symbol.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c @implementation
public func sluice_plugin_v1(_ host: UnsafePointer<sluice_host>!) -> UnsafePointer<sluice_plugin>! {
  unsafe plugin.export(to: host)
}

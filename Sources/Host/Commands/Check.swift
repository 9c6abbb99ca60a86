internal import ArgumentParser
internal import FilterChain
internal import PipelineModel

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find every mistake in pipeline files, without starting anything.",
    discussion: """
      Loads the plugins and checks their configuration, too. Each mistake is shown with its place and the nearest \
      valid name. Sinks are asked whether their servers, credentials and rights are there, which changes nothing \
      there. Exit code 1 where there is a mistake.

        sluice check pipelines/*.yaml
        sluice check pipelines/*.yaml --settings data/sluice.yaml   # and to which hosts it lets credentials go
        sluice check --schema > sluice.schema.json      # for editors
      """)

  @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  @Flag(help: "Print the JSON Schema of pipeline files instead.")
  var schema = false

  @Flag(help: "Ask no server: leave out what only a database, a bucket or a directory can tell.")
  var offline = false

  @OptionGroup var settings: SettingsOption
  @OptionGroup var lock: LockOption

  func run() throws {
    try running {
      if schema { return Terminal.print(PipelineSchema.text) }
      guard !files.isEmpty else { throw ValidationError("Name at least one pipeline file.") }
      let library = PluginLibrary(
        directories: PluginFolder.all, services: Services.offline(), trust: lock.policy)
      let bundle = try PolicyBundle.read(files)
      let pipelines = try Loading.pipelines(
        sources: bundle.sources, library: library, rules: try settings.rules(data: nil))
      for pipeline in pipelines {
        _ = try Loading.protocolDescription(pipeline, of: bundle)
        let chain = try Loading.chain(pipeline, library: library)
        if !offline { try Loading.probe(chain) }
      }
      for pipeline in pipelines {
        Terminal.print(
          "\(pipeline.name): \(pipeline.listen) → \(pipeline.upstream.host), \(pipeline.stages.count) stages, no mistakes"
        )
      }
    }
  }
}

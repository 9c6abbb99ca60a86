internal import ArgumentParser
internal import Foundation
internal import Payload
internal import PipelineModel
internal import Protocols

struct ProtocolsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "protocols",
    abstract: "The APIs that pipelines can speak, as data.",
    discussion: """
      A protocol file says which endpoints an API has and where text stands in what goes over them. What it does not \
      mention is scanned; an endpoint that it does not mention is refused. To add an API, begin with one that is like it:

        sluice protocols show openai > my-api.yaml
        sluice protocols check my-api.yaml
        # in the pipeline:   protocol: ./my-api.yaml
      """,
    subcommands: [List.self, Show.self, CheckFile.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List those that come with the gateway.")

    func run() throws {
      for name in ProtocolCatalog.names {
        let endpoints = ProtocolCatalog.builtIn(name)?.endpoints.count ?? 0
        Terminal.print("\(name)\t\(endpoints) endpoints")
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the file of one.")

    @Argument(help: "Its name.", completion: .list(ProtocolCatalog.names))
    var name: String

    func run() throws {
      try running {
        guard let text = ProtocolCatalog.text(of: name) else {
          throw CommandFailure(
            message:
              "there is no protocol '\(name)'; there are \(ProtocolCatalog.names.joined(separator: ", "))",
            code: 1)
        }
        Terminal.print(String(decoding: text, as: UTF8.self))
      }
    }
  }

  struct CheckFile: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Find every mistake in protocol files. Exit code 1 where there is one.")

    @Argument(help: "Protocol files.", completion: .file(extensions: ["yaml"]))
    var files: [String]

    func run() throws {
      try running {
        var mistakes = 0
        for file in files {
          guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure(message: "\(file) can't be read", code: 2)
          }
          let (description, diagnostics) = ProtocolCatalog.read(Array(data), file: file)
          for diagnostic in diagnostics { Terminal.complain(diagnostic.rendered(source: Array(data))) }
          mistakes += diagnostics.count
          if let description {
            Terminal.print("\(description.name): \(description.endpoints.count) endpoints, no mistakes")
          }
        }
        guard mistakes == 0 else { throw CommandFailure(message: "\(mistakes) mistakes found", code: 1) }
      }
    }
  }
}

internal import Gateway
internal import JSONTree
internal import Payload
internal import PipelineModel
internal import Synchronization

/// The pipelines in force, as somebody who may use them is told: names, paths and what is spoken there.
final class PipelineList: Sendable {
  private let list: Mutex<JSONValue>

  init(_ pipelines: [PipelineRuntime]) { list = Mutex(Self.json(pipelines)) }

  var json: JSONValue { list.withLock { $0 } }

  func replace(_ pipelines: [PipelineRuntime]) {
    let made = Self.json(pipelines)
    list.withLock { $0 = made }
  }

  private static func json(_ pipelines: [PipelineRuntime]) -> JSONValue {
    .array(
      pipelines.map { runtime in
        .fields([
          "listen": .string(runtime.pipeline.listen), "name": .string(runtime.pipeline.name),
          "protocol": .string(runtime.protocolDescription.name),
        ])
      })
  }
}

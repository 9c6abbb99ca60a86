internal import Gateway

/// All that the gateway answers itself, by path.
struct OwnPaths: LocalService {
  let services: [any LocalService]

  func takes(path: Substring) -> Bool { services.contains { $0.takes(path: path) } }

  func largestBody(path: Substring) -> Int {
    services.first { $0.takes(path: path) }?.largestBody(path: path) ?? 0
  }

  func answer(_ request: LocalRequest, _ done: @escaping @Sendable (LocalResponse) -> Void) {
    guard let service = services.first(where: { $0.takes(path: request.path[...]) }) else {
      return done(LocalResponse(status: 404, contentType: "text/plain", body: []))
    }
    service.answer(request, done)
  }
}

internal import Control
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import JSONTree
internal import NIOCore

/// A call's way in: who is it, may they, what do they bring, and then the handler. Every route goes this one way.
struct Desk: Sendable {
  let services: ConsoleServices
  let doorkeeper: Doorkeeper
  let queues: WorkQueues
  let events: EventHub

  func answer(_ route: Route, _ request: Request, _ context: Visit) async throws -> Response {
    let person = try await person(route, request, from: context.address)
    let body = try await body(route, request)
    let query = request.uri.query ?? ""
    if route.method != .get, !query.isEmpty { throw Problem.invalid("this call takes no query") }
    let call = Call(
      services: services, caller: person, item: context.parameters.first?.value.removingPercentEncoding ?? "",
      query: query, body: body, ifMatch: request.headers[.ifMatch],
      idempotencyKey: Self.field("Idempotency-Key", request),
      lastEventID: Self.field("Last-Event-ID", request),
      events: events)
    let reply = try await queues[route.work].run { try route.answer(call) }
    if let stream = reply.stream {
      // Else the place of somebody who has gone would be free at the next beat only.
      ConnectionGuard.whenClientEnds(context.channel) { stream.finish() }
      return Self.response(stream)
    }
    var response = Response(
      status: HTTPResponse.Status(code: reply.status),
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    response.headers[.contentType] = "application/json"
    if let tag = reply.tag { response.headers[.eTag] = tag }
    return response
  }

  private static func response(_ stream: EventStream) -> Response {
    var response = Response(
      status: .ok,
      body: ResponseBody { writer in
        // However it ends, its place is free.
        defer { stream.finish() }
        for await chunk in stream.chunks { try await writer.write(ByteBuffer(bytes: chunk)) }
        try await writer.finish(nil)
      })
    response.headers[.contentType] = "text/event-stream"
    return response
  }

  private static func field(_ name: String, _ request: Request) -> String? {
    HTTPField.Name(name).flatMap { request.headers[$0] }
  }

  /// Nil on a route for everybody.
  private func person(_ route: Route, _ request: Request, from address: String) async throws -> Person? {
    guard let roles = route.roles else { return nil }
    let secret = Self.bearer(request.headers)
    let person = try await queues[.brief].run { [doorkeeper] in try doorkeeper.person(secret, from: address) }
    guard !person.roles.isDisjoint(with: roles) else {
      services.journal(
        "admin-refused", [("reason", "role"), ("subject", person.subject), ("path", route.path)])
      throw Problem(
        403, "role-missing",
        "this takes one of the roles \(roles.map(\.rawValue).sorted().joined(separator: ", ")); 'roles' in the gateway's settings says which groups have them"
      )
    }
    return person
  }

  /// Cookies are never looked at, so no other site can make a browser call with somebody's key.
  private static func bearer(_ headers: HTTPFields) -> String? {
    let values = headers[values: .authorization]
    guard values.count == 1, let value = values.first, value.utf8.count <= 512 else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1])
  }

  private func body(_ route: Route, _ request: Request) async throws -> [UInt8] {
    guard route.bodyLimit > 0 else { return [] }
    let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
    guard type?.trimmingCharacters(in: .whitespaces) == "application/json" else {
      throw Problem(415, "no-json", "the body has to be JSON: Content-Type: application/json")
    }
    var body: [UInt8] = []
    for try await part in request.body {
      guard body.count + part.readableBytes <= route.bodyLimit else {
        throw Problem(413, "too-large", "a body has at most \(route.bodyLimit) bytes here")
      }
      body += part.readableBytesView
    }
    return body
  }
}

/// What is known of a call beside its text.
struct Visit: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Without a port: who fails is counted by it.
  let address: String
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    address = source.channel.remoteAddress?.ipAddress ?? ""
    channel = source.channel
  }
}

/// The outermost part: whatever goes wrong becomes a problem document, and every answer gets the same fields.
struct Envelope: RouterMiddleware {
  typealias Context = Visit

  func handle(
    _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do { response = try await next(request, context) } catch is HTTPError {
      // The router's own: it has no such route.
      response = Self.response(Self.unrouted(request))
    } catch {
      response = Self.response(Problem(error))
    }
    response.headers[.cacheControl] = "no-store"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    return response
  }

  private static func unrouted(_ request: Request) -> Problem {
    let methods = Routes.all.filter { $0.matches(request.uri.path) }.map(\.method.rawValue)
    guard !methods.isEmpty else {
      return Problem(404, "not-found", "there is no such path; \(Routes.prefix)/openapi.json describes all")
    }
    let allow = methods.sorted().joined(separator: ", ")
    var problem = Problem(405, "method-not-allowed", "this path is called with \(allow)")
    problem.allow = allow
    return problem
  }

  private static func response(_ problem: Problem) -> Response {
    var response = Response(
      status: HTTPResponse.Status(code: problem.status),
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.json.canonical)))
    response.headers[.contentType] = "application/problem+json"
    if let seconds = problem.retryAfter { response.headers[.retryAfter] = String(seconds) }
    if let allow = problem.allow { response.headers[.allow] = allow }
    if problem.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }
}

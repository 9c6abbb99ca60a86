internal import FilterABI
public import JSONTree

/// One configuration of a filter, shared between threads. Each stage has a protocol that refines this one.
public protocol Filter: AnyObject, Sendable {
  /// As pipelines write it: `phi` in `detect: phi`.
  static var name: StaticString { get }
  /// One line for people.
  static var summary: StaticString { get }
  /// JSON Schema of the configuration.
  static var schema: StaticString { get }
  /// Whether its functions may block; the host then calls them from threads of their own.
  static var blocks: Bool { get }

  /// Makes an instance from a configuration that fits the schema. [control]
  init(configuration: JSONValue, host: Host) throws(FilterError)
}

extension Filter {
  public static var blocks: Bool { false }
}

/// What a filter is made of, as the C table's `context` remembers it.
final class FilterFactory {
  let make: (JSONValue, Host) throws(FilterError) -> AnyObject
  /// For a sink that can be read back: the configuration for a place.
  let configurationFor: (String) throws(FilterError) -> JSONValue

  init(
    make: @escaping (JSONValue, Host) throws(FilterError) -> AnyObject,
    configurationFor: @escaping (String) throws(FilterError) -> JSONValue
  ) {
    self.make = make
    self.configurationFor = configurationFor
  }

  /// The factory behind a table that FilterKit made.
  static func of(_ filter: UnsafePointer<sluice_filter>?) throws(FilterError) -> FilterFactory {
    guard let context = unsafe filter?.pointee.context else {
      throw FilterError(.internal, "The host passed NULL for a filter.")
    }
    return unsafe Unmanaged<FilterFactory>.fromOpaque(context).takeUnretainedValue()
  }
}

/// Makes the C table of a filter; `box` wraps the instance into what the stage's functions unwrap.
func makeFilterTable<F: Filter>(
  _ type: F.Type,
  configurationFor: @escaping (String) throws(FilterError) -> JSONValue = { (_) throws(FilterError) in
    throw FilterError(.unsupported, "This filter is configured for no place.")
  },
  box: @escaping (F) -> AnyObject
) -> UnsafePointer<sluice_filter> {
  let factory = FilterFactory(
    make: { (configuration, host) throws(FilterError) in box(try F(configuration: configuration, host: host))
    },
    configurationFor: configurationFor)
  let table = UnsafeMutablePointer<sluice_filter>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_filter(
      size: UInt32(MemoryLayout<sluice_filter>.size), flags: F.blocks ? SLUICE_FILTER_BLOCKS : 0,
      name: .literal(F.name), summary: .literal(F.summary), schema: .literal(F.schema),
      context: Unmanaged.passRetained(factory).toOpaque(),
      validate: { filter, configuration, error in
        // Filters have no side effects in init but what deinit undoes, so making one is the check.
        unsafe FilterFactory.run(filter, nil, configuration, error) { _ in }
      },
      create: { filter, host, configuration, instance, error in
        unsafe FilterFactory.run(filter, host, configuration, error) { object in
          unsafe instance?.pointee = Unmanaged.passRetained(object).toOpaque()
        }
      },
      destroy: { _, instance in
        if let instance = unsafe instance { unsafe Unmanaged<AnyObject>.fromOpaque(instance).release() }
      }))
  return unsafe UnsafePointer(table)
}

extension FilterFactory {
  fileprivate static func run(
    _ filter: UnsafePointer<sluice_filter>?, _ host: UnsafePointer<sluice_host>?,
    _ configuration: sluice_bytes,
    _ detail: UnsafeMutablePointer<sluice_error>?, _ done: (AnyObject) -> Void
  ) -> sluice_status {
    do throws(FilterError) {
      let factory = unsafe try of(filter)
      let text = unsafe configuration.withSpan { Array(copying: $0) }
      let value: JSONValue
      do { value = try JSONReader.read(text) } catch {
        throw FilterError(.configuration, "The configuration is no JSON: \(error).")
      }
      done(try factory.make(value, unsafe Host(raw: host)))
      return SLUICE_OK
    } catch {
      return unsafe error.report(to: detail)
    }
  }
}

/// Runs a throwing call of a filter and turns its error into a status.
@inline(__always)
func reporting(
  _ detail: UnsafeMutablePointer<sluice_error>?, _ body: () throws(FilterError) -> Void
) -> sluice_status {
  do throws(FilterError) {
    try body()
    return SLUICE_OK
  } catch {
    return unsafe error.report(to: detail)
  }
}

/// The object behind a pointer that FilterKit handed out itself.
@inline(__always)
func unbox<T: AnyObject>(_ pointer: UnsafeMutableRawPointer?, as type: T.Type) -> T {
  guard let pointer = unsafe pointer else {
    preconditionFailure("the host passed NULL for an instance or a session")
  }
  return unsafe Unmanaged<T>.fromOpaque(pointer).takeUnretainedValue()
}

/// Ends a session's box.
@inline(__always)
func releaseBox(_ pointer: UnsafeMutableRawPointer?) {
  if let pointer = unsafe pointer { unsafe Unmanaged<AnyObject>.fromOpaque(pointer).release() }
}

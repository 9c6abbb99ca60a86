internal import FilterABI
internal import Glibc
internal import PluginHost

/// What a plugin logs, made fit to be shown.
///
/// A template has to be a literal of the plugin's code. That is checked: it has to lie inside a loaded library, where
/// no text of an exchange is. A protected field is shown as its length alone.
enum LogService {
  private static let maximumFields = 16

  static func write(
    _ log: (LogLevel, String, [(name: String, value: String)]) -> Void, _ level: UInt32,
    _ template: sluice_bytes,
    _ fields: sluice_array
  ) {
    var shown: [(name: String, value: String)] = []
    if let first = unsafe fields.first, unsafe fields.stride >= 8, unsafe fields.stride <= 4096 {
      for index in 0..<min(Int(clamping: unsafe fields.count), maximumFields) {
        let place = unsafe first.advanced(by: index * Int(fields.stride))
          .assumingMemoryBound(to: sluice_log_field.self)
        guard let field = unsafe Sized.read(place) else { break }
        unsafe shown.append((literal(field.name, upTo: 64), value(field)))
      }
    }
    log(LogLevel(rawValue: level) ?? .error, unsafe literal(template, upTo: 256), shown)
  }

  private static func value(_ field: sluice_log_field) -> String {
    let isPublic = unsafe field.disclosure == SLUICE_FIELD_PUBLIC
    guard unsafe field.text.data != nil else { return unsafe isPublic ? String(field.number) : "<number>" }
    return unsafe isPublic ? field.text.text(upTo: 256).printable : "<\(field.text.length) bytes>"
  }

  private static func literal(_ bytes: sluice_bytes, upTo limit: Int) -> String {
    guard let data = unsafe bytes.data, unsafe isInLibrary(data) else { return "(not a literal)" }
    return unsafe bytes.text(upTo: limit).printable
  }

  private typealias AddressLookUp = @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Int32

  /// `dladdr`, which glibc declares for those alone who ask for its extensions, and so is asked for by name.
  private static let lookUp: AddressLookUp? = unsafe dlsym(nil, "dladdr").map {
    unsafe unsafeBitCast($0, to: AddressLookUp.self)
  }

  private static func isInLibrary(_ address: UnsafePointer<UInt8>) -> Bool {
    // It writes a Dl_info: four pointers.
    var place: InlineArray<4, UInt> = [0, 0, 0, 0]
    let isLoaded = unsafe withUnsafeMutableBytes(of: &place) {
      unsafe lookUp?(address, $0.baseAddress) ?? 0
    }
    return unsafe isLoaded != 0 || sluice_isolation_is_literal(address) != 0
  }
}

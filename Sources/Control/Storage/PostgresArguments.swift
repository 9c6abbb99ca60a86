/// Values that go with a statement, in libpq's text format, each with its type: without it Postgres takes a value that
/// stands in a list of columns for text.
enum PostgresArguments {
  @unsafe static func lend<R>(
    _ arguments: [StoredValue],
    _ body: (
      UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
      UnsafePointer<Int32>?
    ) -> R
  ) -> R {
    let types = arguments.map(type)
    let formats = arguments.map { if case .blob = $0 { Int32(1) } else { Int32(0) } }
    let bytes = arguments.map(bytes)
    let lengths = bytes.map { Int32(clamping: $0?.count ?? 0) }
    // All in one piece of memory, each with a NUL after it.
    var starts: [Int?] = []
    var all: [UInt8] = []
    for value in bytes {
      starts.append(value == nil ? nil : all.count)
      all += (value ?? []) + [0]
    }
    return unsafe all.withUnsafeBufferPointer { all in
      unsafe all.withMemoryRebound(to: CChar.self) { all in
        let values = unsafe starts.map { start in
          unsafe start.flatMap { unsafe all.baseAddress?.advanced(by: $0) }
        }
        return unsafe types.withUnsafeBufferPointer { types in
          unsafe values.withUnsafeBufferPointer { values in
            unsafe lengths.withUnsafeBufferPointer { lengths in
              unsafe formats.withUnsafeBufferPointer { formats in
                unsafe body(types.baseAddress, values.baseAddress, lengths.baseAddress, formats.baseAddress)
              }
            }
          }
        }
      }
    }
  }

  /// Numbers of pg_type: bytea, int8, text; 0: Postgres is to infer it.
  private static func type(_ value: StoredValue) -> UInt32 {
    switch value {
    case .null: 0
    case .integer: 20
    case .text: 25
    case .blob: 17
    }
  }

  private static func bytes(_ value: StoredValue) -> [UInt8]? {
    switch value {
    case .null: nil
    case .integer(let value): Array(String(value).utf8)
    // Postgres has no NUL in a text, and libpq would end there.
    case .text(let value): Array(value.utf8).filter { $0 != 0 }
    case .blob(let value): value
    }
  }
}

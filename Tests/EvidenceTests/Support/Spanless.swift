@testable import Evidence

// `#expect` can't hold an expression with a span in it, so these take arrays.

func crc32c(_ bytes: [UInt8]) -> UInt32 { CRC32C.checksum(bytes.span) }

func time(_ text: some Sequence<UInt8>) -> UInt64? { Timestamp.parse(Array(text).span) }

func leaf(_ record: [UInt8], _ hasher: Hasher256) -> HashValue { unsafe hasher.leaf(record.span.bytes) }

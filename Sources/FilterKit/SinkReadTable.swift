internal import FilterABI
internal import JSONTree

private final class SinkReaderBox {
  let reader: any SinkReader
  init(_ reader: any SinkReader) { self.reader = reader }
}

/// The C table of "sluice.sink.read/1". Instances are boxed as those of ``makeSinkTable(_:)`` are.
func makeSinkReadTable<F: ReadableSink>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(
    type,
    configurationFor: { (location) throws(FilterError) in
      try F.configuration(for: location)
    }
  ) { SinkBox($0) }
  let table = UnsafeMutablePointer<sluice_sink_read>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_sink_read(
      size: UInt32(MemoryLayout<sluice_sink_read>.size), reserved: 0, filter: filter,
      configure: { filter, location, receiver, error in
        unsafe reporting(error) { () throws(FilterError) in
          let configuration = unsafe try FilterFactory.of(filter).configurationFor(location.text)
          unsafe try ReadReceiver(raw: receiver!).configuration(configuration.canonical)
        }
      },
      logs: { instance, receiver, error in
        unsafe reporting(error) { () throws(FilterError) in
          let logs = unsafe try readable(instance).logs()
          for log in logs { unsafe try ReadReceiver(raw: receiver!).log(log) }
        }
      },
      open: { instance, log, reader, error in
        unsafe reporting(error) { () throws(FilterError) in
          let opened = unsafe try readable(instance).openReader(log: log.text)
          unsafe reader?.pointee = Unmanaged.passRetained(SinkReaderBox(opened)).toOpaque()
        }
      },
      records: { reader, query, receiver, next, error in
        unsafe paging(reader, query, receiver, next, error) { (reader, query, receiver) throws(FilterError) in
          try reader.records(query, to: receiver)
        }
      },
      checkpoints: { reader, query, receiver, next, error in
        unsafe paging(reader, query, receiver, next, error) { (reader, query, receiver) throws(FilterError) in
          try reader.checkpoints(query, to: receiver)
        }
      },
      sessions: { reader, query, receiver, next, error in
        unsafe paging(reader, query, receiver, next, error) { (reader, query, receiver) throws(FilterError) in
          try reader.sessions(query, to: receiver)
        }
      },
      close: { unsafe releaseBox($0) }))
  return UnsafeRawPointer(table)
}

private func readable(_ instance: UnsafeMutableRawPointer?) throws(FilterError) -> any ReadableSink {
  guard let sink = unsafe unbox(unsafe instance, as: SinkBox.self).filter as? any ReadableSink else {
    throw FilterError(.unsupported, "This sink can't be read back.")
  }
  return sink
}

private func paging(
  _ reader: UnsafeMutableRawPointer?, _ query: UnsafePointer<sluice_read_query>?,
  _ receiver: UnsafePointer<sluice_read_receiver>?, _ next: UnsafeMutablePointer<UInt64>?,
  _ error: UnsafeMutablePointer<sluice_error>?,
  _ body: (any SinkReader, borrowing ReadQuery, borrowing ReadReceiver) throws(FilterError) -> UInt64?
) -> sluice_status {
  unsafe reporting(error) { () throws(FilterError) in
    let query = unsafe ReadQuery(raw: query!)
    let receiver = unsafe ReadReceiver(raw: receiver!)
    let reader = unsafe unbox(unsafe reader, as: SinkReaderBox.self).reader
    unsafe next?.pointee = try body(reader, query, receiver) ?? SLUICE_READ_END
  }
}

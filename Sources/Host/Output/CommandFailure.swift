internal import ArgumentParser
internal import Control
internal import Evidence

/// Ends a command with a message and an exit code.
struct CommandFailure: Error, CustomStringConvertible {
  let message: String
  let code: Int32
  var description: String { message }
}

/// Runs a command's work; what it throws is explained and becomes the exit code: 1 for what the user can mend, 2 for
/// what could not be done or told.
func running(_ body: () throws -> Void) throws {
  do { try body() } catch let exit as ExitCode {
    throw exit
  } catch let failure as CommandFailure {
    Terminal.complain("sluice: \(failure.message)")
    throw ExitCode(failure.code)
  } catch let error as ControlError {
    Terminal.complain("sluice: \(error.message)")
    throw ExitCode(error.code == .unavailable || error.code == .insecure ? 2 : 1)
  } catch let error as EvidenceError {
    Terminal.complain("sluice: \(error.message)")
    throw ExitCode(2)
  } catch {
    Terminal.complain("sluice: \(error)")
    throw ExitCode(2)
  }
}

import Testing

@testable import Control

/// Random walks over everything that anybody may do to approvals, from two gateways with one database, beside a model
/// that believes nothing but which words were taken.
@Suite struct ApprovalWalkTests {
  private struct Word {
    let subject: String
    let groups: [String]
    let verdict: Approval.Verdict
    let time: Int64
  }

  private struct Asked {
    let subject: String
    let terms: GateTerms
    let expires: Int64
    var words: [Word] = []
    var glass: (time: Int64, groups: [String])?
    var isEnded = false
    var uses = 0
  }

  private static let names = ["ana", "ANA", "bo", "cy", "Cy", "di", "ed", "root"]
  private static let groupSets = [
    [], ["privacy"], ["security"], ["privacy", "security"], ["admins"], ["admins", "privacy"], ["nurses"],
  ]

  private static func terms(_ random: inout SeededGenerator) -> GateTerms {
    let required = [[], ["privacy"], ["privacy", "security"]].randomElement(using: &random) ?? []
    return GateTerms(
      approvers: [["privacy"], ["privacy", "security"], []].randomElement(using: &random) ?? [],
      required: required,
      quorum: Int.random(in: max(1, required.count)...max(2, required.count), using: &random),
      localOperator: Bool.random(using: &random),
      breakGlass: Int.random(in: 0...1, using: &random) == 0
        ? BreakGlassTerms(groups: ["nurses"], anyone: false, lifetime: 120) : nil)
  }

  private static func person(_ random: inout SeededGenerator) -> Approver {
    let name = names.randomElement(using: &random) ?? "bo"
    return Approver(
      subject: name, groups: groupSets.randomElement(using: &random) ?? [], established: "keys",
      isLocalOperator: name == "root")
  }

  /// Whether what the model has seen lets the request through, found without the code under test.
  private static func mayPass(_ asked: Asked, now: Int64) -> Bool {
    guard now < asked.expires, !asked.isEnded else { return false }
    if let glass = asked.glass {
      return asked.terms.breakGlass != nil && glass.groups.contains("nurses") && glass.time < asked.expires
    }
    guard !asked.words.contains(where: { $0.verdict == .deny }) else { return false }
    let people = Dictionary(
      asked.words.map { ($0.subject.lowercased(), $0.groups) }, uniquingKeysWith: { first, _ in first })
    guard people[asked.subject.lowercased()] == nil, people.count >= asked.terms.quorum,
      asked.words.allSatisfy({ $0.time < asked.expires })
    else { return false }
    func covers(_ required: ArraySlice<String>, _ left: [String: [String]]) -> Bool {
      guard let first = required.first else { return true }
      return left.contains { name, groups in
        groups.contains(first) && covers(required.dropFirst(), left.filter { $0.key != name })
      }
    }
    return covers(asked.terms.required[...], people)
      && asked.words.allSatisfy { word in
        word.groups.contains { asked.terms.approvers.contains($0) || asked.terms.required.contains($0) }
          || word.subject == "root" && asked.terms.localOperator
      }
  }

  @Test(arguments: TestBackend.all, [1, 2, 3, 4, 5, 6] as [UInt64])
  func nothingPassesWithoutTheWordsOfEnoughOthers(_ backend: TestBackend, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sandbox = Sandbox(backend)
    let replicas = [try sandbox.store(), try sandbox.store()]
    var known: [String: Asked] = [:]
    var requests: [ApprovalRequest] = []
    var now: Int64 = 1000
    var order: [String] = []
    var passed = (by: 0, glass: 0)
    for _ in 0..<2500 {
      now += Int64.random(in: 0...6, using: &random)
      let store = replicas[Int.random(in: 0...1, using: &random)]
      let person = Self.person(&random)
      // Of the newest: there it is decided.
      let id = order.suffix(2).randomElement(using: &random) ?? ""
      switch Int.random(in: 0...15, using: &random) {
      case 0:
        // A new question, or one that was asked before.
        let request =
          Bool.random(using: &random) && !requests.isEmpty
          ? requests[Int.random(in: requests.indices, using: &random)]
          : ApprovalRequest(
            digest: [UInt8(requests.count & 255), UInt8(requests.count >> 8)], pipeline: "p",
            subject: Self.names[Int.random(in: 0...4, using: &random)], context: "{}", score: 80,
            terms: Self.terms(&random), lifetime: Int64.random(in: 30...300, using: &random))
        requests.append(request)
        guard case .approval(let approval, let isNew) = try store.answer(request, kinds: [], now: now) else {
          // A glass that lasts. Somebody broke it, for themselves.
          #expect(
            known.values.contains {
              $0.glass != nil && !$0.isEnded && $0.subject.lowercased() == request.subject.lowercased()
            })
          continue
        }
        #expect(isNew == (known[approval.id] == nil))
        if isNew {
          known[approval.id] = Asked(
            subject: request.subject, terms: request.terms, expires: now + request.lifetime)
          order.append(approval.id)
        } else {
          #expect(known[approval.id]?.terms == request.terms)
        }
      case 1...9:
        let verdict: Approval.Verdict = Int.random(in: 0...9, using: &random) == 0 ? .deny : .approve
        guard (try? store.decide(id, by: person, verdict, comment: "", now: now)) != nil else { continue }
        #expect(known[id]?.uses == 0 && now < known[id]?.expires ?? 0)
        known[id]?.words.append(
          Word(subject: person.subject, groups: person.groups, verdict: verdict, time: now))
      case 10, 11:
        let lifetime: Int64? = Bool.random(using: &random) ? 60 : nil
        // Half of the time whoever asks: by chance it is rarely them.
        let own = Approver(
          subject: known[id]?.subject ?? "", groups: person.groups, established: "keys",
          isLocalOperator: false)
        let person = Bool.random(using: &random) ? own : person
        guard (try? store.breakGlass(id, by: person, reason: "why", lifetime: lifetime, now: now)) != nil
        else { continue }
        #expect(person.subject.lowercased() == known[id]?.subject.lowercased())
        known[id]?.glass = (now, person.groups)
      case 12:
        let isJustified = Bool.random(using: &random)
        guard
          (try? store.reviewGlass(id, by: person, isJustified: isJustified, comment: "", now: now)) != nil
        else { continue }
        #expect(person.subject.lowercased() != known[id]?.subject.lowercased())
        if !isJustified { known[id]?.isEnded = true }
      default:
        // Both replicas try to let it through.
        for store in replicas where (try? store.consume(id, now: now)) == true {
          known[id]?.uses += 1
          if known[id]?.glass == nil { passed.by += 1 } else { passed.glass += 1 }
          let asked = try #require(known[id])
          #expect(Self.mayPass(asked, now: now), "\(id) passed after \(asked.words)")
          #expect(asked.uses == 1)
        }
      }
    }
    #expect(passed.by > 0 && passed.glass > 0, "the walk never lets anything through: it shows nothing")
    for id in known.keys {
      let (one, other) = (try replicas[0].approval(id, now: now), try replicas[1].approval(id, now: now))
      #expect(one == other)
    }
  }
}

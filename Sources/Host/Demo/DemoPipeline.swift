/// The pipeline of `sluice demo`: every stage, in front of the built-in stand-in model. As pipelines/demo.yaml, with
/// the stand-in's address, and with a gate that lets the sample pass.
enum DemoPipeline {
  static func text(upstreamPort: Int, evidence: String) -> String {
    """
    pipeline: demo
    listen: /openai
    protocol: openai
    upstream:
      url: http://127.0.0.1:\(upstreamPort)
    evidence: { before-upstream: stable, before-response: stable, transcript: masked }
    stages:
      - authenticate: keys
      - guard: rules
        with:
          deny:
            - { name: no-bulk-export, text: "(?i)\\\\b(dump|export) all patients\\\\b" }
      - detect: phi
        with: { kinds: safe-harbor, min-confidence: 0.5 }
      - mask: phi
        with: { default: placeholder }
      - score: phi
        with: { weights: { SSN: 15, MRN: 8, NAME: 5, PHONE: 4, EMAIL: 4, ADDRESS: 4 }, bulk: { people: 5, adds: 40 } }
      - gate: threshold
        with: { at: 100, approvers: [privacy-officers], quorum: 1, expires: 15m, local-operator: true }
      - sink: file
        with: { directory: "\(evidence)" }
    """
  }

  /// A made-up note, and what in it must not leave.
  static let prompt = """
    Summarize for the discharge letter: Patient Margaret Holloway, DOB 03/14/1961, MRN 4482913, SSN 536-22-8719, was \
    seen by Dr. Rajesh Patel on November 12, 2025 for chest pain. She lives at 42 Oak Street, Springfield, IL 62704, \
    phone (217) 555-0143, e-mail m.holloway@example.com. Troponin negative, BP 128/76, aspirin 81 mg daily. \
    Follow-up with Dr. Patel in two weeks.
    """
  static let planted = [
    "Margaret", "Holloway", "03/14/1961", "4482913", "536-22-8719", "Rajesh", "Patel", "November 12",
    "42 Oak Street",
    "Springfield", "62704", "555-0143", "m.holloway@example.com",
  ]
  /// What the stand-in model makes up by itself.
  static let invented = ["Michael", "Torres", "555-0182", "March 3"]
}

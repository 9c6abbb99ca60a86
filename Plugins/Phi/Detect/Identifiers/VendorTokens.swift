internal import FilterKit

/// Keys and tokens that vendors give a beginning of their own, so that scanners know them.
enum VendorTokens {
  static let all: [PatternRule] = [
    // A long counted repeat behind so few letters takes a third of all compiling: the length is counted here.
    credential(#"\bsk-[a-z0-9_-]{2}"#, least: 23),
    credential(#"gh[pousr]_[a-z0-9]{30}"#),
    credential(#"github_pat_[a-z0-9_]{22}"#),
    credential(#"\b(?:AKIA|ASIA)[0-9A-Z]{16}"#),
    credential(#"xox[abposr]-[0-9a-z-]{10}"#),
    credential(#"AIza"#, then: 35, "_-"),
    credential(#"eyJ[a-z0-9_-]{10,}\.eyJ[a-z0-9_-]{10}"#),
    credential(#"hvs\.[a-z0-9_-]{24}"#),
    credential(#"glpat-"#, then: 20, "_-"),
    // Stripe, Twilio, SendGrid, npm, PyPI, Hugging Face, DigitalOcean, Shopify, Databricks, Docker, Square.
    credential(#"\b[rs]k_(?:live|test)_[0-9a-z]{10}"#),
    credential(#"\bSK[0-9a-f]{32}\b"#),
    credential(#"\bSG\.[0-9a-z_-]{20,24}\.[0-9a-z_-]{30}"#),
    credential(#"\bnpm_[0-9a-z]{30}"#),
    credential(#"\bpypi-"#, then: 32, "_-"),
    credential(#"\bhf_[0-9a-z]{30}"#),
    credential(#"\bdo[opr]_v1_[0-9a-f]{32}"#),
    credential(#"\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}"#),
    credential(#"\bdapi[0-9a-f]{32}"#),
    credential(#"\bdckr_pat_[0-9a-z_-]{20}"#),
    credential(#"\bsq0(?:atp|csp)-"#, then: 22, "_-"),
    // Google OAuth, age, Atlassian, Grafana, Linear, Postman, New Relic, Telegram, Azure's SAS.
    credential(#"\bya29\.[0-9a-z_-]{20}"#),
    credential(#"\bGOCSPX-"#, then: 20, "_-"),
    credential(#"\bAGE-SECRET-KEY-1[0-9a-z]{50}"#),
    credential(#"\bATATT3[0-9a-z_=-]{4}"#, least: 36),
    credential(#"\bglsa_[0-9a-z_]{32}"#),
    credential(#"\blin_api_[0-9a-z]{32}"#),
    credential(#"\bPMAK-[0-9a-f]{24}"#),
    credential(#"\bNRAK-[0-9a-z]{24}"#),
    credential(#"\b\d{8,10}:AA[0-9a-z_-]{32}"#),
    // Groq, xAI, Perplexity, Replicate, Notion, Figma, Supabase, Airtable, RubyGems, PlanetScale, Pulumi, Sentry, Fly, Buildkite,
    // Dynatrace, Doppler, Terraform Cloud, Grafana Cloud, Mailgun, Mailchimp, crates.io, Slack's and Discord's own.
    credential(#"\bgsk_[0-9a-z]{40}"#),
    credential(#"\bxai-[0-9a-z]{40}"#),
    credential(#"\bpplx-[0-9a-z]{32}"#),
    credential(#"\br8_[0-9a-z]{32}"#),
    credential(#"\b(?:ntn|secret)_[0-9A-Za-z]{40}"#, caseless: false),
    credential(#"\bfigd_"#, then: 32, "_-"),
    credential(#"\bsbp_[0-9a-f]{40}"#),
    credential(#"\bpat[0-9A-Za-z]{14}\.[0-9a-f]{40}"#, caseless: false),
    credential(#"\brubygems_[0-9a-f]{40}"#),
    credential(#"\bpscale_(?:tkn|pw|oauth)_"#, then: 32, "_.-"),
    credential(#"\bpul-[0-9a-f]{40}"#),
    credential(#"\bsntry[su]_"#, then: 40, "_=+/-"),
    credential(#"\bfm[12]_[0-9A-Za-z]{40}"#, caseless: false),
    credential(#"\bbk[a-z]{2}_[0-9a-f]{40}"#, caseless: false),
    credential(#"\bdt0[a-z]\d{2}\.[0-9A-Z]{24}\.[0-9A-Z]{32}"#),
    credential(#"\bdp\.[a-z]{2,5}\.[0-9a-z]{40}"#),
    credential(#"\.atlasv1\.[0-9a-z]{40}"#),
    credential(#"\bglc_[0-9a-z]{40}"#),
    credential(#"\bkey-[0-9a-f]{32}\b"#, caseless: false),
    credential(#"\b[0-9a-f]{32}-us\d{1,2}\b"#, caseless: false),
    credential(#"\bcio[0-9A-Za-z]{32}\b"#, caseless: false),
    credential(#"\bEAA[0-9A-Za-z]{60}"#, caseless: false),
    credential(#"[MNO][0-9A-Za-z_-]{23}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27}"#, caseless: false),
    credential(#"\bSSWS [0-9A-Za-z_-]{32}"#, caseless: false),
    credential(#"[?&]sig=[0-9a-z%+/=]{40}"#),
    // Brevo, Resend, Stripe's webhooks, Netlify, Razorpay, LangSmith, Tavily, NVIDIA, PostHog, Pinecone, Jina, GitLab's
    // other tokens, 1Password, JFrog, Flutterwave, Vault's batch tokens, Postmark's and Contentful's own.
    credential(#"\bxkeysib-[0-9a-f]{40}"#),
    credential(#"\bre_[0-9A-Za-z]{8}_[0-9A-Za-z]{20}"#, caseless: false),
    credential(#"\bwhsec_[0-9a-z+/=]{8}"#),
    credential(#"\bnfp_[0-9A-Za-z]{30}"#, caseless: false),
    credential(#"\brzp_(?:live|test)_[0-9A-Za-z]{14}"#, caseless: false),
    credential(#"\blsv2_[ps][tk]_[0-9a-f]{32}"#),
    credential(#"\btvly-"#, caseless: false, then: 20, "-"),
    credential(#"\bnvapi-"#, caseless: false, then: 40, "_-"),
    credential(#"\bph[cx]_[0-9A-Za-z]{40}"#, caseless: false),
    credential(#"\bpcsk_[0-9A-Za-z_]{40}"#, caseless: false),
    credential(#"\bjina_[0-9A-Za-z]{40}"#, caseless: false),
    credential(#"\bgl(?:rt|dt|ft|ptt|oas|soat|cbt|imt|agent)-"#, caseless: false, then: 20, "_-"),
    credential(#"\bops_eyJ"#, caseless: false, then: 40, "_-"),
    credential(#"\bAKCp[0-9A-Za-z]{60}"#, caseless: false),
    credential(#"\bFLWSECK(?:_TEST)?-[0-9a-z]{12}"#),
    credential(#"\bhvb\.[0-9A-Za-z_-]{40}"#, caseless: false),
    credential(#"\bCFPAT-"#, caseless: false, then: 40, "_-"),
    credential(#"(?:AccountKey|SharedAccessKey)=[a-z0-9+/=]{4}"#, least: 40),
  ]

  /// A token of a known form: the whole run that the match is in, where it is long enough.
  ///
  /// `then` signs follow what the pattern has, letters, digits and `signs`: a pattern that counts them, with a hyphen among them, takes
  /// Vectorscan ten milliseconds to compile.
  private static func credential(
    _ pattern: StaticString, least: Int = 0, caseless: Bool = true, then count: Int = 0, _ signs: String = ""
  ) -> PatternRule {
    PatternRule(pattern, caseless: caseless) { view, match in
      let end = match + count
      for index in match..<end
      where !Bytes.isJoining(view.byte(index)) && !signs.utf8.contains(view.byte(index)) {
        return nil
      }
      func isInside(_ byte: UInt8) -> Bool {
        Bytes.isAlphanumeric(byte) && byte < 0x80 || "_-.+/=".utf8.contains(byte)
      }
      let start = view.start(before: end, limit: 120, where: isInside)
      var stop = end
      while stop - end < 900, isInside(view.byte(stop)) { stop += 1 }
      while stop > end, ".=/-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
      guard stop - start >= least else { return nil }
      return Candidate(range: start..<stop, kind: "CREDENTIAL", confidence: 9700, detector: "phi/token")
    }
  }
}

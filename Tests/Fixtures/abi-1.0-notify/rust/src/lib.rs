//! `detect: kept-rust`, a detect filter in Rust. A filter may be called from several threads at once; a session is used by
//! one at a time. A panic becomes an answer: the exchange is denied.
use sluice::*;
use std::collections::HashMap;

struct KeptRust;

impl Filter for KeptRust {
    const NAME: &'static str = "kept-rust";
    const SUMMARY: &'static str = "finds numbers such as ID-123456";
    const SCHEMA: &'static str = r#"{"type":"object","additionalProperties":false}"#;

    fn new(_: &Config) -> Result<Self> {
        Ok(KeptRust)
    }
}

impl Detect for KeptRust {
    type Session = Session;

    fn maximum_hold(&self) -> u64 {
        LENGTH
    }

    fn open(&self, _: &Exchange) -> Result<Session> {
        Ok(Session::default())
    }
}

/// The texts that are under way, by their segment.
#[derive(Default)]
struct Session {
    texts: HashMap<u64, Matcher>,
}

impl DetectSession for Session {
    /// Each byte comes once. Answers up to where nothing can be found any more.
    fn feed(&mut self, segment: &Segment, base: u64, bytes: &[u8], end: bool, findings: &Findings) -> Result<u64> {
        if self.texts.len() > 1024 {
            return Err(Error::unavailable("More than 1024 texts at once."));
        }
        let matcher = self.texts.entry(segment.id()).or_default();
        for (at, byte) in (base..).zip(bytes) {
            if matcher.held == LENGTH && !is_word(*byte) {
                report(at, findings)?;
            }
            matcher.take(*byte);
        }
        let fed = base + bytes.len() as u64;
        if !end {
            return Ok(fed - matcher.held);
        }
        if matcher.held == LENGTH {
            report(fed, findings)?;
        }
        self.texts.remove(&segment.id());
        Ok(fed)
    }
}

fn report(end: u64, findings: &Findings) -> Result<()> {
    findings.emit(end - LENGTH, end, "KEPT_RUST", 9500, "kept-rust/number")
}

const LENGTH: u64 = 9;

/// `ID-` and six digits, with no letter or digit on either side. A text comes in pieces that may be cut anywhere: so bytes
/// are looked at one by one, and all that is remembered is how many of them may be the beginning of something.
#[derive(Default)]
struct Matcher {
    held: u64,
    before: u8,
}

impl Matcher {
    fn take(&mut self, byte: u8) {
        self.held = if self.held > 0 && fits(self.held, byte) {
            self.held + 1
        } else {
            u64::from(fits(0, byte) && !is_word(self.before))
        };
        self.before = byte;
    }
}

fn fits(place: u64, byte: u8) -> bool {
    match place {
        0..=2 => byte == b"ID-"[place as usize],
        3..=8 => byte.is_ascii_digit(),
        _ => false,
    }
}

/// A byte from 0x80 on belongs to a letter of another alphabet.
fn is_word(byte: u8) -> bool {
    byte >= 0x80 || byte == b'_' || byte.is_ascii_alphanumeric()
}

plugin! { id: "org.example.kept-rust", version: "0.1.0", extensions: "sluice.detect/1",
          "sluice.detect/1" => detect_table::<KeptRust>() }

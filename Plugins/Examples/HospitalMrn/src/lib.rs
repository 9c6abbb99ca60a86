//! `detect: hospital-mrn`, a detector in Rust: the record numbers of one hospital, `MRN-` and eight digits of which the
//! last is a check digit (the weighted sum of the others, modulo 10), with no letter or digit on either side.
use sluice::*;
use std::collections::HashMap;

const PREFIX: &[u8] = b"MRN-";
const LENGTH: usize = 12;

struct HospitalMrn;

impl Filter for HospitalMrn {
    const NAME: &'static str = "hospital-mrn";
    const SUMMARY: &'static str = "finds record numbers such as MRN-84620177";
    const SCHEMA: &'static str = r#"{"type":"object"}"#;

    fn new(config: &Config) -> Result<Self> {
        if config.json != "{}" {
            return Err(Error::configuration("This filter has nothing to configure.", ""));
        }
        Ok(HospitalMrn)
    }
}

impl Detect for HospitalMrn {
    type Session = Session;

    fn maximum_hold(&self) -> u64 {
        LENGTH as u64
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
    fn feed(&mut self, segment: &Segment, base: u64, bytes: &[u8], end: bool, findings: &Findings) -> Result<u64> {
        let matcher = self.texts.entry(segment.id()).or_default();
        for (index, byte) in bytes.iter().enumerate() {
            if matcher.is_number() && !is_word(*byte) {
                report(base + index as u64, findings)?;
            }
            matcher.take(*byte);
        }
        let fed = base + bytes.len() as u64;
        if !end {
            return Ok(fed - matcher.held.len() as u64);
        }
        if matcher.is_number() {
            report(fed, findings)?;
        }
        self.texts.remove(&segment.id());
        Ok(fed)
    }
}

fn report(end: u64, findings: &Findings) -> Result<()> {
    findings.emit(end - LENGTH as u64, end, "MRN", 9500, "hospital-mrn/check-digit")
}

/// A byte from 0x80 on belongs to a letter of another alphabet.
fn is_word(byte: u8) -> bool {
    byte >= 0x80 || byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The bytes that may still become a number. It looks at them one by one, so it can't matter where a text was cut.
#[derive(Default)]
struct Matcher {
    held: Vec<u8>,
    before: u8,
}

impl Matcher {
    fn may_match(&self) -> bool {
        !is_word(self.before)
            && self.held.len() <= LENGTH
            && self.held.iter().enumerate().all(|(index, byte)| match PREFIX.get(index) {
                Some(wanted) => byte == wanted,
                None => byte.is_ascii_digit(),
            })
    }

    fn take(&mut self, byte: u8) {
        self.held.push(byte);
        while !self.held.is_empty() && !self.may_match() {
            self.before = self.held.remove(0);
        }
    }

    fn is_number(&self) -> bool {
        let digits = self.held.get(PREFIX.len()..).unwrap_or(&[]);
        self.held.len() == LENGTH && {
            let sum: u32 = digits[..7].iter().zip(1..).map(|(digit, weight)| (digit - b'0') as u32 * weight).sum();
            sum % 10 == (digits[7] - b'0') as u32
        }
    }
}

plugin! { id: "org.example.hospital-mrn", version: "1.0.0", extensions: "sluice.detect/1",
          "sluice.detect/1" => detect_table::<HospitalMrn>() }

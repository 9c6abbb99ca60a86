//! What the host lends to a filter while a call lasts, and what it takes.

use crate::{raw, Error, Result};
use std::marker::PhantomData;
use std::os::raw::c_void;

/// An array by the host's stride: its elements may have grown since this was built.
pub struct List<'a, T> {
    raw: raw::Array,
    life: PhantomData<&'a T>,
}

impl<'a, T> List<'a, T> {
    pub(crate) fn new(raw: raw::Array) -> List<'a, T> {
        List { raw, life: PhantomData }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        if self.raw.first.is_null() {
            0
        } else {
            self.raw.count as usize
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a T> + '_ {
        (0..self.len()).map(move |index| unsafe {
            &*((self.raw.first as *const u8).add(index * self.raw.stride as usize) as *const T)
        })
    }
}

macro_rules! spans {
    ($($(#[$meta:meta])* $owner:ty, $name:ident, $field:ident;)*) => {
        $(impl $owner {
            $(#[$meta])*
            pub fn $name(&self) -> &[u8] {
                unsafe { self.raw().$field.slice() }
            }
        })*
    };
}

/// One request or one response.
pub struct Exchange<'a>(pub(crate) &'a raw::Exchange);
/// One text value inside a payload: where it stands, not the text itself.
pub struct Segment<'a>(pub(crate) &'a raw::Segment);

impl Exchange<'_> {
    fn raw(&self) -> &raw::Exchange {
        self.0
    }

    /// 0: from the client to the upstream; 1: the other way.
    pub fn direction(&self) -> u32 {
        self.0.direction
    }

    /// Facts about the exchange, as ("model", "gpt-5").
    pub fn attributes(&self) -> impl Iterator<Item = (&[u8], &[u8])> + '_ {
        let list: Vec<_> = List::<raw::Attribute>::new(self.0.attributes).iter().collect();
        list.into_iter().map(|attribute| unsafe { (attribute.name.slice(), attribute.value.slice()) })
    }
}

impl Segment<'_> {
    fn raw(&self) -> &raw::Segment {
        self.0
    }

    /// Unique within the session.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Whose words it holds: `SLUICE_ROLE_*` of exchange.h.
    pub fn role(&self) -> u32 {
        self.0.role
    }
}

spans! {
    /// As evidence and error messages name it.
    Exchange<'_>, id, id;
    /// JSON Pointer into the payload.
    Segment<'_>, pointer, pointer;
    /// The object member that holds the value.
    Segment<'_>, name, name;
}

impl raw::Finding {
    /// Its kind's name, as `SSN`.
    pub fn kind_name(&self) -> &[u8] {
        unsafe { self.kind.slice() }
    }
}

/// The host's services.
#[derive(Clone, Copy)]
pub struct Host(pub(crate) *const raw::Host);

unsafe impl Send for Host {}
unsafe impl Sync for Host {}

impl Host {
    unsafe fn service<T>(&self, id: &str) -> Option<&'static T> {
        let host = self.0.as_ref()?;
        (host.get_extension?(self.0, raw::Bytes::of(id.as_bytes())) as *const T).as_ref()
    }

    /// A keyed hash by which the same value of a domain, such as a kind, is recognised; None where the host has none.
    pub fn fingerprint(&self, domain: &[u8], value: &[u8]) -> Option<[u8; 16]> {
        let mut out = [0; 16];
        unsafe {
            let table: &raw::HostFingerprint = self.service("sluice.host.fingerprint/1")?;
            let status = table.compute?(self.0, raw::Bytes::of(domain), raw::Bytes::of(value), out.as_mut_ptr());
            if status == raw::OK { Some(out) } else { None }
        }
    }

    /// Logs a literal, and a number under a name. There is no way to log free text.
    pub fn log(&self, level: u32, text: &'static str, name: &'static str, number: i64) {
        let field = raw::LogField {
            size: std::mem::size_of::<raw::LogField>() as u32,
            disclosure: 0,
            name: raw::Bytes::of(name.as_bytes()),
            text: raw::Bytes::EMPTY,
            number,
        };
        unsafe {
            if let Some(table) = self.service::<raw::HostLog>("sluice.host.log/1") {
                if let Some(write) = table.write {
                    write(self.0, level, raw::Bytes::of(text.as_bytes()), raw::Array::of(&[field]));
                }
            }
        }
    }
}

/// What an instance is made from.
pub struct Config<'a> {
    /// Canonical JSON (RFC 8785), checked against the schema.
    pub json: &'a str,
    /// Without services while validating.
    pub host: Host,
}

impl Config<'_> {
    /// The text of a member of the object, where it is there and needs no unescaping.
    pub fn text(&self, name: &str) -> Option<&str> {
        let key = format!("\"{}\":\"", name);
        let start = self.json.find(&key)? + key.len();
        let end = self.json[start..].find('"')?;
        Some(&self.json[start..start + end])
    }
}

fn accepted(status: raw::Status, what: &str) -> Result<()> {
    if status == raw::OK { Ok(()) } else { Err(Error::internal(what)) }
}

/// Takes findings, in any order.
pub struct Findings<'a>(pub(crate) &'a raw::FindingEmitter);

impl Findings<'_> {
    /// Reports bytes `start..end` of the segment's text. `confidence` is 0 to 10000.
    pub fn emit(&self, start: u64, end: u64, kind: &str, confidence: u32, detector: &str) -> Result<()> {
        let finding = raw::Finding {
            size: std::mem::size_of::<raw::Finding>() as u32,
            confidence,
            start,
            end,
            kind: raw::Bytes::of(kind.as_bytes()),
            detector: raw::Bytes::of(detector.as_bytes()),
        };
        let status = self.0.emit.map_or(raw::ERROR_UNSUPPORTED, |emit| unsafe { emit(self.0.context, &finding) });
        accepted(status, "The host refused a finding.")
    }
}

/// Takes edits, in any order.
pub struct Edits<'a>(pub(crate) &'a raw::EditEmitter);

impl Edits<'_> {
    /// Replaces bytes `start..end` of the segment's text; `finding` is the index of the one that it answers.
    pub fn emit(&self, finding: Option<u32>, start: u64, end: u64, replacement: &str, operation: &str) -> Result<()> {
        let edit = raw::Edit {
            size: std::mem::size_of::<raw::Edit>() as u32,
            finding: finding.unwrap_or(raw::EDIT_NO_FINDING),
            start,
            end,
            replacement: raw::Bytes::of(replacement.as_bytes()),
            operation: raw::Bytes::of(operation.as_bytes()),
            fingerprint: raw::Bytes::EMPTY,
        };
        let status = self.0.emit.map_or(raw::ERROR_UNSUPPORTED, |emit| unsafe { emit(self.0.context, &edit) });
        accepted(status, "The host refused an edit.")
    }
}

/// Takes the reasons of a score.
pub struct Reasons<'a>(pub(crate) &'a raw::ScoreEmitter);

impl Reasons<'_> {
    /// `code` as `kind/ssn`; `points` is what it adds, `count` of what it counts.
    pub fn emit(&self, code: &str, points: i32, count: u64) -> Result<()> {
        let reason = raw::ScoreReason {
            size: std::mem::size_of::<raw::ScoreReason>() as u32,
            points,
            count,
            code: raw::Bytes::of(code.as_bytes()),
        };
        let status = self.0.reason.map_or(raw::ERROR_UNSUPPORTED, |emit| unsafe { emit(self.0.context, &reason) });
        accepted(status, "The host refused a reason.")
    }
}

/// Takes acknowledgements, from any thread, until the session is closed.
#[derive(Clone, Copy)]
pub struct Acknowledger(pub(crate) *const raw::Acknowledger);

unsafe impl Send for Acknowledger {}

impl Acknowledger {
    /// Every record up to and including `sequence` is held at `level`: 0 received to 3 replicated.
    pub fn acknowledge(&self, sequence: u64, level: u32) {
        unsafe {
            if let Some(table) = self.0.as_ref() {
                if let Some(acknowledge) = table.acknowledge {
                    acknowledge(table.context as *mut c_void, sequence, level);
                }
            }
        }
    }
}

//! Where Rust meets C: errors, panics, tables, the note.

use crate::raw;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Why a filter can't do what it was asked.
#[derive(Debug, Clone)]
pub struct Error {
    /// One of `raw::ERROR_*`.
    pub status: raw::Status,
    /// What happened, and what to do about it. Never text of an exchange.
    pub message: String,
    /// JSON Pointer into the configuration, for `ERROR_CONFIGURATION`.
    pub pointer: String,
}

/// What a filter's calls answer.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The filter is at fault.
    pub fn internal(message: &str) -> Error {
        Error { status: raw::ERROR_INTERNAL, message: message.into(), pointer: String::new() }
    }

    /// What came in is wrong, and so whoever sent it.
    pub fn input(message: &str) -> Error {
        Error { status: raw::ERROR_INPUT, message: message.into(), pointer: String::new() }
    }

    /// Something outside does not answer.
    pub fn unavailable(message: &str) -> Error {
        Error { status: raw::ERROR_UNAVAILABLE, message: message.into(), pointer: String::new() }
    }

    /// The configuration is wrong, at a JSON Pointer.
    pub fn configuration(message: &str, pointer: &str) -> Error {
        Error { status: raw::ERROR_CONFIGURATION, message: message.into(), pointer: pointer.into() }
    }
}

unsafe fn copy(text: &str, into: *mut u8, capacity: u64) -> u64 {
    if into.is_null() {
        return 0;
    }
    let length = text.len().min(capacity as usize);
    std::ptr::copy_nonoverlapping(text.as_ptr(), into, length);
    length as u64
}

unsafe fn report(detail: *mut raw::Error, status: raw::Status, message: &str, pointer: &str) -> raw::Status {
    if let Some(detail) = detail.as_mut() {
        detail.flags = 0;
        detail.message_length = copy(message, detail.message, detail.message_capacity);
        detail.pointer_length = copy(pointer, detail.pointer, detail.pointer_capacity);
    }
    status
}

/// Runs a call of the filter's. An error becomes its status; a panic becomes `ERROR_INTERNAL`, and what it said is told
/// nobody, since it may hold text of an exchange.
pub(crate) unsafe fn guarded(detail: *mut raw::Error, body: impl FnOnce() -> Result<()>) -> raw::Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => raw::OK,
        Ok(Err(error)) => {
            let status = if error.status < 0 { error.status } else { raw::ERROR_INTERNAL };
            report(detail, status, &error.message, &error.pointer)
        }
        Err(_) => {
            let message = "The filter panicked; what it said may hold text and is not shown.";
            report(detail, raw::ERROR_INTERNAL, message, "")
        }
    }
}

/// A table that is made once and lives for ever.
pub struct Once(AtomicPtr<c_void>);

impl Once {
    #[doc(hidden)]
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Once {
        Once(AtomicPtr::new(std::ptr::null_mut()))
    }

    #[doc(hidden)]
    pub fn get(&self, make: impl FnOnce() -> *const c_void) -> *const c_void {
        let known = self.0.load(Ordering::Acquire);
        if !known.is_null() {
            return known;
        }
        let made = make() as *mut c_void;
        match self.0.compare_exchange(std::ptr::null_mut(), made, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => made,
            Err(other) => other, // another thread was first; this one's is left
        }
    }
}

pub(crate) fn leak<T>(table: T) -> *const c_void {
    Box::leak(Box::new(table)) as *const T as *const c_void
}

#[doc(hidden)]
pub unsafe fn enter(
    host: *const raw::Host,
    table: &'static Once,
    id: &'static str,
    version: &'static str,
    get_extension: unsafe extern "C" fn(*const raw::Plugin, raw::Bytes) -> *const c_void,
) -> *const raw::Plugin {
    if host.is_null() || (*host).abi_major != raw::ABI_MAJOR {
        return std::ptr::null();
    }
    table.get(|| {
        // A panic's message would go to standard error, whatever it holds.
        std::panic::set_hook(Box::new(|_| {}));
        leak(raw::Plugin {
            size: std::mem::size_of::<raw::Plugin>() as u32,
            abi_major: raw::ABI_MAJOR,
            abi_minor: raw::ABI_MINOR,
            reserved: 0,
            id: raw::Bytes::of(id.as_bytes()),
            version: raw::Bytes::of(version.as_bytes()),
            get_extension: Some(get_extension),
        })
    }) as *const raw::Plugin
}

/// An ELF note (`note.h`).
#[repr(C, align(4))]
pub struct Note<const SIZE: usize> {
    owner_size: u32,
    text_size: u32,
    kind: u32,
    owner: [u8; 8],
    text: [u8; SIZE],
}

impl<const SIZE: usize> Note<SIZE> {
    #[doc(hidden)]
    pub const fn new(text: &str) -> Note<SIZE> {
        let mut bytes = [0; SIZE];
        let mut index = 0;
        while index < text.len() {
            bytes[index] = text.as_bytes()[index];
            index += 1;
        }
        Note { owner_size: 7, text_size: SIZE as u32, kind: 1, owner: *b"Sluice\0\0", text: bytes }
    }
}

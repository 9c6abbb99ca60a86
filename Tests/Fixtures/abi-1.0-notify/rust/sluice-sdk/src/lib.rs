//! The filter ABI of Sluice, for plugins in Rust. Panics stop at the border.
//!
//! A filter is a type that implements [`Filter`] and the trait of its stage; [`plugin!`] makes the library's entry and
//! its note. The whole of a plugin:
//!
//! ```no_run
//! use sluice::*;
//!
//! struct Digits;
//! impl Filter for Digits {
//!     const NAME: &'static str = "digits";
//!     const SUMMARY: &'static str = "finds 4711";
//!     const SCHEMA: &'static str = r#"{"type":"object"}"#;
//!     fn new(_: &Config) -> Result<Self> {
//!         Ok(Digits)
//!     }
//! }
//! struct Session;
//! impl Detect for Digits {
//!     type Session = Session;
//!     fn maximum_hold(&self) -> u64 {
//!         0
//!     }
//!     fn open(&self, _: &Exchange) -> Result<Session> {
//!         Ok(Session)
//!     }
//! }
//! impl DetectSession for Session {
//!     fn feed(&mut self, _: &Segment, base: u64, bytes: &[u8], _end: bool, _: &Findings) -> Result<u64> {
//!         Ok(base + bytes.len() as u64)
//!     }
//! }
//! plugin! { id: "org.example.digits", version: "1.0.0", extensions: "sluice.detect/1",
//!           "sluice.detect/1" => detect_table::<Digits>() }
//! # fn main() {}
//! ```
//!
//! Build it as a `cdylib`, with panics that unwind (the default): a plugin built with `panic = "abort"` takes the
//! gateway down. It needs Rust 1.63, and no other crate.
#![warn(missing_docs)]

mod border;
pub mod raw;
mod stages;
mod views;

pub use border::*;
pub use stages::*;
pub use views::*;

/// Makes the library's one exported symbol and its ELF note (`note.h`).
#[macro_export]
macro_rules! plugin {
    (id: $id:literal, version: $version:literal, extensions: $extensions:literal,
     $($name:literal => $table:expr),+ $(,)?) => {
        const SLUICE_NOTE_TEXT: &str = concat!("id=", $id, "\nabi=1.0\nextensions=", $extensions,
            "\nschemas=sha256:0000000000000000000000000000000000000000000000000000000000000000\n");

        #[used]
        #[link_section = ".note.sluice"]
        static SLUICE_NOTE: $crate::Note<{ (SLUICE_NOTE_TEXT.len() + 4) & !3 }> = $crate::Note::new(SLUICE_NOTE_TEXT);

        unsafe extern "C" fn sluice_get_extension(
            _: *const $crate::raw::Plugin, id: $crate::raw::Bytes,
        ) -> *const std::os::raw::c_void {
            $(if id.slice() == $name.as_bytes() {
                static TABLE: $crate::Once = $crate::Once::new();
                return TABLE.get(|| $table);
            })+
            std::ptr::null()
        }

        /// # Safety
        /// Called by the host alone.
        #[no_mangle]
        pub unsafe extern "C" fn sluice_plugin_v1(host: *const $crate::raw::Host) -> *const $crate::raw::Plugin {
            static TABLE: $crate::Once = $crate::Once::new();
            $crate::enter(host, &TABLE, $id, $version, sluice_get_extension)
        }
    };
}

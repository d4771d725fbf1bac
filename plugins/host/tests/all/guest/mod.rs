//! Components written for one test: every export traps, except those that the test fills in.

mod image;

pub use image::{Fields, Image, Shown};

use image::data;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The manifest lies here.
pub const MANIFEST: &str = "(i32.const 1024)";
/// The result `err(unsupported)` lies here.
pub const UNSUPPORTED: &str = "(i32.const 2048)";
/// Sends GET to the address that the charge's description holds, and tells what came of it.
pub const ASKS: &str = "(call $get (i32.load (i32.add (local.get 0) (i32.const 68)))
    (i32.load (i32.add (local.get 0) (i32.const 72)))) (call $told)";

/// A few interfaces of WASI, as far as guests here use them.
const WASI: &str = include_str!("wasi.wit");

/// A component in the making. Its functions are instructions; `$get`, `$post`, `$with` and `$told` are at hand.
pub struct Guest<'a> {
    pub shown: Shown<'a>,
    pub describe: String,
    pub charge: String,
    pub look_up: String,
    pub verify_webhook: String,
    /// More of the module: functions, tables, exports.
    pub more: String,
    /// Imports beside those of the contract, which need WASI.
    pub imports: String,
    /// Version of WASI that it was made with; `imports` are written for 0.2.6.
    pub wasi: &'static str,
    pub image: Image,
}

impl Default for Guest<'_> {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            shown: Shown { hosts: &["${settings.base_url}"], lookup_posts: &[], token_url: None },
            describe: text(MANIFEST),
            charge: text("unreachable"),
            look_up: text("unreachable"),
            verify_webhook: text("unreachable"),
            more: String::new(),
            imports: String::new(),
            wasi: "0.2.6",
            image: Image::at(4096),
        }
    }
}

/// A component whose `describe` and `charge` are these instructions.
pub fn component(describe: &str, charge: &str) -> Vec<u8> {
    charging(charge).described(describe).build()
}

/// A component whose `charge` is these instructions.
pub fn charging(charge: &str) -> Guest<'static> {
    Guest { charge: charge.to_owned(), ..Guest::default() }
}

/// The answer `succeeded`, as instructions.
pub fn succeeded(image: &mut Image, reference: &str, minor: i64, currency: &str) -> String {
    let mut settled = Fields::default();
    settled.byte(0).align(8).byte(0).align(8).pair(image.text(reference)).long(minor);
    settled.pair(image.text(currency)).pair(image.text("paid")).0.resize(48, 0);
    format!("(i32.const {})", image.put(&settled.0))
}

/// The answer `unknown` with these words.
pub fn unknown(image: &mut Image, words: &str) -> String {
    let mut error = Fields::default();
    error.byte(1).align(8).byte(1).pair(image.text(words)).0.resize(48, 0);
    format!("(i32.const {})", image.put(&error.0))
}

/// The answer `declined`, for now and with this code.
pub fn declined(image: &mut Image, code: &str) -> String {
    let mut decline = Fields::default();
    decline.byte(0).align(8).byte(3).align(8).byte(0).pair(image.text(code)).byte(0).0.resize(48, 0);
    format!("(i32.const {})", image.put(&decline.0))
}

impl Guest<'_> {
    pub fn described(mut self, describe: &str) -> Self {
        self.describe = describe.to_owned();
        self
    }

    /// The component.
    pub fn build(mut self) -> Vec<u8> {
        let uses_wasi = !self.imports.is_empty();
        let mut module = wat::parse_str(self.text()).unwrap();
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir("../wit/v1").unwrap();
        let world = if uses_wasi {
            let package = resolve.push_str("wasi.wit", &WASI.replace("0.2.6", self.wasi)).unwrap();
            resolve.select_world(&[package], Some("guest")).unwrap()
        } else {
            resolve.select_world(&[package], None).unwrap()
        };
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
        ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
    }

    fn text(&mut self) -> String {
        let manifest = data(1024, &self.shown.record(&mut self.image));
        let unsupported = data(2048, &[1, 0, 0, 0, 0, 0, 0, 0, 5]);
        let exports: String = [
            ("begin-setup", "i32", "unreachable"),
            ("complete-setup", "i32 i32 i32 i32", "unreachable"),
            ("detach", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32", "unreachable"),
            ("refund", "i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 i32 i32", "unreachable"),
            ("cancel", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32", "unreachable"),
            ("list-since", "i32 i32 i64 i32 i32 i32", "unreachable"),
            ("describe", "", &self.describe),
            ("charge", "i32", &self.charge),
            ("look-up", "i32", &self.look_up),
            ("verify-webhook", "i32 i32 i32 i32 i32 i32 i64", &self.verify_webhook),
        ]
        .iter()
        .map(|(name, parameters, body)| {
            format!(
                r#"(func (export "portico:payment/provider@1.0.0#{name}") (param {parameters}) (result i32) {body})"#
            )
        })
        .collect();
        let imports = self.imports.replace("0.2.6", self.wasi);
        let (more, image) = (&self.more, self.image.segment());
        format!("(module {IMPORTS} {imports} {PARTS} {manifest} {unsupported} {image} {exports} {more})")
    }
}

const IMPORTS: &str = r#"
    (import "portico:payment/clock@1.0.0" "now" (func $now (result i64)))
    (import "portico:payment/log@1.0.0" "write" (func $log (param i32 i32 i32)))
    (import "portico:payment/http@1.0.0" "send"
        (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#;

/// Memory, and the functions at hand. An answer lies at 256.
const PARTS: &str = r#"
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $next)
        (global.set $next (i32.and (i32.const -8)
            (i32.add (i32.const 7) (i32.add (global.get $next) (local.get 3)))))
        (loop $more
            (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (then
                (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
                (br $more)))))
    (func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))
    (func $get (param i32 i32) (call $with (i32.const 0) (local.get 0) (local.get 1) (i32.const 0) (i32.const 0)))
    (func $post (param i32 i32) (call $with (i32.const 1) (local.get 0) (local.get 1) (i32.const 0) (i32.const 0)))
    ;; Method, URL, and a list of headers.
    (func $with (param i32 i32 i32 i32 i32)
        (call $send (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 256)))
    ;; What came of a request, as an error's words: the failure's message, or the answer's body.
    (func $told (result i32)
        (i32.store8 (i32.const 512) (i32.const 1))
        (if (i32.load8_u (i32.const 256))
            (then
                (i32.store8 (i32.const 520) (i32.const 0))
                (i32.store (i32.const 524) (i32.load (i32.const 264)))
                (i32.store (i32.const 528) (i32.load (i32.const 268))))
            (else
                (i32.store8 (i32.const 520) (i32.const 1))
                (i32.store (i32.const 524) (i32.load (i32.const 272)))
                (i32.store (i32.const 528) (i32.load (i32.const 276)))))
        (i32.const 512))"#;

//! Components written for one test: every export traps, except the two that the test fills in.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A manifest with three names and nothing else lies here; zero bytes are empty lists and missing options.
pub const MANIFEST: &str = "(i32.const 1024)";
/// The result `err(unsupported)` lies here.
pub const UNSUPPORTED: &str = "(i32.const 2048)";

/// A component whose `describe` and `charge` are these instructions.
pub fn component(describe: &str, charge: &str) -> Vec<u8> {
    let mut module = wat::parse_str(text(describe, charge)).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir("../wit/v1").unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
}

fn text(describe: &str, charge: &str) -> String {
    let trapping: String = [
        ("begin-setup", "i32"),
        ("complete-setup", "i32 i32 i32 i32"),
        ("detach", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("refund", "i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 i32 i32"),
        ("cancel", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("look-up", "i32"),
        ("list-since", "i32 i32 i64 i32 i32 i32"),
        ("verify-webhook", "i32 i32 i32 i32 i32 i32 i64"),
    ]
    .iter()
    .map(|(name, parameters)| {
        format!(r#"(func (export "portico:payment/provider@1.0.0#{name}") (param {parameters}) (result i32) unreachable)"#)
    })
    .collect();
    format!(
        r#"(module
            (import "portico:payment/clock@1.0.0" "now" (func $now (result i64)))
            (memory (export "memory") 2)
            (global $next (mut i32) (i32.const 65536))
            (data (i32.const 512) "hostile")
            (data (i32.const 1024) "\00\02\00\00\07\00\00\00\00\02\00\00\07\00\00\00\00\02\00\00\07\00\00\00")
            (data (i32.const 2048) "\01\00\00\00\00\00\00\00\05")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (global.get $next)
                (global.set $next (i32.and (i32.const -8)
                    (i32.add (i32.const 7) (i32.add (global.get $next) (local.get 3))))))
            (func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))
            (func (export "portico:payment/provider@1.0.0#describe") (result i32) {describe})
            (func (export "portico:payment/provider@1.0.0#charge") (param i32) (result i32) {charge})
            {trapping})"#
    )
}

//! Components that eat the processor, the memory or the host's patience.

use super::stage::{Stage, Trial};
use crate::guest::{Guest, UNSUPPORTED, charging};
use domain::provider::{CallError, Evidence};

/// The call ends for this reason, and had no effect: nothing left.
async fn is_cut_off(stage: &Stage, guest: Guest<'_>, why: &str) {
    let report = stage.charge(guest, "").await;
    let Err(CallError::NotExecuted(words)) = &report.result else { panic!("{report:?}") };
    assert!(words.contains(why), "{words:?} and not {why:?}");
    assert_eq!(report.evidence, Evidence::default());
}

/// The call ends by the component's own word, which it gives when the host gave it no more than its share.
async fn gets_its_share(stage: &Stage, guest: Guest<'_>) {
    let report = stage.charge(guest, "").await;
    assert_eq!(report.result, Err(CallError::Unsupported), "{report:?}");
}

pub fn loops_for_ever(stage: &Stage) -> Trial<'_> {
    Box::pin(is_cut_off(stage, charging("(loop $again (br $again)) unreachable"), "interrupt"))
}

pub fn recurses_without_end(stage: &Stage) -> Trial<'_> {
    Box::pin(is_cut_off(stage, charging("(call $deeper (i32.const 0))"), "call stack exhausted"))
}

/// 64 MiB are 1,024 pages.
pub fn grows_its_memory(stage: &Stage) -> Trial<'_> {
    let eat = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
        (if (i32.ne (memory.size) (i32.const 1024)) (then unreachable))";
    Box::pin(gets_its_share(stage, charging(&format!("{eat} {UNSUPPORTED}"))))
}

pub fn grows_its_table(stage: &Stage) -> Trial<'_> {
    let eat = "(loop $more
            (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1))))
        (if (i32.gt_u (table.size $t) (i32.const 10000)) (then unreachable))";
    let more = "(table $t 0 funcref)".to_owned();
    Box::pin(gets_its_share(stage, Guest { more, ..charging(&format!("{eat} {UNSUPPORTED}")) }))
}

pub fn copies_giant_pieces_of_memory(stage: &Stage) -> Trial<'_> {
    let copy = "(drop (memory.grow (i32.const 900)))
        (loop $again
            (memory.copy (i32.const 0) (i32.const 30000000) (i32.const 28000000))
            (br $again))
        unreachable";
    Box::pin(is_cut_off(stage, charging(copy), "interrupt"))
}

/// One within its memory, one beyond it.
pub fn hands_the_host_a_giant_string(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for (length, why) in [(58_000_000, "fuel"), (1_073_741_824, "out of bounds")] {
            let shout = format!(
                "(drop (memory.grow (i32.const 900)))
                (call $log (i32.const 1) (i32.const 4096) (i32.const {length})) {UNSUPPORTED}"
            );
            is_cut_off(stage, charging(&shout), why).await;
        }
    })
}

/// Sixty thousand headers, each of whose names and values is the same mebibyte.
pub fn hands_the_host_a_list_of_lists(stage: &Stage) -> Trial<'_> {
    let send = "(local $at i32)
        (drop (memory.grow (i32.const 100)))
        (local.set $at (i32.const 2000000))
        (loop $more
            (i32.store (local.get $at) (i32.const 131072))
            (i32.store (i32.add (local.get $at) (i32.const 4)) (i32.const 1048576))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br_if $more (i32.lt_u (local.get $at) (i32.const 2960000))))
        (call $with (i32.const 0) (i32.const 4096) (i32.const 0) (i32.const 2000000) (i32.const 60000))
        (call $told)";
    Box::pin(is_cut_off(stage, charging(send), "fuel"))
}

pub fn traps(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for (body, why) in [
            ("unreachable", "unreachable"),
            ("(i32.load (i32.const -8))", "out of bounds"),
            ("(i32.div_u (i32.const 1) (i32.const 0))", "divide by zero"),
        ] {
            is_cut_off(stage, charging(body), why).await;
        }
    })
}

pub fn traps_after_its_answer(stage: &Stage) -> Trial<'_> {
    let more = r#"(func (export "cabi_post_portico:payment/provider@1.0.0#charge") (param i32) unreachable)"#;
    Box::pin(is_cut_off(stage, Guest { more: more.to_owned(), ..charging(UNSUPPORTED) }, "unreachable"))
}

pub fn hoards_resource_handles(stage: &Stage) -> Trial<'_> {
    let imports = r#"(import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration"
        (func $subscribe (param i64) (result i32)))"#;
    let hoard = "(local $n i32)
        (loop $more
            (drop (call $subscribe (i64.const 1)))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $more (i32.lt_u (local.get $n) (i32.const 100000))))";
    let guest = charging(&format!("{hoard} {UNSUPPORTED}"));
    Box::pin(is_cut_off(stage, Guest { imports: imports.to_owned(), ..guest }, "resource table"))
}

/// WASI's files are there to be asked for, and there are none.
pub fn looks_for_files(stage: &Stage) -> Trial<'_> {
    let imports =
        r#"(import "wasi:filesystem/preopens@0.2.6" "get-directories" (func $directories (param i32)))"#;
    let look = "(call $directories (i32.const 600)) (if (i32.load (i32.const 604)) (then unreachable))";
    let guest = charging(&format!("{look} {UNSUPPORTED}"));
    Box::pin(gets_its_share(stage, Guest { imports: imports.to_owned(), ..guest }))
}

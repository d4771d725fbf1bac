//! Components that do their harm before anybody calls them.

use super::stage::{Stage, Trial};
use crate::guest::{Guest, UNSUPPORTED, charging};
use crate::shop::limits;
use plugin_host::HostError;

pub fn loops_while_it_is_instantiated(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let more = "(func $begin (loop $again (br $again))) (start $begin)".to_owned();
        let error = stage.refusal(&Guest { more, ..Guest::default() }.build()).await;
        assert!(
            matches!(&error, HostError::NotAProvider { reason, .. } if reason.contains("describe")),
            "{error}"
        );
    })
}

pub fn imports_sockets(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for import in ["wasi:sockets/tcp@0.2.6", "wasi:sockets/ip-name-lookup@0.2.6", "wasi:http/types@0.2.6"]
        {
            let component = format!(r#"(component (import "{import}" (instance)))"#);
            let error = stage.refusal(&wat::parse_str(component).unwrap()).await;
            assert!(error.to_string().contains(&format!("it imports {import}")), "{error}");
        }
    })
}

/// A function of jumps out of blocks within blocks. One that is just small enough to be compiled is installed.
pub fn is_costly_to_compile(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let error = stage.refusal(&costly(200).build()).await;
        assert!(error.to_string().contains("too large to compile"), "{error}");
        stage.install(costly(49)).await;
    })
}

/// A thousand blocks, and so many jump tables into all of them.
fn costly(tables: usize) -> Guest<'static> {
    let depth = 1_000;
    let (open, close) = ("(block ".repeat(depth), ")".repeat(depth));
    let targets: String = (0..depth).map(|target| format!("{target} ")).collect();
    let jump = format!("(if (local.get 0) (then (br_table {targets} (local.get 0))))").repeat(tables);
    let more = format!("(func (param i32) (local i64 i64 i64) {open} {jump} {close})");
    Guest { more, ..charging(UNSUPPORTED) }
}

pub fn nests_ten_thousand_instances(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let instances = "(core instance (instantiate $m))".repeat(10_000);
        let component = format!("(component (core module $m) {instances})");
        let error = stage.refusal(&wat::parse_str(component).unwrap()).await;
        assert!(error.to_string().contains("too many functions, modules or instances"), "{error}");
    })
}

/// A section as large as a component may be makes it too large; a smaller one is not kept.
pub fn swells_by_custom_sections(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let mut component = charging(UNSUPPORTED).build();
        append_section(&mut component, limits().component);
        let error = stage.refusal(&component).await;
        assert!(matches!(error, HostError::TooLarge { .. }), "{error}");
        let mut component = charging(UNSUPPORTED).build();
        append_section(&mut component, 1024 * 1024);
        stage.host.install("swollen", &component).await.unwrap();
    })
}

fn append_section(component: &mut Vec<u8>, size: usize) {
    let mut body = vec![1, b'x'];
    body.resize(size, 0);
    component.push(0);
    let mut length = body.len();
    while length >= 0x80 {
        component.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    component.push(u8::try_from(length).unwrap());
    component.extend(body);
}

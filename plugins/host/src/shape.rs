//! The shape of a component, looked at before it is compiled: a compiler takes time and memory out of proportion for
//! code that no compiler of a sane language writes.

use wasmparser::{BinaryReaderError, FunctionBody, Operator, Parser, Payload};

/// Bytes of one function. The loops of interpreters, the largest functions there are, have some hundred thousand.
const MAX_FUNCTION: usize = 512 * 1024;
/// Local variables of one function.
const MAX_LOCALS: u32 = 10_000;
/// Blocks within blocks.
const MAX_DEPTH: usize = 2_000;
/// Targets of all jump tables of one function.
const MAX_TARGETS: u32 = 50_000;
/// Bytes of all functions. A component of JavaScript brings an interpreter of nine million.
const MAX_CODE: usize = 16 * 1024 * 1024;
/// Functions of one component.
const MAX_FUNCTIONS: usize = 50_000;
/// Core instances, and modules.
const MAX_PARTS: u32 = 200;

/// Whether a component has a shape that compiles in reasonable time; says what has not.
pub fn check(bytes: &[u8]) -> Result<(), String> {
    let (mut functions, mut parts, mut code) = (0, 0, 0_usize);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(unreadable)? {
            Payload::CodeSectionStart { range, .. } => {
                code = code.saturating_add(range.len());
                if code > MAX_CODE {
                    return Err("it has more code than may be compiled".to_owned());
                }
            }
            Payload::CodeSectionEntry(body) => {
                functions += 1;
                check_function(&body)?;
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => parts += 1,
            Payload::InstanceSection(instances) => parts += instances.count(),
            Payload::ComponentInstanceSection(instances) => parts += instances.count(),
            _ => {}
        }
        if functions > MAX_FUNCTIONS || parts > MAX_PARTS {
            return Err("it has too many functions, modules or instances".to_owned());
        }
    }
    Ok(())
}

fn check_function(body: &FunctionBody<'_>) -> Result<(), String> {
    let too_large = || Err("one of its functions is too large to compile".to_owned());
    if body.range().len() > MAX_FUNCTION {
        return too_large();
    }
    let mut locals = 0_u32;
    for group in body.get_locals_reader().map_err(unreadable)? {
        locals = locals.saturating_add(group.map_err(unreadable)?.0);
    }
    let (mut depth, mut targets) = (0_usize, 0_u32);
    for operator in body.get_operators_reader().map_err(unreadable)? {
        match operator.map_err(unreadable)? {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
            Operator::End => depth = depth.saturating_sub(1),
            Operator::BrTable { targets: table } => targets = targets.saturating_add(table.len()),
            _ => {}
        }
        if depth > MAX_DEPTH || targets > MAX_TARGETS || locals > MAX_LOCALS {
            return too_large();
        }
    }
    Ok(())
}

fn unreadable(error: BinaryReaderError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(body: &str) -> Result<(), String> {
        check(&wat::parse_str(format!("(module (func (param i32) {body}))")).unwrap())
    }

    #[test]
    fn what_compilers_write_passes() {
        for (name, component) in crate::Host::bundled() {
            assert_eq!(check(component), Ok(()), "{name}");
        }
        assert_eq!(function("(block (block (br_table 0 1 (local.get 0))))"), Ok(()));
    }

    #[test]
    fn what_only_bombs_have_does_not() {
        assert!(function(&"(drop (i64.const 123456789012))".repeat(100_000)).is_err(), "length");
        assert!(function(&format!("{}{}", "(block ".repeat(2_001), ")".repeat(2_001))).is_err(), "depth");
        assert!(function(&format!("(local {})", "i64 ".repeat(10_001))).is_err(), "locals");
        let table = format!("(br_table {} (local.get 0))", "0 ".repeat(1_000));
        assert!(function(&table.repeat(51)).is_err(), "targets");
        let mut code = b"\0asm\x01\0\0\0\x0a\x80\x80\xc4\x08".to_vec();
        code.resize(code.len() + 17 * 1024 * 1024, 0);
        assert_eq!(check(&code), Err("it has more code than may be compiled".to_owned()));
        let instances = "(core instance (instantiate $m))".repeat(201);
        let component = wat::parse_str(format!("(component (core module $m) {instances})")).unwrap();
        assert!(check(&component).is_err(), "instances");
    }
}

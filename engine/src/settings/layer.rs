//! One layer of configuration: a tree of values in which every value knows its place.

use super::problem::Problem;
use config::{Value, ValueKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The place of values that no file and no variable sets.
pub(super) const BUILT_IN: &str = "built-in default";

/// Reads a TOML text. Values remember `name:line`, those of the built-in defaults just `name`.
pub(super) fn parse_toml(name: &str, text: &str) -> Result<Value, Problem> {
    let place = |at: usize| match name {
        BUILT_IN => BUILT_IN.to_owned(),
        _ => format!("{name}:{}", line_of(text, at)),
    };
    let table = DeTable::parse(text).map_err(|error| Problem {
        place: place(error.span().map_or(0, |span| span.start)),
        key: String::new(),
        message: format!("this is not TOML: {}", error.message().replace('\n', ", ")),
    })?;
    Ok(table_value(table.get_ref(), &place))
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

fn table_value(table: &DeTable<'_>, place: &impl Fn(usize) -> String) -> Value {
    let first_key = table.keys().map(|key| key.span().start).min();
    let entries = table.iter().map(|(key, value)| {
        let here = place(key.span().start);
        (key.get_ref().to_string(), leaf_value(value, &here, place))
    });
    Value::new(first_key.map(place).as_ref(), ValueKind::Table(entries.collect()))
}

/// Numbers with a fraction and dates keep their spelling: the types behind them read text.
fn leaf_value(value: &Spanned<DeValue<'_>>, here: &str, place: &impl Fn(usize) -> String) -> Value {
    let kind = match value.get_ref() {
        DeValue::Table(table) if !table.is_empty() => return table_value(table, place),
        DeValue::Table(_) => ValueKind::Table(Default::default()),
        DeValue::String(text) => ValueKind::String(text.to_string()),
        DeValue::Boolean(yes) => ValueKind::Boolean(*yes),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => ValueKind::I64(whole),
            Err(_) => ValueKind::String(number.to_string()),
        },
        DeValue::Float(number) => ValueKind::String(number.as_str().to_owned()),
        DeValue::Datetime(moment) => ValueKind::String(moment.to_string()),
        DeValue::Array(items) => ValueKind::Array(
            items.iter().map(|item| leaf_value(item, &place(item.span().start), place)).collect(),
        ),
    };
    Value::new(Some(&here.to_owned()), kind)
}

/// A value given as text by the environment or the command line. Where the built-in default `known` is a list,
/// it is a TOML list or items separated by commas. The types behind everything else read text.
pub(super) fn text_value(text: &str, place: &str, known: Option<&Value>) -> Value {
    let origin = place.to_owned();
    if !known.is_some_and(|value| matches!(value.kind, ValueKind::Array(_))) {
        return Value::new(Some(&origin), text);
    }
    if text.trim().starts_with('[')
        && let Ok(list) = DeValue::parse(text.trim())
    {
        return leaf_value(&list, place, &|_| origin.clone());
    }
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<Value> = items.map(|item| Value::new(Some(&origin), item)).collect();
    Value::new(Some(&origin), items)
}

/// Lays `upper` over `lower`: tables are merged, everything else is replaced.
pub(super) fn overlay(lower: &mut Value, upper: Value) {
    let ValueKind::Table(above) = upper.kind else {
        *lower = upper;
        return;
    };
    if !matches!(lower.kind, ValueKind::Table(_)) {
        *lower = empty();
    }
    if let ValueKind::Table(below) = &mut lower.kind {
        for (key, value) in above {
            match below.get_mut(&key) {
                Some(existing) => overlay(existing, value),
                None => drop(below.insert(key, value)),
            }
        }
    }
}

/// An empty layer.
pub(super) fn empty() -> Value {
    Value::new(None, ValueKind::Table(Default::default()))
}

/// The value at `key`, such as `portal.cancel.modes` or `dunning.steps[2].after_days`.
pub(super) fn find<'a>(tree: &'a Value, key: &str) -> Option<&'a Value> {
    key.split(['.', '[']).try_fold(tree, |value, part| match &value.kind {
        ValueKind::Table(table) => table.get(part),
        ValueKind::Array(items) => items.get(part.strip_suffix(']')?.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Sets `key` to `value`, making tables on the way.
pub(super) fn put(tree: &mut Value, key: &str, value: Value) {
    let nested = key.rsplit('.').fold(value, |inner, part| {
        let origin = inner.origin().map(str::to_owned);
        Value::new(origin.as_ref(), ValueKind::Table([(part.to_owned(), inner)].into_iter().collect()))
    });
    overlay(tree, nested);
}

/// Takes `key` out.
pub(super) fn remove(tree: &mut Value, key: &str) -> Option<Value> {
    let ValueKind::Table(table) = &mut tree.kind else {
        return None;
    };
    match key.split_once('.') {
        Some((first, rest)) => remove(table.get_mut(first)?, rest),
        None => table.remove(key),
    }
}

/// Every leaf with its key, in alphabetical order. A list is one leaf.
pub(super) fn leaves(tree: &Value) -> Vec<(String, &Value)> {
    fn walk<'a>(prefix: &str, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
        let ValueKind::Table(table) = &value.kind else {
            return found.push((prefix.to_owned(), value));
        };
        for (key, value) in table {
            let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            walk(&key, value, found);
        }
    }
    let mut found = Vec::new();
    walk("", tree, &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

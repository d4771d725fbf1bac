//! The contract, as its authors read it.

use wit_parser::{Docs, Resolve, TypeDefKind};

/// Names of what has no documentation.
fn undocumented() -> Vec<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir("../wit/v1").unwrap();
    let mut found = Vec::new();
    let mut note = |docs: &Docs, name: String| {
        if docs.contents.as_ref().is_none_or(|text| text.trim().is_empty()) {
            found.push(name);
        }
    };
    for id in resolve.packages[package].interfaces.values() {
        let interface = &resolve.interfaces[*id];
        let place = interface.name.as_deref().unwrap();
        note(&interface.docs, place.to_owned());
        for (name, function) in &interface.functions {
            note(&function.docs, format!("{place}.{name}"));
        }
        for (name, id) in &interface.types {
            let ty = &resolve.types[*id];
            let parts: Vec<(&Docs, &String)> = match &ty.kind {
                // Brought in by `use`, and documented where it stands.
                TypeDefKind::Type(_) => continue,
                TypeDefKind::Record(record) => {
                    record.fields.iter().map(|part| (&part.docs, &part.name)).collect()
                }
                TypeDefKind::Variant(variant) => {
                    variant.cases.iter().map(|part| (&part.docs, &part.name)).collect()
                }
                TypeDefKind::Enum(words) => words.cases.iter().map(|part| (&part.docs, &part.name)).collect(),
                kind => panic!("{name}: {kind:?} has no place here yet"),
            };
            note(&ty.docs, format!("{place}.{name}"));
            for (docs, part) in parts {
                note(docs, format!("{place}.{name}.{part}"));
            }
        }
    }
    found
}

#[test]
fn every_line_of_the_contract_says_what_it_means() {
    assert_eq!(undocumented(), Vec::<String>::new());
}

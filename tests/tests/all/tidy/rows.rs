//! Every row belongs to a business, on both databases.

use super::{none, root, sources};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn stores_take_the_business_first() {
    let exceptions = [
        // Jobs belong to the installation; each names its business in its payload.
        "engine/src/store/jobs.rs",
        // Businesses themselves, and finding one by its host.
        "engine/src/store/tenants.rs",
    ];
    let mut wrong = Vec::new();
    for source in sources(&["engine/src/store"], &[".rs"]).into_iter().filter(|s| !s.is(&exceptions)) {
        for function in source.text.split("\npub fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            let parameters: Vec<&str> = rest.split(')').next().unwrap().split(',').map(str::trim).collect();
            // A row to insert carries its business with it.
            let inserts = name.starts_with("insert") && parameters[1].starts_with("row: &");
            if !inserts && parameters.get(1).copied() != Some("tenant_id: &TenantId") {
                wrong.push(format!("{}: {name}", source.path));
            }
        }
    }
    none("does not take the business first", wrong);
}

#[test]
fn every_row_belongs_to_a_business() {
    let exceptions = [
        // The installation and its businesses.
        "installation",
        "tenant",
        // Names its business in its payload.
        "job",
    ];
    let mut tables = 0;
    for source in sources(&["engine/src/db/schema"], &[".rs"]) {
        for table in source.text.split("diesel::table! {").skip(1) {
            let name = table.split(" (").next().unwrap().split_whitespace().last().unwrap().to_owned();
            let columns = table.split("\n}").next().unwrap();
            tables += 1;
            let belongs = columns.contains("tenant_id -> Text");
            assert_eq!(belongs, !exceptions.contains(&name.as_str()), "table {name} in {}", source.path);
        }
    }
    assert!(tables > 20, "{tables} tables found");
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(database);
        fs::read_dir(folder)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    for name in names("sqlite") {
        for database in ["sqlite", "postgres"] {
            let up = root().join("migrations").join(database).join(&name).join("up.sql");
            assert!(up.is_file(), "{} is missing", up.display());
        }
    }
}

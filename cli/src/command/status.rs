//! `portico status`: how this installation stands.

use crate::print;
use engine::store::tenants::Tenant;
use engine::usecase::activate::standing;
use std::path::Path;

pub fn run(config_dir: Option<&Path>) -> anyhow::Result<()> {
    let (engine, tenants) = super::businesses(config_dir, None)?;
    let home = match standing(&engine)? {
        None => "The data is at home.".to_owned(),
        Some(away) => format!("The data is not at home ({away}): nothing leaves until `portico activate`."),
    };
    print::lines(std::iter::once(home).chain(tenants.iter().map(money)))
}

/// Whether the money of a business moves.
pub fn money(tenant: &Tenant) -> String {
    let Tenant { slug, mode, .. } = tenant;
    match (tenant.money_paused_since, &tenant.money_paused_why) {
        (Some(since), why) => {
            let why = why.as_deref().unwrap_or_default();
            format!("{slug} ({mode}): money stands still since {} UTC: {why}", since.format("%Y-%m-%d %H:%M"))
        }
        (None, _) => format!("{slug} ({mode}): money moves"),
    }
}

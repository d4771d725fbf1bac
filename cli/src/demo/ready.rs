//! Says where everything is, to people and to scripts.

use super::seed::STORIES;
use engine::store::tenants::Tenant;
use engine::{Engine, store};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where everything answers.
pub struct Place {
    /// The portal.
    pub portal_url: String,
    /// Captured mail.
    pub mailbox_url: String,
    /// The payment service.
    pub simulator_url: String,
    /// What the demo keeps.
    pub data_dir: PathBuf,
}

/// Prints where to click, and writes the same as JSON when asked to.
pub fn announce(
    engine: &Engine,
    tenant: &Tenant,
    place: &Place,
    file: Option<&Path>,
    took: Duration,
) -> anyhow::Result<()> {
    let known = engine.db.read(|conn| store::customers::all(conn, &tenant.id))?;
    let mut customers = Vec::new();
    for (email, story) in STORIES {
        if let Some(customer) = known.iter().find(|customer| customer.email == email) {
            customers.push(json!({ "id": customer.id, "email": email, "story": story }));
        }
    }
    println!("\nPortico is ready ({:.1} s).\n", took.as_secs_f32());
    println!("  Portal     {}", place.portal_url);
    println!("  Mailbox    {}   every mail the demo sends", place.mailbox_url);
    println!("  Payments   {}   the simulator's ledger and its test cards", place.simulator_url);
    println!("  Data       {}\n", place.data_dir.display());
    println!("Sign in as one of these; the link arrives in the mailbox:\n");
    for (email, story) in STORIES {
        println!("  {email:28}{story}");
    }
    let data = place.data_dir.display();
    println!(
        "\nTry it: switch sections off in {data}/config/tenants/{}.toml, or let time pass with",
        tenant.slug
    );
    println!("  portico --config-dir {data}/config clock advance 1 month --tenant {}", tenant.slug);
    println!("\nStop with Ctrl-C. The next start keeps everything; --fresh starts over.");
    if let Some(file) = file {
        let ready = json!({
            "portal_url": place.portal_url,
            "mailbox_url": place.mailbox_url,
            "simulator_url": place.simulator_url,
            "tenant": { "id": tenant.id, "slug": tenant.slug },
            "data_dir": place.data_dir,
            "customers": customers,
        });
        // Complete or not there: whoever waits for the file never reads half of it.
        let draft = file.with_extension("tmp");
        std::fs::write(&draft, serde_json::to_vec_pretty(&ready)?)?;
        std::fs::rename(&draft, file)?;
    }
    Ok(())
}

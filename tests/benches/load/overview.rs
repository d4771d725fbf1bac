//! Pages a second: the sign-in page and the overview of a customer with eighteen months of invoices, by one
//! client and by 32 over connections that are kept open. Clients, portal and the demo's idle worker share the
//! processors.

use crate::database::Databases;
use crate::demo::Demo;
use crate::figures::{millis, percentile};
use crate::visitor;
use anyhow::{Result, ensure};
use reqwest::Client;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CUSTOMER: &str = "harriet@example.com";
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(10);

/// Measures both pages on every database there is.
pub async fn run(databases: &Databases) -> Result<()> {
    println!(
        "{:<12}{:<12}{:>8}{:>14}{:>12}{:>12}",
        "database", "page", "clients", "requests/s", "p50", "p99"
    );
    for database in databases.empty("overview")? {
        let folder = tempfile::tempdir()?;
        let demo = tokio::task::block_in_place(|| Demo::start(folder.path(), &database.url))?;
        let place = &demo.place;
        let stranger = Client::builder().no_proxy().build()?;
        let customer = Client::builder().no_proxy().cookie_store(true).build()?;
        visitor::sign_in(&customer, &place.portal_url, &place.mailbox_url, CUSTOMER).await?;
        let portal = place.portal_url.trim_end_matches('/');
        for (path, client) in [("/login", &stranger), ("/", &customer)] {
            for clients in [1, 32] {
                load(client, &format!("{portal}{path}"), clients, WARM_UP).await?;
                let mut times = load(client, &format!("{portal}{path}"), clients, MEASURED).await?;
                let rate = times.len() as f64 / MEASURED.as_secs_f64();
                let [p50, p99] = [50, 99].map(|percent| millis(percentile(&mut times, percent)));
                println!("{:<12}{path:<12}{clients:>8}{rate:>14.0}{p50:>12}{p99:>12}", database.label);
            }
        }
    }
    Ok(())
}

/// So many clients ask for a page again and again, each after its last answer. How long each answer took.
async fn load(client: &Client, url: &str, clients: usize, lasting: Duration) -> Result<Vec<Duration>> {
    let mut crowd = JoinSet::new();
    let end = Instant::now() + lasting;
    for _ in 0..clients {
        let (client, url) = (client.clone(), url.to_owned());
        crowd.spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < end {
                let began = Instant::now();
                let answer = client.get(&url).send().await?;
                ensure!(
                    answer.status() == 200 && answer.url().as_str() == url,
                    "{} from {url}",
                    answer.status()
                );
                answer.bytes().await?;
                times.push(began.elapsed());
            }
            Ok(times)
        });
    }
    let mut all = Vec::new();
    for times in crowd.join_all().await {
        all.extend(times?);
    }
    Ok(all)
}

//! Data that is not at home reaches nobody (F11): a copied folder, a second host, a restored backup.

use e2e::{World, cards};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ADA: &str = "ada@example.com";
const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// A data folder on the same database, as on another host.
struct Folder {
    dir: TempDir,
    path: String,
    key: String,
}

impl Folder {
    fn beside(world: &World) -> Self {
        let dir = TempDir::new().unwrap();
        let key = world.engine.settings.current().installation.secret_path();
        Self { path: dir.path().display().to_string(), key: key.display().to_string(), dir }
    }

    fn says(&self, world: &World, arguments: &[&str]) -> String {
        world.portico_says_with(BINARY, arguments, &self.environment())
    }

    fn environment(&self) -> [(&str, &str); 2] {
        [("PORTICO__DATA_DIR", &self.path), ("PORTICO__SECRET_FILE", &self.key)]
    }
}

fn home(world: &World) -> PathBuf {
    world.engine.settings.current().installation.data_dir.join("home.json")
}

async fn requests(world: &World) -> usize {
    world.simulator.ledger().await.requests.len()
}

/// F11
#[test]
fn f11_a_second_host_sends_nothing_until_it_is_activated() {
    World::each(async |world| {
        world.subscriber(ADA, cards::GOOD).await;
        assert!(
            world.portico_says(BINARY, &["status"]).contains("The data is at home."),
            "the first is at home"
        );
        let clone = Folder::beside(world);
        assert!(clone.says(world, &["status"]).contains("not at home (elsewhere)"));

        world.jump("1 month");
        let (sent, mails) = (requests(world).await, world.mails().len());
        let _worker = world.portico_with(BINARY, &["worker"], &clone.environment());
        let watched = Instant::now();
        while watched.elapsed() < Duration::from_secs(4) {
            assert_eq!((requests(world).await, world.mails().len()), (sent, mails), "0 requests, 0 mails");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }

        assert!(clone.says(world, &["activate", "--join"]).contains("Activated"));
        let began = Instant::now();
        while world.simulator.ledger().await.taken().len() < 2 {
            assert!(began.elapsed() < Duration::from_secs(60), "the worker goes on by itself");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(world.portico_says(BINARY, &["status"]).contains("The data is at home."), "both are");
    });
}

#[test]
fn f11_a_copied_folder_knows_that_it_was_copied() {
    World::each(async |world| {
        world.portico_says(BINARY, &["status"]);
        let copy = Folder::beside(world);
        std::fs::copy(home(world), copy.dir.path().join("home.json")).unwrap();
        assert!(copy.says(world, &["status"]).contains("not at home (moved)"));
        let mut refused = world.portico_with(BINARY, &["reconcile"], &copy.environment());
        assert_eq!(
            refused.ended(Duration::from_secs(60)).await.code(),
            Some(1),
            "it asks no provider either"
        );
        assert_eq!(requests(world).await, 0);
    });
}

/// F10: the folder remembers more than the restored database does.
#[test]
fn f10_a_restored_backup_is_compared_with_the_provider_before_anything_leaves() {
    World::each(async |world| {
        world.subscriber(ADA, cards::GOOD).await;
        world.portico_says(BINARY, &["status"]);
        let seen = std::fs::read_to_string(home(world)).unwrap();
        std::fs::write(home(world), seen.replace("\"beat\": 1", "\"beat\": 9")).unwrap();
        assert!(world.portico_says(BINARY, &["status"]).contains("not at home (behind)"));

        let mut join = world.portico(BINARY, &["activate", "--join"], None);
        assert_eq!(join.ended(Duration::from_secs(60)).await.code(), Some(1), "that is for other hosts");
        let told = world.portico_says(BINARY, &["activate", "--reconcile"]);
        assert!(told.contains("acme Simulator: 1 listed") && told.contains("Activated"), "{told}");
        assert!(world.portico_says(BINARY, &["status"]).contains("The data is at home."));
        let again = world.portico_says(BINARY, &["activate", "--reconcile"]);
        assert!(again.contains("already"), "{again}");
    });
}

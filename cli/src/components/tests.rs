//! A running process follows what is pinned.

use super::folder::Folder;
use super::follow::activate_all;
use chrono::DateTime;
use plugin_host::{Host, HostOptions, Limits, digest};
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;

const NAME: &str = "bank-transfer";
const COMPONENT: &[u8] = include_bytes!("../../../plugins/dist/bank-transfer.wasm");

/// The same component with another digest: a custom section is nothing to run.
fn rebuilt(mark: u8) -> Vec<u8> {
    [COMPONENT, &[0, 5, 4, b'n', b'o', b't', mark]].concat()
}

fn host() -> Result<Host, plugin_host::HostError> {
    let now = Arc::new(|| DateTime::UNIX_EPOCH.naive_utc());
    let limits = Limits { concurrent_calls: 4, ..Limits::default() };
    Host::new(HostOptions { cache_dir: None, limits, now })
}

#[tokio::test]
async fn a_running_host_goes_over_to_what_is_pinned_and_keeps_it_where_the_next_is_spoilt() {
    let data = TempDir::new().unwrap();
    let folder = Folder::of(data.path()).unwrap();
    let host = host().unwrap();
    let running = || host.provider(NAME).map(|provider| provider.digest().to_owned());
    let (second, third) = (rebuilt(b'2'), rebuilt(b'3'));
    for component in [COMPONENT, &second] {
        folder.pin(&host.load(NAME, component).await.unwrap(), component).unwrap();
        assert_ne!(running(), Some(digest(component)), "not before it is activated");
        assert_eq!(activate_all(&host, &folder, &folder.pins().unwrap()).await, [""; 0]);
        assert_eq!(running(), Some(digest(component)));
    }
    assert_eq!(folder.pins().unwrap()[NAME].previous, Some(digest(COMPONENT)));

    folder.pin(&host.load(NAME, &third).await.unwrap(), &third).unwrap();
    let file = data.path().join(format!("providers/installed/{NAME}-{}.wasm", digest(&third)));
    fs::write(&file, COMPONENT).unwrap();
    let trouble = activate_all(&host, &folder, &folder.pins().unwrap()).await;
    assert!(trouble[0].contains("not what was installed"), "{trouble:?}");
    assert_eq!(running(), Some(digest(&second)), "the one before goes on");
    fs::write(&file, &third).unwrap();
    assert_eq!(activate_all(&host, &folder, &folder.pins().unwrap()).await, [""; 0]);
    assert_eq!(running(), Some(digest(&third)));
}

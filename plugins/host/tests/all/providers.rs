//! The components that come with Portico, as they lie in `plugins/dist`.

use crate::shop::{host, limits};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn components() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let components = files.filter(|path| path.extension().is_some_and(|ending| ending == "wasm"));
    components.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

#[tokio::test]
async fn every_component_installs_under_its_own_name() {
    let host = host(limits());
    for (name, path) in components() {
        let installed = host.install(&name, &std::fs::read(path).unwrap()).await;
        let provider = installed.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(provider.manifest().name, name);
    }
}

#[test]
fn every_provider_has_its_component() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers");
    let sources = std::fs::read_dir(folder).unwrap();
    let sources: BTreeSet<String> =
        sources.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
    assert_eq!(components().into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), sources);
}

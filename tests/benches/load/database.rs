//! Both databases as durable as in production, each empty at first.

use anyhow::{Context, Result};
use engine::db::testing::TestDb;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Lives as long as its input is open, that is as long as this process, however that ends. Unlike the server of
/// the tests it waits for the disk.
const SERVER: &str = r#"
trap '' INT TERM
dir=$(mktemp -d /tmp/portico-bench-pg.XXXXXX) || exit 1
trap '"$BIN/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
"$BIN/initdb" -D "$dir/data" -U portico -A trust -E UTF8 --locale=C >"$dir/log" 2>&1 || exit 1
"$BIN/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-k $dir -c listen_addresses=''" start >/dev/null 2>&1 </dev/null \
    || exit 1
echo "$dir"
cat >/dev/null
"#;

/// Where databases come from. Drop it last.
pub struct Databases {
    folder: TempDir,
    postgres: Option<String>,
    _server: Option<Child>,
}

/// An empty database.
pub struct Database {
    /// For the table of figures.
    pub label: &'static str,
    /// What `PORTICO__DATABASE__URL` says.
    pub url: String,
    _schema: Option<TestDb>,
}

impl Databases {
    /// PostgreSQL is `PORTICO_TEST_POSTGRES_URL`, or a throw-away server from the programs on this machine.
    pub fn find() -> Result<Self> {
        let (postgres, server) = match std::env::var("PORTICO_TEST_POSTGRES_URL") {
            Ok(url) => (Some(url), None),
            Err(_) => match start_server() {
                Ok((url, server)) => (Some(url), Some(server)),
                Err(reason) => {
                    println!("SKIPPED on PostgreSQL: {reason:#}");
                    (None, None)
                }
            },
        };
        Ok(Self { folder: tempfile::tempdir()?, postgres, _server: server })
    }

    /// One empty database of each kind there is. `name` tells the SQLite files of a run apart.
    pub fn empty(&self, name: &str) -> Result<Vec<Database>> {
        let file = self.folder.path().join(name).with_extension("db");
        let mut all =
            vec![Database { label: "SQLite", url: format!("sqlite:{}", file.display()), _schema: None }];
        if let Some(url) = &self.postgres {
            let schema = TestDb::postgres(url)?;
            all.push(Database { label: "PostgreSQL", url: schema.url().to_owned(), _schema: Some(schema) });
        }
        Ok(all)
    }
}

fn start_server() -> Result<(String, Child)> {
    let programs = server_programs().context("no server programs found on this machine")?;
    let mut shell =
        if fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0) {
            // The server refuses to run as root.
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--preserve-environment", "--", "sh", "-c", SERVER]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", SERVER]);
            command
        };
    let mut child = shell
        .env("BIN", programs)
        .current_dir("/tmp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut folder = String::new();
    BufReader::new(child.stdout.take().context("no output to read")?).read_line(&mut folder)?;
    anyhow::ensure!(!folder.is_empty(), "the server did not start");
    Ok((format!("postgres:///postgres?host={}&user=portico", folder.trim_end()), child))
}

/// The newest installed ones, where Debian puts them, or those of the path.
fn server_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    let complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"].iter().all(|p| Path::new(folder).join(p).is_file())
    };
    folders.into_iter().rev().find(complete)
}

//! A throw-away PostgreSQL server that ends with the test process, however that ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

/// Started by a shell that waits for its input to close, which the system does when this process is gone.
/// Nothing of it needs to survive a crash, so it never waits for the disk; it listens on a socket file only.
const SCRIPT: &str = r#"
trap '' INT TERM
dir=$(mktemp -d /tmp/portico-pg.XXXXXX) || exit 1
trap '"$BIN/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
"$BIN/initdb" -D "$dir/data" -U portico -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$BIN/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-k $dir -c listen_addresses='' -c fsync=off -c max_connections=400 -c max_locks_per_transaction=256" \
    start >/dev/null 2>&1 </dev/null || { cat "$dir/log" >&2; exit 1; }
echo "$dir"
cat >/dev/null
"#;

/// Kept open for the life of the process: closing it stops the server.
static LIFELINE: OnceLock<ChildStdin> = OnceLock::new();

/// Starts the server and answers its URL, or why there is none.
pub(super) fn start() -> Result<String, String> {
    let programs = super::server_programs().ok_or("no server programs found on this machine")?;
    let mut shell = shell()
        .env("BIN", programs)
        .current_dir("/tmp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not start one: {error}"))?;
    let folder = first_line(&mut shell)?;
    if let Some(stdin) = shell.stdin.take() {
        let _ = LIFELINE.set(stdin);
    }
    Ok(format!("postgres:///postgres?host={folder}&user=portico"))
}

/// The server refuses to run as root, so root hands it to the user every package creates for it.
fn shell() -> Command {
    let root = std::env::var("USER").is_ok_and(|user| user == "root")
        || Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--preserve-environment", "--", "sh", "-c", SCRIPT]);
        return command;
    }
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT]);
    command
}

fn first_line(shell: &mut Child) -> Result<String, String> {
    let stdout: ChildStdout = shell.stdout.take().ok_or("no output to read")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
    let folder = line.trim_end().to_owned();
    if folder.is_empty() { Err("the server did not start".to_owned()) } else { Ok(folder) }
}

//! `portico` with crash points: what the tests start as a process of its own, and kill.

use std::process::ExitCode;

fn main() -> ExitCode {
    portico_cli::main()
}

//! The binary `portico`.

use std::process::ExitCode;

fn main() -> ExitCode {
    portico_cli::main()
}

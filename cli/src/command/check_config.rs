//! `portico check-config`: every mistake, with file, line and key.

use crate::print;
use std::path::Path;
use std::process::ExitCode;

pub fn run(config_dir: Option<&Path>) -> anyhow::Result<ExitCode> {
    let problems = engine::settings::check(config_dir);
    print::lines(&problems)?;
    if problems.is_empty() {
        print::lines(["The configuration is in order."])?;
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

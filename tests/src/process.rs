//! Portico as processes of their own, which a story may kill.

use crate::world::World;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// A running `portico`, killed when the story forgets it.
pub struct Portico(Child);

impl World {
    /// Starts `portico ARGUMENTS` in this world. `binary` is `env!("CARGO_BIN_EXE_portico-under-test")`; `crash` is a
    /// plan such as `t2.after_commit:1:kill`.
    pub fn portico(&self, binary: &str, arguments: &[&str], crash: Option<&str>) -> Portico {
        let plan = crash.map(|plan| ("PORTICO_CRASH", plan));
        self.portico_with(binary, arguments, plan.as_slice())
    }

    /// What `portico ARGUMENTS` prints.
    ///
    /// # Panics
    /// When it fails.
    pub fn portico_says(&self, binary: &str, arguments: &[&str]) -> String {
        self.portico_says_with(binary, arguments, &[])
    }

    /// As [`World::portico_says`], with more in its environment.
    ///
    /// # Panics
    /// As [`World::portico_says`].
    pub fn portico_says_with(
        &self,
        binary: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> String {
        let output = self.command(binary, arguments).envs(environment.iter().copied()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert!(output.status.success(), "{}", text(output.stderr));
        text(output.stdout)
    }

    /// What a command says and how it ends.
    ///
    /// # Panics
    /// When it does not start.
    pub fn portico_tells(&self, binary: &str, arguments: &[&str]) -> Output {
        self.command(binary, arguments).output().unwrap()
    }

    /// As [`World::portico`], with more in its environment.
    pub fn portico_with(&self, binary: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Portico {
        let mut command = self.command(binary, arguments);
        let command = command.envs(environment.iter().copied()).stdout(Stdio::null());
        Portico(command.spawn().unwrap())
    }

    fn command(&self, binary: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary);
        command
            .args(arguments)
            .arg("--config-dir")
            .arg(self.config_dir())
            .envs(self.environment())
            .env_remove("PORTICO_CRASH")
            .env("RUST_LOG", "error")
            .stdin(Stdio::null());
        command
    }
}

impl Portico {
    /// Waits until it has ended.
    ///
    /// # Panics
    /// When it has not after `patience`.
    pub async fn ended(&mut self, patience: Duration) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < patience, "the process still runs after {patience:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether it has been killed, or has killed itself, within so long.
    pub async fn has_died_within(&mut self, patience: Duration) -> bool {
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.signal() == Some(9);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Kills it without warning.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Portico {
    fn drop(&mut self) {
        self.kill();
    }
}

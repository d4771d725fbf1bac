//! The crash points: a process that is told to die at one of them does.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

const SIGKILL: i32 = 9;

/// Runs the story of one good charge in a process of its own.
fn charge_once(plan: &str) -> ExitStatus {
    let story = "charging::a_good_card_is_charged_exactly_what_was_asked";
    let program = std::env::current_exe().unwrap();
    Command::new(program).args(["--exact", story]).env("PORTICO_CRASH", plan).output().unwrap().status
}

#[test]
fn each_point_of_a_call_is_passed_once_and_kills_when_told_to() {
    for point in
        ["call.before_connect", "call.after_write", "call.after_response", "call.after_plugin_return"]
    {
        assert_eq!(charge_once(&format!("{point}:1")).signal(), Some(SIGKILL), "{point}");
        assert!(charge_once(&format!("{point}:2")).success(), "{point}");
        assert!(charge_once(&format!("{point}:1:sleep=5")).success(), "{point}");
    }
}

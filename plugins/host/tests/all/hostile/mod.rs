//! Thirty-six components that mean harm. Each is contained: a typed error or a denied import, in time, with nothing sent
//! where nothing may go, while a good provider beside it goes on charging.

mod computing;
mod installing;
mod lying;
mod sending;
mod stage;

use stage::{Stage, Trial};
use std::process::Command;
use std::time::{Duration, Instant};

/// One component, named after what it does.
struct Hostile {
    name: &'static str,
    /// Runs it, and asserts that it is contained.
    trial: fn(&Stage) -> Trial<'_>,
}

/// Security design, 4.10, in its order.
const SET: [Hostile; 36] = [
    Hostile { name: "loops for ever", trial: computing::loops_for_ever },
    Hostile { name: "loops while it is instantiated", trial: installing::loops_while_it_is_instantiated },
    Hostile { name: "recurses without end", trial: computing::recurses_without_end },
    Hostile { name: "grows its memory", trial: computing::grows_its_memory },
    Hostile { name: "grows its table", trial: computing::grows_its_table },
    Hostile { name: "copies giant pieces of memory", trial: computing::copies_giant_pieces_of_memory },
    Hostile { name: "hands the host a giant string", trial: computing::hands_the_host_a_giant_string },
    Hostile { name: "hands the host a list of lists", trial: computing::hands_the_host_a_list_of_lists },
    Hostile { name: "traps", trial: computing::traps },
    Hostile { name: "traps after its answer", trial: computing::traps_after_its_answer },
    Hostile { name: "hoards resource handles", trial: computing::hoards_resource_handles },
    Hostile { name: "looks for files", trial: computing::looks_for_files },
    Hostile { name: "imports sockets", trial: installing::imports_sockets },
    Hostile { name: "is costly to compile", trial: installing::is_costly_to_compile },
    Hostile { name: "nests ten thousand instances", trial: installing::nests_ten_thousand_instances },
    Hostile { name: "swells by custom sections", trial: installing::swells_by_custom_sections },
    Hostile { name: "asks the metadata service", trial: sending::asks_the_metadata_service },
    Hostile { name: "asks our own ports", trial: sending::asks_our_own_ports },
    Hostile { name: "rebinds a name", trial: sending::rebinds_a_name },
    Hostile { name: "is redirected inside", trial: sending::is_redirected_inside },
    Hostile { name: "asks a host it did not name", trial: sending::asks_a_host_it_did_not_name },
    Hostile { name: "scans ports", trial: sending::scans_ports },
    Hostile { name: "floods its service", trial: sending::floods_its_service },
    Hostile { name: "reads without end", trial: sending::reads_without_end },
    Hostile { name: "reads drop by drop", trial: sending::reads_drop_by_drop },
    Hostile { name: "splits headers", trial: sending::splits_headers },
    Hostile { name: "sets the host's headers", trial: sending::sets_the_hosts_headers },
    Hostile { name: "hangs in a host call", trial: sending::hangs_in_a_host_call },
    Hostile { name: "leaves out the key", trial: lying::leaves_out_the_key },
    Hostile { name: "posts from a lookup", trial: lying::posts_from_a_lookup },
    Hostile { name: "takes another amount", trial: lying::takes_another_amount },
    Hostile { name: "claims success without asking", trial: lying::claims_success_without_asking },
    Hostile {
        name: "answers with giants and control characters",
        trial: lying::answers_with_control_characters,
    },
    Hostile { name: "guesses the secrets of others", trial: lying::guesses_the_secrets_of_others },
    Hostile { name: "carries off what a service echoes", trial: lying::carries_off_what_a_service_echoes },
    Hostile { name: "names the charges of others", trial: lying::names_the_charges_of_others },
];

/// Memory may differ so much between the first round and the last.
const MEMORY: u64 = 10 * 1024 * 1024;

/// In a process of its own: its memory is weighed, and a host that died would take the other tests along.
#[test]
fn all_36_are_contained_and_a_good_provider_beside_them_is_undisturbed() {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this)
        .args(["--exact", "hostile::rounds", "--ignored", "--nocapture"])
        // What is freed goes back to the system at once: what is resident then is what somebody holds.
        .envs([("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "131072")])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    print!("{told}");
    assert!(output.status.success(), "{told}");
}

/// Rounds: 3, or as many as `PORTICO_HOSTILE_ROUNDS` says.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "weighs its process: run alone, by the test above"]
async fn rounds() {
    let rounds = std::env::var("PORTICO_HOSTILE_ROUNDS").map_or(3, |text| text.parse().unwrap());
    let stage = Stage::open().await;
    let beside = stage.charge_on_and_on();
    let mut weights = Vec::new();
    for round in 0..rounds {
        for hostile in &SET {
            let began = Instant::now();
            tokio::time::timeout(Duration::from_secs(45), (hostile.trial)(&stage))
                .await
                .unwrap_or_else(|_| panic!("not over after 45 s: {}", hostile.name));
            if round == 0 {
                eprintln!("{:>6} ms  {}", began.elapsed().as_millis(), hostile.name);
            }
            assert!(!stage.doors_rang(), "a byte where none may go: {}", hostile.name);
        }
        weights.push(resident());
    }
    let (first, last) = (weights[0], *weights.last().unwrap());
    eprintln!("resident: {} KiB after the first round, {} KiB after the last", first / 1024, last / 1024);
    assert!(last <= first + MEMORY, "memory is not back");
    beside.stop().await;
}

/// Resident memory of this process, in bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

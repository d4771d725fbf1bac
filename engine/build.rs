//! The embedded migrations are read at compile time; without this a changed one would not be noticed.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}

//! Stories of the plugin host: the sandbox provider against the simulator, and components that misbehave.

mod charging;
mod failing;
mod guest;
mod limits;
mod shop;

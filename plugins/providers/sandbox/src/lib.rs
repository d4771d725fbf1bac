//! The provider that talks to the simulator

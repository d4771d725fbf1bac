//! The worker as a process: what it does when it is killed, stopped or fed with poison.

#[cfg(test)]
mod probe;
#[cfg(test)]
mod queue;

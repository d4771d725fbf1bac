//! One file a command.

pub mod account;
pub mod check_config;
pub mod clock;
pub mod customer;
pub mod dispute;
pub mod invoice;
pub mod method;
pub mod price;
pub mod product;
pub mod refund;
pub mod serve;
pub mod settings;
pub mod simulator;
pub mod subscription;
pub mod worker;

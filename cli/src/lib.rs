//! The one binary of Portico

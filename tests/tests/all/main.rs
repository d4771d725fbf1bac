//! Stories about a whole Portico. Each runs on SQLite, and on PostgreSQL where there is one.

mod renewal;

//! The host and its Docker engine: the only part that starts processes.

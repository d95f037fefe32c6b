//! The operator's DDL scripts, made safe to run and to run again.

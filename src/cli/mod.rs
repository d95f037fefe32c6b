//! Commands: one file each. Nothing below imports clap, and nobody imports this room.

mod args;
mod localise;

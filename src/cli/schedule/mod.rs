//! `schedule cron` and `schedule systemd`: run `check` regularly with the present configuration.

mod command;
mod cron;
mod crontab;
mod error;
mod job;
mod systemd;
#[cfg(test)]
mod tests;

pub(super) use command::run;

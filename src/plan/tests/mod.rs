//! Tests of plans as a whole; the smaller ones are beside what they test.

mod choice;
mod dependencies;
mod effects;
mod forecast;
mod messages;
mod notices;
mod order;
mod pages;
mod properties;
mod real;
mod register_by_hand;
mod safety;
mod selection;
mod variable;

//! Tests of plans as a whole; the smaller ones are beside what they test.

mod by_hand;
mod choice;
mod dependencies;
mod effects;
mod forecast;
mod notices;
mod order;
mod properties;
mod real;
mod safety;
mod variable;
mod words;

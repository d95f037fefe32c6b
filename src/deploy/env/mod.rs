//! The env file and what is made from it: values, lint, render.

//! Pages, documents and HTML as they come out.

mod apply;
mod compare;
mod events;
mod html;
mod page;
mod plan;
mod records;
mod sentences;

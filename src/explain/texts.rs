//! The texts that are built in, as `build.rs` lists them.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

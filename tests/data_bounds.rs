//! A file whose header lies must not make the reader take memory for it.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use fmnist_tui::data::idx::{read_images, read_labels};

/// The largest single request so far, bytes.
static LARGEST: AtomicUsize = AtomicUsize::new(0);

struct Watching;

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_lying_header_takes_no_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let header = |magic: u32, numbers: &[u32]| -> Vec<u8> {
        [&[magic], numbers]
            .concat()
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect()
    };
    for claim in [
        header(0x803, &[1_000_000, 64, 64]),
        header(0x803, &[u32::MAX, 28, 28]),
        header(0x803, &[60_000, u32::MAX, u32::MAX]),
        header(0x801, &[1_000_000]),
        header(0x801, &[u32::MAX]),
    ] {
        for bytes in [claim.clone(), gzip(&claim)] {
            std::fs::write(&path, &bytes).unwrap();
            LARGEST.store(0, Ordering::Relaxed);
            assert!(read_images(&path).is_err());
            assert!(read_labels(&path).is_err());
            let largest = LARGEST.load(Ordering::Relaxed);
            // The file buffer is 256 KiB.
            assert!(largest <= 256 * 1024, "{largest} bytes");
        }
    }
    // A bomb: one small image stated, 50 MB follow.
    let mut bomb = header(0x803, &[1, 4, 4]);
    bomb.resize(50_000_000, 0);
    let bomb = gzip(&bomb);
    std::fs::write(&path, &bomb).unwrap();
    LARGEST.store(0, Ordering::Relaxed);
    assert!(read_images(&path).is_err());
    assert!(LARGEST.load(Ordering::Relaxed) <= 256 * 1024);
}

//! Pictures of any format, as `predict --image` and `data import` take them.

#![no_main]

use fmnist_tui::augment::ImageSize;
use fmnist_tui::data::picture::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(picture) = decode(bytes) else {
        return;
    };
    let background = picture.background();
    for channels in [1, 3] {
        let size = ImageSize {
            channels,
            height: 28,
            width: 28,
        };
        let image = picture.fit(size, background.colour);
        assert_eq!(image.map(|image| image.len()).ok(), Some(size.bytes()));
    }
});

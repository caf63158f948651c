//! Recognises a data set by its training labels, and names its classes.

use flate2::Crc;

pub(super) const FASHION_MNIST_CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// CRC-32 of the 60,000 training labels, without the file's header.
const FASHION_MNIST_CRC: u32 = 0x2ed6_e46a;
const MNIST_CRC: u32 = 0xba07_e8ef;

/// The name and class names of a set with these training labels. An unknown set is called
/// `fallback_name` and its classes are numbered.
pub(super) fn identify(train_labels: &[u8], fallback_name: &str) -> (String, Vec<String>) {
    let mut crc = Crc::new();
    crc.update(train_labels);
    match crc.sum() {
        FASHION_MNIST_CRC => ("fashion-mnist".into(), fashion_mnist()),
        MNIST_CRC => ("mnist".into(), numbered(10)),
        _ => {
            let classes = train_labels
                .iter()
                .max()
                .map_or(0, |&max| usize::from(max) + 1);
            (fallback_name.into(), numbered(classes))
        }
    }
}

pub(super) fn fashion_mnist() -> Vec<String> {
    FASHION_MNIST_CLASSES.map(String::from).to_vec()
}

fn numbered(classes: usize) -> Vec<String> {
    (0..classes).map(|class| class.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_set_keeps_its_name_and_counts_its_classes() {
        let (name, classes) = identify(&[0, 2, 1, 2], "letters");
        assert_eq!(name, "letters");
        assert_eq!(classes, ["0", "1", "2"]);
    }

    #[test]
    fn there_may_be_256_classes() {
        assert_eq!(identify(&[255], "bytes").1.len(), 256);
    }
}

//! The data sets that are published: their files, and where those are.

use super::idx::STEMS;

/// A data set as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSetFiles {
    /// `fashion-mnist`.
    pub name: String,
    /// Addresses of folders that hold all the files, in the order in which they are tried; each ends
    /// with `/`.
    pub mirrors: Vec<String>,
    /// The files.
    pub files: Vec<PublishedFile>,
}

/// A file of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFile {
    /// Its name on every mirror and on the disk.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The MD5 its authors publish, in hexadecimal.
    pub md5: String,
    /// MD5 of its unpacked content.
    pub content_md5: String,
}

impl PublishedFile {
    /// The name without `.gz`.
    pub fn stem(&self) -> &str {
        self.name.strip_suffix(".gz").unwrap_or(&self.name)
    }
}

impl DataSetFiles {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// The data sets that `data fetch` knows.
pub fn published() -> [DataSetFiles; 2] {
    [fashion_mnist(), mnist()]
}

/// Zalando's images of clothing.
pub fn fashion_mnist() -> DataSetFiles {
    DataSetFiles {
        name: "fashion-mnist".into(),
        mirrors: [
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            // TensorFlow's copy of the same four files.
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            // The address in the authors' README has no HTTPS, so it comes last. Its files must have
            // the published checksum like all others.
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ]
        .map(String::from)
        .into(),
        files: files([
            (
                26_421_880,
                "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "f4a8712d7a061bf5bd6d2ca38dc4d50a",
            ),
            (
                29_515,
                "25c81989df183df01b3e8a0aad5dffbe",
                "9018921c3c673c538a1fc5bad174d6f9",
            ),
            (
                4_422_102,
                "bef4ecab320f06d8554ea6380940ec79",
                "8181f5470baa50b63fa0f6fddb340f0a",
            ),
            (
                5_148,
                "bb300cfdad3c16e7a12a480ee83cd310",
                "15d484375f8d13e6eb1aabb0c3f46965",
            ),
        ]),
    }
}

/// LeCun, Cortes and Burges' handwritten digits. Their own server requires a password now; these are
/// the copies that PyTorch and TensorFlow fetch.
pub fn mnist() -> DataSetFiles {
    DataSetFiles {
        name: "mnist".into(),
        mirrors: [
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ]
        .map(String::from)
        .into(),
        files: files([
            (
                9_912_422,
                "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                "6bbc9ace898e44ae57da46a324031adb",
            ),
            (
                28_881,
                "d53e105ee54ea40749a09fcbcd1e9432",
                "a25bea736e30d166cdddb491f175f624",
            ),
            (
                1_648_877,
                "9fb629c4189551a2d022fa330f9573f3",
                "2646ac647ad5339dbf082846283269ea",
            ),
            (
                4_542,
                "ec29112dd5afa0611ce80d1b7f02629c",
                "27ae3e4e09519cfbb04c329615203637",
            ),
        ]),
    }
}

/// Sizes and checksums in the order of [`STEMS`].
fn files(facts: [(u64, &str, &str); 4]) -> Vec<PublishedFile> {
    let file = |(stem, (bytes, md5, content_md5)): (&str, (u64, &str, &str))| PublishedFile {
        name: format!("{stem}.gz"),
        bytes,
        md5: md5.into(),
        content_md5: content_md5.into(),
    };
    STEMS.into_iter().zip(facts).map(file).collect()
}

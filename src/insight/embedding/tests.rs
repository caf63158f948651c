use super::*;
use crate::data::Dataset;
use crate::nn::{Model, ModelInfo, Snapshot};
use crate::spec::preset;
use crate::train::with_threads;

/// Waves over images and features: the first two components hold most of the variance.
fn waves(images: usize, width: usize) -> Vec<f32> {
    let value = |index: usize| {
        let (i, j) = ((index / width) as f64, (index % width) as f64);
        let large = 2.0 * (0.3 * i).sin() * (0.5 * j).cos() + (1.1 * i).cos() * (0.2 * j).sin();
        (large + (0.7 * i * (j + 1.0)).sin() / (1.0 + j)) as f32
    };
    (0..images * width).map(value).collect()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 2e-4 * other.abs().max(0.1)
}

#[test]
fn components_are_those_of_scikit_learn() {
    // X = 2*sin(0.3*i)*cos(0.5*j) + cos(1.1*i)*sin(0.2*j) + sin(0.7*i*(j+1))/(1+j), float32
    // p = sklearn.decomposition.PCA(svd_solver="full").fit(X); p.explained_variance_ratio_, p.transform(X)
    let cases = [
        (
            40,
            7,
            [0.846_509_1_f64, 0.101_843_88, 0.036_931_61],
            [
                [0.946_259_8_f64, 1.352_733_7],
                [-1.422_631_3, 1.095_661_8],
                [3.272_002_1, 0.608_305_7],
            ],
        ),
        // More features than directions are tried: found by iterations.
        (
            80,
            200,
            [0.796_200_1, 0.200_603_3, 0.001_999_1],
            [
                [-0.907_174_4, 10.031_94],
                [5.321_566_97, 4.583_133_9],
                [-20.626_139_5, 4.765_651_7],
            ],
        ),
    ];
    for (images, width, explained, places) in cases {
        let components = Components::of(&Features::of_values(&waves(images, width), width));
        for (found, expected) in components.explained.iter().zip(explained) {
            assert!(close(*found, expected), "{found} {expected}");
        }
        let points = components.first_two();
        for (image, expected) in [0, 1, images - 1].into_iter().zip(places) {
            for (found, expected) in points[image].iter().zip(expected) {
                assert!(close(f64::from(*found), expected), "{found} {expected}");
            }
        }
    }
}

#[test]
fn trustworthiness_is_that_of_scikit_learn() {
    // sklearn.manifold.trustworthiness(X, [sin(i), cos(2.3*i)], n_neighbors=k), and of PCA(2)
    for (images, width, k, of_waves, of_pca) in [
        (40, 7, 12, 0.520_542_635_658_914_7, 0.993_798_449_612_403),
        (80, 200, 12, 0.506_080_623_306_233, 0.999_898_373_983_739_8),
        (9, 7, 4, 0.488_888_888_888_888_8, 0.966_666_666_666_666_7),
    ] {
        let features = Features::of_values(&waves(images, width), width);
        let point = |i: usize| [(i as f64).sin() as f32, (2.3 * i as f64).cos() as f32];
        let points: Vec<[f32; 2]> = (0..images).map(point).collect();
        let of =
            |points: &[[f32; 2]]| Trustworthiness::of(&features.values, width, points).unwrap();
        assert_eq!(of(&points).neighbors, k);
        assert!(
            (of(&points).value - of_waves).abs() < 1e-9,
            "{:?}",
            of(&points)
        );
        let flat = Components::of(&features).first_two();
        assert!((of(&flat).value - of_pca).abs() < 1e-9, "{:?}", of(&flat));
    }
    assert_eq!(Trustworthiness::of(&waves(3, 7), 7, &[[0.0; 2]; 3]), None);
}

/// An untrained network's map of the sample set.
fn mapped(method: EmbeddingMethod, most: usize, threads: usize) -> Embedding {
    let dataset = Dataset::sample().unwrap();
    let snapshot = untrained(&dataset);
    with_threads(Some(threads), || {
        let features = Features::of(&snapshot, &dataset.validation, most, &mut |_| true);
        let features = features.unwrap().unwrap();
        let components = Components::of(&features);
        let embedding = Embedding::new(&features, &components, method, &mut |_, _| true);
        embedding.unwrap().unwrap()
    })
    .unwrap()
}

fn untrained(dataset: &Dataset) -> Snapshot {
    let spec = preset("tiny").unwrap();
    Model::new(&spec).unwrap().snapshot(ModelInfo {
        spec: spec.clone(),
        dataset: "sample".into(),
        class_names: Vec::new(),
        normalization: dataset.normalization,
        metrics: serde_json::Value::Null,
    })
}

#[test]
fn the_map_is_the_same_on_any_number_of_threads() {
    for method in [EmbeddingMethod::Pca, EmbeddingMethod::Tsne] {
        let one = mapped(method, 150, 1);
        assert_eq!(one, mapped(method, 150, 3));
        assert_eq!((one.method, one.images.len()), (method, 150));
        let trust = one.trustworthiness.unwrap();
        assert!(trust.value > 0.8, "{trust:?}");
    }
}

#[test]
fn a_handful_of_images_is_laid_out_too() {
    for most in 1..=7 {
        let embedding = mapped(EmbeddingMethod::Tsne, most, 1);
        assert_eq!(embedding.points.len(), most);
        let is_finite = |point: &[f32; 2]| point.iter().all(|value| value.is_finite());
        assert!(embedding.points.iter().all(is_finite), "{embedding:?}");
        let method = match most {
            ..5 => EmbeddingMethod::Pca,
            _ => EmbeddingMethod::Tsne,
        };
        assert_eq!(embedding.method, method);
    }
}

#[test]
fn images_that_the_network_cannot_tell_apart_lie_on_one_point() {
    let features = Features::of_values(&[3.5; 60 * 4], 4);
    let components = Components::of(&features);
    for method in [EmbeddingMethod::Pca, EmbeddingMethod::Tsne] {
        let embedding = Embedding::new(&features, &components, method, &mut |_, _| true);
        let embedding = embedding.unwrap().unwrap();
        assert_eq!(embedding.points, [[0.0; 2]; 60]);
        assert_eq!(embedding.explained, 0.0);
    }
    // So are two heaps, each of more images than an image has neighbours.
    let heaps: Vec<f32> = (0..400).map(|it| f32::from(u8::from(it < 200))).collect();
    let features = Features::of_values(&heaps, 2);
    let components = Components::of(&features);
    let embedding = Embedding::new(
        &features,
        &components,
        EmbeddingMethod::Tsne,
        &mut |_, _| true,
    );
    let embedding = embedding.unwrap().unwrap();
    let is_finite = |point: &[f32; 2]| point.iter().all(|value| value.is_finite());
    assert!(embedding.points.iter().all(is_finite), "{embedding:?}");
}

#[test]
fn the_work_stops_when_it_is_told_to() {
    let features = Features::of_values(&waves(60, 7), 7);
    let components = Components::of(&features);
    let mut steps = 0;
    let embedding = Embedding::new(
        &features,
        &components,
        EmbeddingMethod::Tsne,
        &mut |_, _| {
            steps += 1;
            steps < 10
        },
    );
    assert_eq!(embedding.unwrap(), None);
    assert_eq!(steps, 10);
    let dataset = Dataset::sample().unwrap();
    let stopped = Features::of(&untrained(&dataset), &dataset.validation, 500, &mut |_| {
        false
    });
    assert_eq!(stopped.unwrap(), None);
}

#[test]
fn a_network_that_has_diverged_has_no_map() {
    let dataset = Dataset::sample().unwrap();
    let mut snapshot = untrained(&dataset);
    if let crate::nn::TensorData::F32(values) = &mut snapshot.state[0].data {
        values.fill(f32::NAN);
    }
    let features = Features::of(&snapshot, &dataset.validation, 50, &mut |_| true);
    let error = features.unwrap_err().to_string();
    assert!(error.contains("diverged"), "{error}");
}

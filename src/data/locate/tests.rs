use super::*;
use std::fs;
use tempfile::TempDir;

fn places(root: &TempDir) -> Places {
    Places {
        variable: None,
        working_data: root.path().join("working"),
        user_data: Some(root.path().join("user")),
    }
}

fn put_a_file(dir: &Path) {
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join("train-labels-idx1-ubyte.gz"), "").unwrap();
}

fn chosen(located: Located) -> Option<ChosenBy> {
    match located {
        Located::Folder { chosen_by, .. } => Some(chosen_by),
        Located::Sample { .. } => None,
    }
}

#[test]
fn places_are_tried_in_order() {
    let root = tempfile::tempdir().unwrap();
    let mut places = places(&root);
    assert_eq!(chosen(places.locate(None, "digits")), None);
    put_a_file(&root.path().join("user/digits"));
    assert_eq!(
        chosen(places.locate(None, "digits")),
        Some(ChosenBy::UserFolder)
    );
    put_a_file(&root.path().join("working/digits"));
    assert_eq!(
        chosen(places.locate(None, "digits")),
        Some(ChosenBy::WorkingFolder)
    );
    places.variable = Some("elsewhere".into());
    assert_eq!(
        chosen(places.locate(None, "digits")),
        Some(ChosenBy::Environment)
    );
    let explicit = places.locate(Some(Path::new("broken")), "digits");
    assert_eq!(
        explicit,
        Located::Folder {
            dir: "broken".into(),
            chosen_by: ChosenBy::DataOption
        }
    );
    assert!(matches!(explicit.load(), Err(DataError::NoFolder { .. })));
}

#[test]
fn an_empty_variable_is_not_set() {
    let root = tempfile::tempdir().unwrap();
    let places = Places {
        variable: Some(OsString::new()),
        ..places(&root)
    };
    assert_eq!(chosen(places.locate(None, "digits")), None);
}

#[test]
fn the_sample_set_tells_where_it_looked_for_the_real_one() {
    let root = tempfile::tempdir().unwrap();
    let looked_in = vec![
        root.path().join("working/digits"),
        root.path().join("user/digits"),
    ];
    assert_eq!(
        places(&root).locate(None, "digits"),
        Located::Sample { looked_in }
    );
}

#[test]
fn sample_means_the_sample_set_whatever_the_variable_says() {
    let root = tempfile::tempdir().unwrap();
    let places = Places {
        variable: Some("elsewhere".into()),
        ..places(&root)
    };
    assert_eq!(
        places.locate(None, SAMPLE_NAME),
        Located::Sample {
            looked_in: Vec::new()
        }
    );
}

#[test]
fn a_name_never_leads_out_of_the_data_folder() {
    let root = tempfile::tempdir().unwrap();
    put_a_file(&root.path().join("secret"));
    fs::create_dir_all(root.path().join("working")).unwrap();
    let absolute = root.path().join("secret");
    for name in [
        "../secret",
        "..",
        ".",
        "",
        "a/../../secret",
        "a\\b",
        "c:d",
        "./x",
        "x/",
        absolute.to_str().unwrap(),
    ] {
        assert_eq!(
            places(&root).locate(None, name),
            Located::Sample {
                looked_in: Vec::new()
            },
            "{name:?}"
        );
    }
}

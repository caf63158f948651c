//! Names from files that want to be paths: nothing is written or read outside the folder it belongs to.

use crate::run;
use fmnist_tui::spec::preset;

/// Names that would leave a folder, or that some system keeps for itself.
fn hostile() -> Vec<String> {
    let mut names: Vec<String> = [
        "../../x",
        "/etc/x",
        "CON",
        ".",
        "..",
        "...",
        "~",
        "a/b\\c",
        "C:\\x",
        "C:x",
        "\\\\host\\x",
        "x/../../../y",
        "-rf",
        "$(x)",
        "a\u{0}b",
        "/",
        "\u{202e}",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("ü".repeat(80));
    names
}

#[test]
fn a_specs_name_names_a_folder_right_inside_the_folder_of_runs() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path().join("a/b/c");
    std::fs::create_dir_all(&work).unwrap();
    for (index, name) in hostile().into_iter().enumerate() {
        let mut spec = preset("tiny").unwrap().into_spec();
        spec.name = name.clone();
        std::fs::write(work.join("spec.json"), spec.to_json()).unwrap();
        let args = [
            "train",
            "--spec",
            "spec.json",
            "--epochs",
            "1",
            "--limit",
            "32",
        ];
        let (code, _, error) = run(&work, &args);
        assert_eq!(code, 0, "{name:?}: {error}");
        let runs = std::fs::read_dir(work.join("runs")).unwrap();
        let names: Vec<String> = runs
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names.len(), index + 1, "{name:?}");
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        assert!(
            names
                .iter()
                .all(|name| name.starts_with("20") && name.chars().all(plain))
        );
    }
    // Beside the working folder nothing has appeared.
    for (place, only) in [("", "a"), ("a", "b"), ("a/b", "c")] {
        let entries: Vec<_> = std::fs::read_dir(folder.path().join(place))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(entries, [only]);
    }
}

#[test]
fn names_without_any_character_or_with_too_many_are_refused() {
    for name in [String::new(), " ".into(), "x".repeat(300)] {
        let mut spec = preset("tiny").unwrap().into_spec();
        spec.name = name.clone();
        let problem = spec.check().unwrap_err().to_string();
        assert_eq!(problem, "name: must have 1 to 80 characters");
        spec.name = "x".into();
        spec.dataset = name;
        let problem = spec.check().unwrap_err().to_string();
        assert_eq!(problem, "dataset: must have 1 to 80 characters");
    }
}

#[test]
fn a_data_sets_name_cannot_lead_out_of_the_folders_of_data() {
    let folder = tempfile::tempdir().unwrap();
    // A set that whoever reads it complains about.
    let outside = folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("train-images-idx3-ubyte"), "bad").unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let mut names = hostile();
    names.push("../outside".into());
    names.push("./../outside".into());
    names.push(outside.to_str().unwrap().chars().take(80).collect());
    for name in names {
        let mut spec = preset("tiny").unwrap().into_spec();
        spec.dataset = name.clone();
        std::fs::write(folder.path().join("spec.json"), spec.to_json()).unwrap();
        let args = ["bench", "--spec", "spec.json", "--images", "64", "--json"];
        let (code, out, error) = run(folder.path(), &args);
        assert_eq!(code, 0, "{name:?}: {error}");
        assert!(out.contains("\"dataset\":\"sample\""), "{name:?}: {out}");
    }
}

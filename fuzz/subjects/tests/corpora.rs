//! The inputs that are kept, each given to its subject: what fuzzing once found stays mended, without libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};

use authwire_fuzz_subjects::SUBJECTS;

/// How many inputs a target keeps at most: the rest is for whoever fuzzes.
const MOST: usize = 100;

/// How many bytes an input that is kept may have.
const LARGEST: u64 = 64 << 10;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

#[test]
fn every_input_that_is_kept_holds() {
    for (name, hold) in SUBJECTS {
        let mut inputs: Vec<PathBuf> = fs::read_dir(folder().join(name))
            .unwrap_or_else(|error| panic!("the corpus of {name}: {error}"))
            .map(|entry| entry.unwrap().path())
            .collect();
        inputs.sort();
        assert!(inputs.len() >= 10, "{name} keeps only {} inputs", inputs.len());
        assert!(inputs.len() <= MOST, "{name} keeps {} inputs: minimise them", inputs.len());
        for input in &inputs {
            let bytes = fs::read(input).unwrap();
            assert!(bytes.len() as u64 <= LARGEST, "{} is too large to keep", input.display());
            println!("{}", input.display());
            hold(&bytes);
        }
        println!("{name}: {} inputs hold", inputs.len());
    }
}

#[test]
fn every_subject_has_a_target_and_a_corpus_and_every_corpus_a_subject() {
    let names = |folder: PathBuf| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> =
            entries.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    let subjects: Vec<&str> = SUBJECTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(folder()), subjects);
    assert_eq!(names(folder().join("../fuzz_targets")), subjects);
}

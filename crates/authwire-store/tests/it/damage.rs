//! Damage is noticed, never believed; the last good state stands in where there is one.

use std::fs;

use authwire_runtime::store::{Record, StoreKey, TokenStore as _};
use authwire_store::Store;
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::{Folder, secret};

fn change(folder: &Folder, statement: &str) {
    let connection = Connection::open(folder.path()).unwrap();
    assert!(connection.execute(statement, []).unwrap() > 0, "{statement}");
}

const DAMAGE: &str = "UPDATE entry SET sealed = zeroblob(40) WHERE name = 'zoom'";

#[test]
fn the_one_before_stands_in_for_a_damaged_secret() {
    let folder = Folder::new();
    let store = folder.open();
    store.set_secret("zoom", "one").unwrap();
    change(&folder, DAMAGE);
    let error = store.secret("zoom").unwrap_err().to_string();
    assert!(error.contains("damaged") && error.contains("authwire secret set zoom"), "{error}");
    assert!(store.secrets().unwrap()[0].damaged);
    assert_eq!(store.status().unwrap().damaged, 1);

    store.set_secret("zoom", "two").unwrap();
    store.set_secret("zoom", "three").unwrap();
    change(&folder, DAMAGE);
    assert_eq!(secret(&store, "zoom").as_deref(), Some("two"));
    assert_eq!(store.status().unwrap().damaged, 0);
    // it stands in still when all is sealed anew
    store.rekey(folder.beside()).unwrap();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("two"));
}

#[test]
fn what_was_moved_or_swapped_is_damaged_too() {
    let folder = Folder::new();
    let store = folder.open();
    store.set_secret("zoom", "one").unwrap();
    store.set_secret("acme", "two").unwrap();
    change(
        &folder,
        "UPDATE entry SET sealed = (SELECT sealed FROM entry WHERE name = 'acme') WHERE name = 'zoom'",
    );
    assert!(store.secret("zoom").is_err());
    assert_eq!(secret(&store, "acme").as_deref(), Some("two"));
    // nor does an older version come back under a newer number
    store.set_secret("acme", "three").unwrap();
    change(
        &folder,
        "UPDATE entry SET sealed = (SELECT sealed FROM former WHERE former.name = 'acme') WHERE name = 'acme'",
    );
    assert_eq!(secret(&store, "acme").as_deref(), Some("two"));
    change(&folder, "DELETE FROM former");
    assert!(store.secret("acme").is_err());
}

#[tokio::test]
async fn a_damaged_record_is_there_but_says_nothing() {
    let folder = Folder::new();
    let store = folder.open();
    let key = StoreKey::from_digest(&store.digest(b"a"));
    let version = store.swap(&key, None, Some(Zeroizing::new(b"{}".to_vec()))).await.unwrap();
    change(&folder, "UPDATE entry SET sealed = x'00'");
    let entry = store.load(&key).await.unwrap().unwrap();
    assert!(entry.bytes.is_empty());
    // so that the next one can take its place
    assert!(store.swap(&key, version, Some(Zeroizing::new(b"{}".to_vec()))).await.unwrap().is_some());
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_counted_as_damaged() {
    let folder = Folder::new();
    let store = folder.open();
    let record = Record::default().to_bytes();
    let later = std::str::from_utf8(&record).unwrap().replace("\"version\":1", "\"version\":2");
    let cut = &record[..record.len() / 2];
    for (index, (bytes, damaged)) in
        [(&record[..], 0), (b"basic", 0), (later.as_bytes(), 1), (cut, 2), (b"", 3)].into_iter().enumerate()
    {
        let key = StoreKey::from_digest(&store.digest(&index.to_be_bytes()));
        store.swap(&key, None, Some(Zeroizing::new(bytes.to_vec()))).await.unwrap();
        assert_eq!(store.status().unwrap().damaged, damaged, "{index}");
    }
    assert_eq!(store.status().unwrap().records.len(), 1);
}

/// A long value, another one for each name.
fn value_of(name: &str) -> String {
    format!("s3cret-of-{name}").repeat(20)
}

#[test]
fn a_file_that_is_cut_or_overwritten_is_refused() {
    let folder = Folder::new();
    {
        let store = folder.open();
        for index in 0..50 {
            let name = format!("name-{index}");
            store.set_secret(&name, &value_of(&name)).unwrap();
        }
    }
    let whole = fs::read(folder.path()).unwrap();
    for damaged in [
        [&[0; 4096][..], &whole[4096..]].concat(),
        whole[..whole.len() / 2].to_vec(),
        [&whole[..8192], &vec![0xa5; whole.len() - 8192][..]].concat(),
        [&whole[..whole.len() - 4096], &[0xa5; 4096][..]].concat(),
    ] {
        fs::write(folder.path(), &damaged).unwrap();
        let read = Store::open(folder.path(), folder.beside()).and_then(|store| store.secrets());
        let error = read.unwrap_err().to_string();
        assert!(error.contains("is damaged") && !error.contains("s3cret"), "{error}");
    }
    fs::write(folder.path(), &whole).unwrap();
    let store = folder.open();
    assert_eq!(store.secrets().unwrap().len(), 50);
    for name in (0..50).map(|index| format!("name-{index}")) {
        assert_eq!(secret(&store, &name), Some(value_of(&name)));
    }
}

#[test]
fn no_value_lies_on_the_disk_in_plain_sight() {
    let folder = Folder::new();
    let store = folder.open();
    store.set_secret("zoom", "canary-5f1e-s3cret").unwrap();
    store.set_secret("zoom", "canary-5f1e-s3cret").unwrap();
    let mut files = 0;
    for entry in fs::read_dir(folder.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.windows(18).any(|window| window == b"canary-5f1e-s3cret"), "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 2);
}

//! Master keys: where they come from, what is refused, how they change.

use std::fs;

#[cfg(unix)]
use authwire_runtime::store::StoreErrorKind;
use authwire_store::{KeySource, MasterKey, Store};

use crate::{Folder, secret};

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn given() -> KeySource {
    KeySource::Given(MasterKey::random().unwrap())
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_what_is_made() {
    let folder = Folder::new();
    let path = folder.file("deep/er/store.db");
    let store = Store::open(&path, KeySource::BesideStore(folder.file("deep/er/store.db.key"))).unwrap();
    store.set_secret("zoom", "s3cret").unwrap();
    assert_eq!(mode(&folder.file("deep/er")), 0o700);
    let mut files = 0;
    for entry in fs::read_dir(folder.file("deep/er")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
        files += 1;
    }
    assert!(files >= 2);
}

#[test]
#[cfg(unix)]
fn a_file_that_is_open_to_others_is_refused() {
    let folder = Folder::new();
    drop(folder.open());
    for name in ["store.db", "store.db.key"] {
        let path = folder.file(name);
        set_mode(&path, 0o644);
        let error = Store::open(folder.path(), folder.beside()).unwrap_err().to_string();
        assert!(error.contains("chmod 600") && error.contains(name), "{error}");
        set_mode(&path, 0o600);
    }
    folder.open();
}

/// Who owns a file may read it whatever its mode is.
#[test]
#[cfg(unix)]
fn a_file_of_another_user_is_refused() {
    let folder = Folder::new();
    drop(folder.open());
    for name in ["store.db", "store.db.key"] {
        let path = folder.file(name);
        if let Err(error) = std::os::unix::fs::chown(&path, Some(12_345), None) {
            eprintln!("NOT TESTED: only root can give a file away ({error})");
            return;
        }
        let error = Store::open(folder.path(), folder.beside()).unwrap_err().to_string();
        assert!(error.contains("another user") && error.contains(name), "{error}");
        std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    }
    folder.open();
}

#[test]
fn another_key_does_not_open_it() {
    let folder = Folder::new();
    drop(folder.open());
    let error = Store::open(folder.path(), given()).unwrap_err().to_string();
    assert!(error.contains("master key") && error.contains("AUTHWIRE_KEY"), "{error}");
    fs::remove_file(folder.file("store.db.key")).unwrap();
    let error = Store::open(folder.path(), folder.beside()).unwrap_err().to_string();
    assert!(error.contains("store.db.key") && error.contains("put the file back"), "{error}");
    // and no key is made for a store that has one
    assert!(!folder.file("store.db.key").exists());
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let folder = Folder::new();
    let text = b"these are my notes; do not touch them. ".repeat(100);
    let path = folder.path();
    fs::write(&path, &text).unwrap();
    #[cfg(unix)]
    set_mode(&path, 0o600);
    let error = Store::open(&path, given()).unwrap_err().to_string();
    assert!(error.contains("no store"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), text);
}

#[test]
fn a_key_in_a_file_of_ones_own() {
    let folder = Folder::new();
    let path = folder.file("key");
    fs::write(&path, &**MasterKey::random().unwrap().to_text()).unwrap();
    #[cfg(unix)]
    set_mode(&path, 0o600);
    Store::open(folder.path(), KeySource::File(path.clone())).unwrap().set_secret("a", "b").unwrap();
    fs::write(&path, "not a key").unwrap();
    let error = Store::open(folder.path(), KeySource::File(path)).unwrap_err().to_string();
    assert!(error.contains("holds no master key") && error.contains("openssl"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_key_file_without_end_is_no_key() {
    let folder = Folder::new();
    let error = Store::open(folder.path(), KeySource::File("/dev/zero".into())).unwrap_err().to_string();
    assert!(error.contains("holds no master key"), "{error}");
}

#[test]
fn with_another_key_everything_is_still_there() {
    let folder = Folder::new();
    let store = folder.open();
    store.set_secret("zoom", "one").unwrap();
    store.set_secret("zoom", "two").unwrap();
    // somebody else who has it open goes on
    let other = folder.open();
    let before = fs::read(folder.file("store.db.key")).unwrap();
    store.rekey(folder.beside()).unwrap();
    assert_ne!(fs::read(folder.file("store.db.key")).unwrap(), before);
    assert!(!folder.file("store.db.key.new").exists());
    for store in [&store, &other, &folder.open()] {
        assert_eq!(secret(store, "zoom").as_deref(), Some("two"));
        store.set_secret("zoom", "two").unwrap();
    }
    let key = MasterKey::random().unwrap();
    store.rekey(KeySource::Given(key.clone())).unwrap();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("two"));
    Store::open(folder.path(), KeySource::Given(key)).unwrap();
    assert!(Store::open(folder.path(), folder.beside()).is_err());
}

#[test]
fn a_change_of_keys_that_was_cut_short_is_brought_to_its_end() {
    // before the store was sealed anew: the next key opens nothing yet
    let folder = Folder::new();
    folder.open().set_secret("zoom", "s3cret").unwrap();
    let stray = MasterKey::random().unwrap().to_text();
    fs::write(folder.file("store.db.key.new"), &**stray).unwrap();
    #[cfg(unix)]
    set_mode(&folder.file("store.db.key.new"), 0o600);
    let store = folder.open();
    assert_eq!(secret(&store, "zoom").as_deref(), Some("s3cret"));
    store.rekey(folder.beside()).unwrap();
    drop(store);
    assert_eq!(secret(&folder.open(), "zoom").as_deref(), Some("s3cret"));

    // after it: the next key is the only one that opens it
    let next = folder.file("store.db.key.new");
    fs::rename(folder.file("store.db.key"), &next).unwrap();
    fs::write(folder.file("store.db.key"), &**stray).unwrap();
    #[cfg(unix)]
    set_mode(&folder.file("store.db.key"), 0o600);
    assert_eq!(secret(&folder.open(), "zoom").as_deref(), Some("s3cret"));
    assert!(!next.exists());
    assert_eq!(secret(&folder.open(), "zoom").as_deref(), Some("s3cret"));
}

#[test]
#[cfg(unix)]
fn a_program_can_tell_why_a_store_does_not_open() {
    type Spoil = fn(&Folder);
    let spoilt: [(Spoil, StoreErrorKind); 5] = [
        (|folder| fs::remove_file(folder.file("store.db.key")).unwrap(), StoreErrorKind::WrongKey),
        (|folder| fs::write(folder.file("store.db.key"), "no key").unwrap(), StoreErrorKind::WrongKey),
        (|folder| set_mode(&folder.path(), 0o644), StoreErrorKind::Denied),
        (|folder| fs::write(folder.path(), vec![b'x'; 8192]).unwrap(), StoreErrorKind::Damaged),
        (
            |folder| {
                let connection = rusqlite::Connection::open(folder.path()).unwrap();
                connection.pragma_update(None, "user_version", 9).unwrap();
            },
            StoreErrorKind::OtherVersion,
        ),
    ];
    for (spoil, kind) in spoilt {
        let folder = Folder::new();
        drop(folder.open());
        spoil(&folder);
        let error = Store::open(folder.path(), folder.beside()).unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(!error.kind.is_passing());
    }
}

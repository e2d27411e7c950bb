//! A store is made once, however many want it at the same time.

use std::sync::Barrier;
use std::thread;

use crate::{Folder, secret};

#[test]
fn who_opens_it_while_it_is_being_made_opens_it_too() {
    const OPENERS: usize = 8;
    for _ in 0..40 {
        let folder = Folder::new();
        let start = Barrier::new(OPENERS);
        thread::scope(|scope| {
            for number in 0..OPENERS {
                let (folder, start) = (&folder, &start);
                scope.spawn(move || {
                    start.wait();
                    folder.open().set_secret(&format!("of_{number}"), "s3cret").expect("it is set");
                });
            }
        });
        let store = folder.open();
        for number in 0..OPENERS {
            assert_eq!(secret(&store, &format!("of_{number}")).as_deref(), Some("s3cret"));
        }
    }
}
